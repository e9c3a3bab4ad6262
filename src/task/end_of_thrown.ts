import type { MessageIds } from "../a2a/parts.ts";
import { type RunEnd, Unfinished } from "../agent/agent.ts";
import { failureOf } from "../agent/failure.ts";
import { unfinishedMessage } from "./unfinished_message.ts";

/** How a turn ends whose agent threw: with what its peer may know of it. */
export function endOfThrown(thrown: unknown, ids: MessageIds): RunEnd {
  if (thrown instanceof Unfinished) {
    return { state: "TASK_STATE_INPUT_REQUIRED", message: unfinishedMessage(thrown, ids) };
  }
  return {
    state: "TASK_STATE_FAILED",
    message: { ...ids, role: "ROLE_AGENT", parts: [{ text: failureOf(thrown) }] },
  };
}
