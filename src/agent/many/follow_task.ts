import { apply } from "../../a2a/apply.ts";
import { A2AError } from "../../a2a/errors.ts";
import type { A2AService, Call } from "../../a2a/service.ts";
import { isInterrupted, isTerminal } from "../../a2a/task_state.ts";
import type { Message, StreamResponse, Task } from "../../a2a/types.ts";
import type { TaskOwner } from "../../tool/tool.ts";
import { RunPaused } from "../agent.ts";

export interface FollowTask {
  readonly service: A2AService;
  /** Sent again with the same id and words, it joins the task that it began. */
  readonly message: Message;
  readonly owner: TaskOwner;
  /** Where it aborts with anything but RunPaused, the task is canceled. */
  readonly signal: AbortSignal;
  /** The task as it is after each event. */
  readonly onEvent?: (task: Task, event: StreamResponse) => Promise<void>;
}

/**
 * Says a message to an agent of this process and follows the task until it has ended or waits for its peer. Throws
 * A2AError, or `signal.reason`.
 */
export async function followTask({ service, message, owner, signal, onEvent }: FollowTask): Promise<Task> {
  signal.throwIfAborted();
  const left = new AbortController();
  const call = callOf(owner, left.signal);
  let task: Task | undefined;
  // A task that is not known yet could not be canceled: its first event is waited for.
  const leave = () => {
    if (task !== undefined || signal.reason instanceof RunPaused) left.abort(signal.reason);
  };
  signal.addEventListener("abort", leave);
  try {
    for await (const { event } of service.sendStreamingMessage({ message }, call)) {
      task = apply(task, event);
      signal.throwIfAborted();
      await onEvent?.(task, event);
    }
    signal.throwIfAborted();
    if (task !== undefined && isSettledTask(task)) return task;
    throw new A2AError("UNAVAILABLE", `Task "${task?.id ?? ""}" is recorded and goes on later`);
  } catch (thrown) {
    if (task !== undefined && !(signal.reason instanceof RunPaused)) await cancelQuietly(service, task, owner);
    throw signal.aborted ? signal.reason : thrown;
  } finally {
    signal.removeEventListener("abort", leave);
    left.abort();
  }
}

export function isSettledTask({ status: { state } }: Task): boolean {
  return isTerminal(state) || isInterrupted(state);
}

/** A call within this process, for the owner of the task that makes it. */
export function callOf({ tenant, owner }: TaskOwner, signal: AbortSignal): Call {
  return { signal, caller: { tenant, subject: owner, roles: [], anonymous: false }, extensions: [], repeats: "join" };
}

/** A task that has ended meanwhile needs no canceling. */
export async function cancelQuietly(service: A2AService, { id }: Pick<Task, "id">, owner: TaskOwner): Promise<void> {
  await service.cancelTask({ id }, callOf(owner, new AbortController().signal)).catch(() => {});
}
