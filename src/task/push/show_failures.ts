import type { Task } from "../../a2a/types.ts";
import type { Webhook } from "../../store/store.ts";

/** Key in a task's metadata: what its webhooks were not told, and why. */
export const PUSH_METADATA = "https://hector.dev/a2a/push/v1";

/** The task with its webhooks that were given up. Whoever makes the config anew hears what it has missed. */
export function withFailures(task: Task, failed: readonly Webhook[]): Task {
  const given = failed.flatMap(({ id, toldSeq, failure }) =>
    failure === undefined ? [] : [{ id, toldSeq, ...failure }]
  );
  return given.length === 0 ? task : { ...task, metadata: { ...task.metadata, [PUSH_METADATA]: { failed: given } } };
}
