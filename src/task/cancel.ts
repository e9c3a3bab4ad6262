import type { Call } from "../a2a/service.ts";
import { A2AError } from "../a2a/errors.ts";
import { isInterrupted, isTerminal } from "../a2a/task_state.ts";
import type { Task } from "../a2a/types.ts";
import { Conflict } from "../store/store.ts";
import { type Desk, findTask, readTask, requireOpen } from "./desk.ts";
import { RunStopped } from "./run_stopped.ts";
import { statusDraft } from "./status_draft.ts";
import { unavailable } from "./task_errors.ts";

const ATTEMPTS = 3;

/**
 * Cancels a task (A2A v1 §3.1.5). One that runs here is ended by its run, which is its only writer, so the answer is
 * whatever came first. Canceling a canceled task again gives it back, but to a caller of 0.3 it is as little cancelable as
 * one that ended otherwise (A2A 0.3 §7.4: a task must be in a state in which it can be canceled).
 */
export async function cancel(desk: Desk, id: string, call: Call): Promise<Task> {
  await findTask(desk, call, id);
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    try {
      return required(await desk.idle.alone(id, () => cancelOnce(desk, id, call)));
    } catch (thrown) {
      if (thrown instanceof RunStopped) {
        throw unavailable(`Cannot cancel task "${id}" now`, desk.limits.retryAfterSeconds);
      }
      // Another writer was faster: look again.
      if (!(thrown instanceof Conflict)) throw thrown;
    }
  }
  throw unavailable(`Task "${id}" is busy; try again soon`, desk.limits.retryAfterSeconds);
}

async function cancelOnce(desk: Desk, id: string, call: Call): Promise<Task> {
  const { ref, seq, task } = await readTask(desk, call, id);
  if (isTerminal(task.status.state)) {
    if (call.protocolVersion === "0.3") throw notCancelable(task);
    return task;
  }
  requireOpen(desk);
  const run = desk.runs.get(id);
  if (run !== undefined) {
    const { task: ended } = await run.cancel();
    // A turn that had just ended with a question has left a task that waits, and that nobody runs any more.
    return isInterrupted(ended.status.state) ? await cancelOnce(desk, id, call) : ended;
  }
  const drafts = [statusDraft(task, { state: "TASK_STATE_CANCELED" }, desk.now)];
  return (await desk.idle.append(ref, { drafts, seq })).task;
}

function required(task: Task): Task {
  if (task.status.state === "TASK_STATE_CANCELED") return task;
  throw notCancelable(task);
}

function notCancelable({ id, status: { state } }: Task): A2AError {
  return new A2AError("TASK_NOT_CANCELABLE", `Cannot cancel task "${id}": it is ${state}`);
}
