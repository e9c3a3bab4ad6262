import { A2AError } from "../a2a/errors.ts";
import { StoreFailed, StoreFull } from "../store/store.ts";
import { AgentGone } from "./agent_source.ts";

/** One text for what does not exist, is another's, or belongs to another agent: nobody learns which (A2A v1 §13.1). */
export function taskNotFound(id: string): A2AError {
  return new A2AError("TASK_NOT_FOUND", `Task "${id}" was not found`);
}

export function invalidField(field: string, description: string, cause?: unknown): A2AError {
  const violations = [{ field, description }];
  return new A2AError("INVALID_PARAMS", `Invalid parameters: ${field}: ${description}`, { violations, cause });
}

export function unavailable(message: string, retryAfterSeconds: number, cause?: unknown): A2AError {
  return new A2AError("UNAVAILABLE", message, { retryAfterSeconds, cause });
}

/** The caller went away or ran out of time. What it asked for goes on. */
export function stoppedWaiting(taskId: string, reason: unknown): A2AError {
  if (reason instanceof A2AError) return reason;
  return new A2AError("REQUEST_TIMEOUT", `Stopped waiting for task "${taskId}": it goes on`, { cause: reason });
}

/** What leaves the service: an A2AError as it is, a store that fails as UNAVAILABLE, anything else as INTERNAL with its cause. */
export function toPeerError(thrown: unknown, retryAfterSeconds: number): A2AError {
  if (thrown instanceof AgentGone) return new A2AError("AGENT_NOT_FOUND", thrown.message, { cause: thrown });
  if (!(thrown instanceof StoreFailed)) return A2AError.from(thrown);
  const why = thrown instanceof StoreFull ? "the server has no room" : "the server's store fails";
  return unavailable(`Nothing can be recorded now: ${why}`, retryAfterSeconds, thrown);
}
