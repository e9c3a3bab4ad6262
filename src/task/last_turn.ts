import { z } from "zod";
import { apply, applyInput } from "../a2a/apply.ts";
import { Struct } from "../a2a/proto_json.ts";
import { isInterrupted } from "../a2a/task_state.ts";
import type { Message, Task } from "../a2a/types.ts";
import type { Answered, RunEnd } from "../agent/agent.ts";
import type { Draft, Journal, Step, TaskRef } from "../store/store.ts";
import { livesInVain, tellsOfLives } from "./lives.ts";

/** What begins the ids of steps that say that a turn is not over; the agent's own steps begin with their turn's number. */
const SUSPENDED = "suspended:";

/** What stands with the status by which a turn waits. */
const Wait = z.object({
  kept: Struct,
  answerBy: z.object({ atMs: z.number(), otherwise: z.enum(["fail", "deny"]) }).optional(),
});
export type Wait = z.infer<typeof Wait>;

/** The newest turn of a task, as its journal tells it. */
export interface LastTurn {
  /** Counted from 0. */
  readonly number: number;
  /** The peer's message that began it, and when that was recorded. */
  readonly message: Message;
  readonly at: string;
  /** The task as it was before that message; absent for the one that created it. */
  readonly before: Task | undefined;
  /** What the peer answered where the turn was suspended. */
  readonly answers: readonly Answered[];
  /** What its runs recorded, by id. */
  readonly steps: ReadonlyMap<string, Step>;
  /** How often in a row it was taken up after a death, and came no further. */
  readonly livesInVain: number;
  /** Present while the turn waits for an answer. */
  readonly waiting: Wait | undefined;
}

/**
 * What is recorded, in one commit, with the status by which a turn waits for its peer: the next message to the task is an
 * answer in that turn. Nothing for a turn that does not wait. The peer cannot see it, so nothing that a peer says can make
 * a turn of an answer or the reverse.
 */
export function suspension(
  number: number,
  { state, suspended, kept = {}, answerBy }: RunEnd,
  at: string,
): Draft[] {
  if (suspended !== true || !isInterrupted(state)) return [];
  const id = `${SUSPENDED}${number}`;
  if (answerBy === undefined) return [{ at, step: { id, phase: "end", result: { kept } } }];
  return [{
    at,
    step: { id, phase: "end", result: { kept, answerBy: { ...answerBy } } },
    deadlineMs: answerBy.atMs,
  }];
}

/** Reads a journal up to its end: where the turn began that is under way or waits, and how far it came. */
export async function lastTurn(journal: Journal, ref: TaskRef): Promise<LastTurn> {
  const steps = new Map<string, Step>();
  let task: Task | undefined;
  let turn: Pick<LastTurn, "number" | "message" | "at" | "before"> | undefined;
  let answers: Answered[] = [];
  let waiting: Wait | undefined;
  let inVain = 0;
  for await (const entry of journal.read(ref)) {
    inVain = livesInVain(inVain, entry, task);
    if ("step" in entry) {
      const { step } = entry;
      if (tellsOfLives(step.id)) continue;
      if (step.phase === "end" && step.id.startsWith(SUSPENDED)) waiting = Wait.parse(step.result);
      else steps.set(step.id, step);
    } else if ("event" in entry) {
      task = apply(task, entry.event);
      const message = task.history?.[0];
      if (turn === undefined && message !== undefined) turn = { number: 0, message, at: entry.at, before: undefined };
    } else if (task !== undefined) {
      const { at, input: message } = entry;
      if (waiting !== undefined) answers.push({ message, at, kept: waiting.kept });
      else {
        turn = { number: (turn?.number ?? 0) + 1, message, at, before: task };
        steps.clear();
        answers = [];
      }
      waiting = undefined;
      task = applyInput(task, message);
    }
  }
  if (turn === undefined) throw new TypeError(`The journal of task "${ref.id}" holds no message of its peer`);
  return { ...turn, answers, steps, livesInVain: inVain, waiting };
}
