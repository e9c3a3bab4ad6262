import { apply, applyInput } from "../a2a/apply.ts";
import { directMessageOf } from "../a2a/parts.ts";
import type { Call, Numbered } from "../a2a/service.ts";
import type { SendMessageRequest, SendMessageResponse, StreamResponse, Task } from "../a2a/types.ts";
import { isSettled } from "../store/fold.ts";
import type { StoredTask } from "../store/store.ts";
import { begin } from "./begin.ts";
import type { Desk } from "./desk.ts";
import { followEntries, isOver, publicEvents, snapshot, type Until } from "./follow.ts";
import { RunStopped } from "./run_stopped.ts";
import { invalidField, stoppedWaiting, unavailable } from "./task_errors.ts";
import { withHistory } from "./task_view.ts";

/**
 * Blocks until the task ended or waits for its peer, unless it is to return at once (A2A v1 §3.2.2). The answer is the
 * task, or the one word in which a new task ended; that task is there all the same, by the id in the message.
 */
export async function send(desk: Desk, request: SendMessageRequest, call: Call): Promise<SendMessageResponse> {
  const { historyLength, returnImmediately } = request.configuration ?? {};
  const begun = await begin(desk, request, call);
  if (returnImmediately === true) return { task: withHistory(begun.stored.task, historyLength) };
  const task = await settled(desk, begun, call);
  // Who has been told of the task already goes on to be told of it.
  const message = request.message.taskId === undefined ? directMessageOf(task) : undefined;
  return message === undefined ? { task: withHistory(task, historyLength) } : { message };
}

/** A follower of the journal like any other: its going away ends the following, never the task. */
export async function* sendStreaming(
  desk: Desk,
  request: SendMessageRequest,
  call: Call,
): AsyncGenerator<Numbered<StreamResponse>> {
  const { kind, stored } = await begin(desk, request, call);
  if (kind === "joined" && call.afterSeq !== undefined) {
    yield* resume(desk, { stored, until: "settled", afterSeq: call.afterSeq }, call.signal);
  } else if (request.message.taskId === undefined && !(kind === "joined" && call.repeats === "join")) {
    yield* publicEvents(followEntries(desk, { ref: stored.ref, afterSeq: 0 }, call.signal), "settled");
  } else {
    // Whoever makes a call again wants the task as it is now: what it asked once may have been answered since.
    yield* watch(desk, { stored, until: "settled" }, call.signal);
  }
}

export interface Watch {
  readonly stored: StoredTask;
  readonly until: Until;
}

/** The task, then what is recorded after it: one read gives both the snapshot and the place, so nothing is lost between. */
export async function* watch(
  desk: Desk,
  { stored, until }: Watch,
  signal: AbortSignal,
): AsyncGenerator<Numbered<StreamResponse>> {
  yield snapshot(stored);
  if (isOver(stored.task.status.state, until)) return;
  yield* publicEvents(followEntries(desk, { ref: stored.ref, afterSeq: stored.seq }, signal), until);
}

/** What was recorded after a number, then what comes. If nothing can come any more, the recorded is all. */
export async function* resume(
  desk: Desk,
  { stored, until, afterSeq }: Watch & { readonly afterSeq: number },
  signal: AbortSignal,
): AsyncGenerator<Numbered<StreamResponse>> {
  const { ref, seq, task } = stored;
  if (afterSeq > seq) throw invalidField("afterSeq", `is behind the end of task "${ref.id}", which is at ${seq}`);
  const entries = isOver(task.status.state, until)
    ? desk.store.journal.read(ref, afterSeq)
    : followEntries(desk, { ref, afterSeq }, signal);
  yield* publicEvents(entries, until);
}

async function settled(desk: Desk, { stored, run }: Awaited<ReturnType<typeof begin>>, call: Call): Promise<Task> {
  if (run === undefined) return await settledElsewhere(desk, stored, call);
  try {
    const end = await unlessAborted(run.ended, call.signal, stored.ref.id);
    return end.task;
  } catch (thrown) {
    if (!(thrown instanceof RunStopped)) throw thrown;
    if (thrown.why !== "lost") throw notNow(desk, stored.ref.id, thrown);
    return await settledElsewhere(desk, stored, call);
  }
}

/** Waits for a task that another process runs, or that a start has yet to take up. */
async function settledElsewhere(desk: Desk, { ref, seq, task: known }: StoredTask, call: Call): Promise<Task> {
  let task = known;
  if (isSettled(task.status.state)) return task;
  for await (const entry of followEntries(desk, { ref, afterSeq: seq }, call.signal)) {
    if ("event" in entry) task = apply(task, entry.event);
    else if ("input" in entry) task = applyInput(task, entry.input);
    if ("event" in entry && isSettled(task.status.state)) return task;
  }
  if (call.signal.aborted) throw stoppedWaiting(ref.id, call.signal.reason);
  throw notNow(desk, ref.id);
}

function notNow(desk: Desk, id: string, cause?: unknown): Error {
  const text = `Task "${id}" is recorded and goes on later; send the same message again to wait for it`;
  return unavailable(text, desk.limits.retryAfterSeconds, cause);
}

function unlessAborted<T>(waiting: Promise<T>, signal: AbortSignal, taskId: string): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  const leave = () => reject(stoppedWaiting(taskId, signal.reason));
  if (signal.aborted) leave();
  signal.addEventListener("abort", leave);
  waiting.then(resolve, reject).finally(() => signal.removeEventListener("abort", leave));
  return promise;
}
