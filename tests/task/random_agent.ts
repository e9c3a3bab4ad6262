import { setImmediate } from "node:timers";
import { textOf } from "../../src/a2a/parts.ts";
import type { Message } from "../../src/a2a/types.ts";
import type { AgentEvent, Run } from "../../src/agent/agent.ts";
import type { Replay } from "../../src/tool/tool.ts";
import { COMPLETED, type RunFunction, Text } from "./house.ts";

/** Numbers from 0 to below `end`, the same for the same seed (mulberry32). */
export type Dice = (end: number) => number;

export function createDice(seed: number): Dice {
  let state = seed * 0x9e3779b9 >>> 0;
  return (end) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ state >>> 15, state | 1);
    mixed ^= mixed + Math.imul(mixed ^ mixed >>> 7, mixed | 61);
    return ((mixed ^ mixed >>> 14) >>> 0) % end;
  };
}

type Tool = {
  readonly id: string;
  readonly replay: Replay;
  readonly pauses: readonly number[];
  readonly speaks: boolean;
};
type Act =
  | { readonly kind: "note" | "write"; readonly id: string }
  | {
    readonly kind: "stream";
    readonly id: string;
    readonly chunks: readonly string[];
    readonly pauses: readonly number[];
  }
  | { readonly kind: "tools"; readonly tools: readonly Tool[] };

/** What an agent does in each turn. All turns but the last end in a question. */
export interface Plan {
  readonly turns: readonly (readonly Act[])[];
  readonly end: "completed" | "failed" | "throw";
}

export function rollPlan(dice: Dice, replays: readonly Replay[]): Plan {
  let count = 0;
  const id = () => `act${++count}`;
  const pauses = () => Array.from({ length: dice(4) }, () => dice(3));
  const tool = (): Tool => ({
    id: id(),
    replay: replays[dice(replays.length)] ?? "safe",
    pauses: pauses(),
    speaks: dice(2) === 0,
  });
  const act = (): Act => {
    switch (dice(5)) {
      case 0:
        return { kind: "note", id: id() };
      case 1:
        return { kind: "write", id: id() };
      case 2:
        return {
          kind: "stream",
          id: id(),
          chunks: Array.from({ length: 1 + dice(8) }, (_, at) => `${at}:${dice(100)} `),
          pauses: pauses(),
        };
      default:
        return { kind: "tools", tools: Array.from({ length: 1 + dice(3) }, tool) };
    }
  };
  const turn = () => Array.from({ length: 1 + dice(6) }, act);
  const ends = ["completed", "failed", "throw"] as const;
  return { turns: Array.from({ length: 1 + dice(3) }, turn), end: ends[dice(5)] ?? "completed" };
}

/** How often each tool was really called, over all restarts: the world outside, which no replay takes back. */
export type Ledger = Map<string, number>;

/** An agent that follows its plan; the message "turn 2" asks for the third turn, any other for an end. */
export function followPlan(plan: Plan, ledger: Ledger): RunFunction {
  return async ({ message }, run) => {
    const turn = Number(/^turn (\d+)$/.exec(textOf(message))?.[1] ?? -1);
    for (const act of plan.turns[turn] ?? []) await doAct(act, run, ledger);
    if (turn >= 0 && turn < plan.turns.length - 1) {
      return { state: "TASK_STATE_INPUT_REQUIRED", message: noteOf(run.nextId("question"), `after turn ${turn}?`) };
    }
    if (plan.end === "throw") throw new Error("planned");
    return plan.end === "failed" ? { state: "TASK_STATE_FAILED" } : COMPLETED;
  };
}

async function doAct(act: Act, run: Run, ledger: Ledger): Promise<void> {
  switch (act.kind) {
    case "note":
      return await run.emit({ working: noteOf(run.nextId("note"), act.id) });
    case "write":
      return await run.emit({ artifact: { artifactId: run.nextId("artifact"), parts: [{ text: act.id }] } });
    case "stream":
      await run.step({ id: act.id, result: Text, act: () => stream(act.chunks, act.pauses, { run, id: act.id }) });
      return;
    case "tools":
      await Promise.all(act.tools.map((tool) => call(tool, run, ledger)));
      return;
    default:
      act satisfies never;
  }
}

async function stream(
  chunks: readonly string[],
  pauses: readonly number[],
  { run, id }: { readonly run: Run; readonly id: string },
): Promise<{ text: string }> {
  for (const [at, text] of chunks.entries()) {
    await run.emit({ artifact: { artifactId: id, parts: [{ text }] }, append: at > 0 });
    await pause(pauses[at] ?? 0);
  }
  return { text: chunks.join("") };
}

async function call({ id, replay, pauses, speaks }: Tool, run: Run, ledger: Ledger): Promise<void> {
  const events = ({ text }: { text: string }): AgentEvent[] => speaks ? [{ working: noteOf(`${id} said`, text) }] : [];
  await run.step({
    id,
    replay,
    result: Text,
    detail: { tool: id },
    events,
    act: async () => {
      ledger.set(id, (ledger.get(id) ?? 0) + 1);
      for (const turns of pauses) await pause(turns);
      return { text: `outcome of ${id}` };
    },
  });
}

function noteOf(messageId: string, text: string): Message {
  return { messageId, role: "ROLE_AGENT", parts: [{ text }] };
}

export async function pause(turns: number): Promise<void> {
  for (let turn = 0; turn < turns; turn++) await new Promise<void>((resolve) => setImmediate(resolve));
}
