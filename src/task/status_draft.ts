import type { JsonObject } from "../lib/json.ts";
import type { Message, Task, TaskState } from "../a2a/types.ts";
import type { Draft } from "../store/store.ts";

export interface StatusChange {
  readonly state: TaskState;
  readonly message?: Message;
  readonly metadata?: JsonObject;
}

/** RFC 3339 UTC with milliseconds (A2A v1 §5.6.1). */
export function timestamp(now: () => number): string {
  return new Date(now()).toISOString();
}

/** A status update as a journal draft. Its timestamp orders ListTasks, so it is always set. */
export function statusDraft(task: Task, { state, message, metadata }: StatusChange, now: () => number): Draft {
  const at = timestamp(now);
  const contextId = task.contextId ?? "";
  const status = message === undefined
    ? { state, timestamp: at }
    : { state, timestamp: at, message: { ...message, taskId: task.id, contextId } };
  const statusUpdate = { taskId: task.id, contextId, status };
  return { at, event: { statusUpdate: metadata === undefined ? statusUpdate : { ...statusUpdate, metadata } } };
}
