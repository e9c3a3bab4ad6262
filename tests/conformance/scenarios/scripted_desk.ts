import type { Part } from "../../../src/a2a/types.ts";
import { agentMessage, asDirect, textOf } from "../../../src/a2a/parts.ts";
import type { AgentEvent, Run, RunEnd } from "../../../src/agent/agent.ts";
import { COMPLETED, type RunFunction, Text } from "../../task/house.ts";

/** What tests hold over runs that wait. */
export interface Gate {
  /** Resolves with the task of the first run that waits here. */
  reached(): Promise<string>;
  /** Lets pass whoever waits now or will. */
  open(): void;
  readonly passed: Promise<void>;
  arrive(taskId: string): void;
}

export function createGate(): Gate {
  const [reached, passed] = [Promise.withResolvers<string>(), Promise.withResolvers<void>()];
  return { reached: () => reached.promise, open: passed.resolve, passed: passed.promise, arrive: reached.resolve };
}

/** Each in a commit of its own, so that numbers are the same each time, with holes between. */
async function say(run: Run, events: readonly AgentEvent[]): Promise<void> {
  for (const [at, event] of events.entries()) {
    const act = () => Promise.resolve({ text: "" });
    await run.step({ id: `${run.nextId("said")}:${at}`, result: Text, act, events: () => [event] });
  }
}

/** One artifact in pieces; `isWhole`: the last of them ends it. */
function pieces(texts: readonly string[], isWhole = true): AgentEvent[] {
  return texts.map((text, at) => ({
    artifact: { artifactId: "answer", parts: [{ text }] },
    ...(at > 0 ? { append: true } : {}),
    ...(isWhole && at === texts.length - 1 ? { lastChunk: true } : {}),
  }));
}

/** One of each kind. */
const KINDS: readonly Part[] = [
  { text: "plain" },
  { text: "# Title", mediaType: "text/markdown", filename: "a.md" },
  { raw: "AAEC/w==", mediaType: "image/png", filename: "dot.png" },
  { url: "https://files.example/a.pdf", mediaType: "application/pdf", filename: "a.pdf" },
  { data: { total: 3, nested: { list: [1, null, "x"] } }, metadata: { unit: "EUR" } },
  { data: [1, { two: 2 }, null] },
  { data: "alone" },
];

function ended(run: Run, state: RunEnd["state"], text: string): RunEnd {
  return { state, message: agentMessage([{ text }], { messageId: run.nextId("message") }) };
}

/** The last entry of a run that waits: what it said is durable when that is. */
export const WAITS_AT = 6;

async function waits(run: Run, gate: Gate): Promise<RunEnd> {
  await say(run, pieces(["begun", " and"], false));
  gate.arrive(run.task.id);
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  run.signal.addEventListener("abort", () => reject(run.signal.reason), { once: true });
  await Promise.race([gate.passed, aborted]);
  await say(run, [{ artifact: { artifactId: "answer", parts: [{ text: " done" }] }, append: true, lastChunk: true }]);
  return COMPLETED;
}

/** So much that no buffer on the way holds it. */
export const MUCH = { chunks: 60, length: 50_000 };

async function sayMuch(run: Run): Promise<RunEnd> {
  const text = "x".repeat(MUCH.length);
  for (let chunk = 0; chunk < MUCH.chunks; chunk++) {
    await say(run, [{ artifact: { artifactId: "much", parts: [{ text }] }, ...(chunk === 0 ? {} : { append: true }) }]);
  }
  return COMPLETED;
}

/** An agent that does what the first word of its message says. */
export function scriptedDesk(gate: Gate): RunFunction {
  return async ({ message }, run) => {
    const [word = "", ...rest] = textOf(message).split(" ");
    const words = rest.join(" ");
    switch (word) {
      case "pieces":
        await say(run, pieces(words.split("|")));
        return COMPLETED;
      case "kinds":
        await say(run, [{ artifact: { artifactId: "kinds", name: "all", description: "of each", parts: [...KINDS] } }]);
        return COMPLETED;
      case "two":
        await say(run, [...pieces(["a", "b"]), { artifact: { artifactId: "second", parts: [{ text: "c" }] } }]);
        // Without `append`, an artifact is written anew.
        await say(run, [{ artifact: { artifactId: "answer", parts: [{ text: "A" }] } }]);
        return COMPLETED;
      case "progress":
        await say(run, [{ working: agentMessage([{ text: "thinking" }], { messageId: run.nextId("message") }) }]);
        return COMPLETED;
      case "word":
        return {
          ...COMPLETED,
          message: asDirect(agentMessage([{ text: words }], { messageId: run.nextId("message") })),
        };
      case "fail":
        await say(run, pieces(["half"]));
        return ended(run, "TASK_STATE_FAILED", "It broke");
      case "throw":
        throw new Error("a secret of the house");
      case "reject":
        return ended(run, "TASK_STATE_REJECTED", "Not here");
      case "ask":
        return ended(run, "TASK_STATE_INPUT_REQUIRED", "which?");
      case "auth":
        return ended(run, "TASK_STATE_AUTH_REQUIRED", "who?");
      case "wait":
        return await waits(run, gate);
      case "much":
        return await sayMuch(run);
      default:
        await say(run, [{ artifact: { artifactId: "answer", parts: message.parts } }]);
        return COMPLETED;
    }
  };
}
