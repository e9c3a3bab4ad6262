import type { Call } from "../a2a/service.ts";
import { isSettled } from "../store/fold.ts";
import { type Desk, findTask } from "./desk.ts";
import { followEntries, publicEvents } from "./follow.ts";
import { stoppedWaiting } from "./task_errors.ts";

/**
 * Waits until the task does not work any more; false where this process will not hear of it. Nothing is recorded
 * meanwhile: a message that waits is not accepted yet.
 */
export async function turnOver(desk: Desk, taskId: string, call: Call): Promise<boolean> {
  const { ref, seq, task } = await findTask(desk, call, taskId);
  if (isSettled(task.status.state)) return true;
  for await (const { event } of publicEvents(followEntries(desk, { ref, afterSeq: seq }, call.signal), "settled")) {
    if ("statusUpdate" in event && isSettled(event.statusUpdate.status.state)) return true;
  }
  if (call.signal.aborted) throw stoppedWaiting(ref.id, call.signal.reason);
  return false;
}
