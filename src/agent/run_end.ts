import { agentMessage, asDirect } from "../a2a/parts.ts";
import type { JsonObject } from "../lib/json.ts";
import { ModelError } from "../model/model.ts";
import type { RunEnd } from "./agent.ts";
import { MissingVariable } from "./fill_variables.ts";
import type { Said } from "./ask_model.ts";
import type { TurnLimits } from "./means.ts";
import type { Turn } from "./turn.ts";
import { OutOfTime } from "./turn_clock.ts";

const NOTHING = "The model ended without an answer.";

/** The end of a turn whose model has nothing more to do. */
export function endOfTurn(turn: Turn, { text, stop }: Said): RunEnd {
  switch (stop) {
    case "end":
    case "calls":
      return completed(turn, { stopReason: "end" });
    case "length":
      return completed(turn, { stopReason: stop, truncated: true });
    case "refusal":
      return end(turn, "TASK_STATE_REJECTED", { text: text || "The model refused to answer.", stopReason: stop });
    case "input_required":
      return end(turn, "TASK_STATE_INPUT_REQUIRED", { text: text || "How shall I go on?", stopReason: stop });
    case "message":
      return said(turn, text || NOTHING);
    default:
      return stop satisfies never;
  }
}

/** Why a turn was ended that its model would have gone on with. */
export type Cut = "max_iterations" | "loop";

/** The end of a turn that was cut. What there is of an answer has been said. */
export function endOfCut(turn: Turn, cut: Cut, { maxIterations }: TurnLimits): RunEnd {
  const why = cut === "loop"
    ? "the model made the same calls again and again, and they gave the same each time"
    : `it has used up its ${maxIterations} model calls (max_iterations)`;
  const text = `Cannot finish this task: ${why}`;
  return end(turn, "TASK_STATE_FAILED", { text: text + whatThereIs(turn), stopReason: cut });
}

/** The end of a turn whose answer has not the shape that it has to have. */
export function endOfMisshapen(turn: Turn, fault: string): RunEnd {
  const text = `Cannot give this answer: it has not the shape that it has to have (structured_output). ${fault}`;
  return end(turn, "TASK_STATE_FAILED", { text, stopReason: "structured_output" });
}

/** The end of a turn that broke, where that can be told to the peer; anything else is thrown again. */
export function endOfBroken(turn: Turn, thrown: unknown): RunEnd {
  if (thrown instanceof ModelError) {
    return end(turn, "TASK_STATE_FAILED", { text: thrown.message, stopReason: "error", error: thrown.kind });
  }
  if (thrown instanceof OutOfTime) {
    const text = `Cannot finish this task: it took longer than ${thrown.timeoutSeconds} s (timeout_seconds)`;
    return end(turn, "TASK_STATE_FAILED", { text: text + whatThereIs(turn), stopReason: "timeout" });
  }
  if (thrown instanceof MissingVariable) {
    return end(turn, "TASK_STATE_REJECTED", { text: thrown.message, stopReason: "variables" });
  }
  throw thrown;
}

function whatThereIs({ answer }: Turn): string {
  return answer.isEmpty ? "." : "; the answer holds what there is so far.";
}

function completed(turn: Turn, facts: JsonObject): RunEnd {
  const state = "TASK_STATE_COMPLETED";
  // Without a word, a peer would see an empty page and wonder.
  if (turn.answer.isEmpty && turn.made === 0) return end(turn, state, { text: NOTHING, ...facts });
  return { state, metadata: withUsage(turn, facts) };
}

/** The end of a turn that has nothing to show but a word; marked, so that its sender can be given the word itself. */
function said(turn: Turn, text: string): RunEnd {
  const ended = end(turn, "TASK_STATE_COMPLETED", { text, stopReason: "message" });
  return ended.message === undefined ? ended : { ...ended, message: asDirect(ended.message) };
}

function end(
  turn: Turn,
  state: RunEnd["state"],
  { text, ...facts }: JsonObject & { readonly text: string },
): RunEnd {
  const { run } = turn;
  const ids = { messageId: run.nextId("message"), contextId: run.task.contextId, taskId: run.task.id };
  return { state, message: agentMessage([{ text }], ids), metadata: withUsage(turn, facts) };
}

/** The end's metadata with what the turn has used up. */
export function withUsage({ usage }: Turn, facts: JsonObject): JsonObject {
  return usage === undefined ? facts : { ...facts, usage: { ...usage } };
}
