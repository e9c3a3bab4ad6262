import { PUSH_METADATA, type PushFailure } from "../../a2a/push_failures.ts";
import type { Task } from "../../a2a/types.ts";
import type { Webhook } from "../../store/store.ts";

/** The task with its webhooks that were given up. Whoever makes one anew, by its id, hears what it has missed. */
export function withFailures(task: Task, failed: readonly Webhook[]): Task {
  const given: readonly PushFailure[] = failed.flatMap(({ id, toldSeq, failure }) =>
    failure === undefined ? [] : [{ id, toldSeq, ...failure }]
  );
  return given.length === 0 ? task : { ...task, metadata: { ...task.metadata, [PUSH_METADATA]: { failed: given } } };
}
