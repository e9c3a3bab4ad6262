import { retryDelayMs, type RetryPolicy } from "../../lib/retry.ts";
import { A2AError } from "../errors.ts";
import type { Numbered } from "../service.ts";
import { isInterrupted, isTerminal, type StreamResponse, type Task, type TaskState } from "../types.ts";

/** An event as a peer sent it. `id` is "" where the peer gives none. */
export interface PeerEvent {
  readonly id: string;
  readonly event: StreamResponse;
}

/** What following a stream asks of the peer. */
export interface StreamPeer {
  /** The stream as it was asked for. */
  open(lastEventId: string | undefined): AsyncIterable<PeerEvent>;
  /** The same task's events again, from behind `lastEventId` if the peer can do that, else from a fresh snapshot. */
  subscribe(taskId: string, lastEventId: string | undefined): AsyncIterable<PeerEvent>;
  getTask(taskId: string): Promise<Task>;
}

export interface FollowOptions {
  /** Where to begin: the number behind which a stream is resumed. */
  readonly afterSeq: number | undefined;
  readonly retry: RetryPolicy;
  readonly random: () => number;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly signal: AbortSignal;
}

/**
 * The events of a stream to its true end, across connections that break: no event twice, none left out. A peer that
 * numbers its events is asked for the ones behind the last that came; one that does not answers with a snapshot, which
 * comes as an event like any other and replaces what was known. Events without a number are numbered here.
 */
export async function* followStream(
  peer: StreamPeer,
  options: FollowOptions,
): AsyncGenerator<Numbered<StreamResponse>> {
  const progress = new Progress(options.afterSeq);
  let source = peer.open(progress.lastEventId);
  for (let retries = 0;;) {
    let cut: unknown;
    try {
      for await (const peerEvent of source) {
        const numbered = progress.take(peerEvent);
        if (numbered === undefined) continue;
        // A snapshot is what every new connection begins with, and no proof that this one holds.
        if (!("task" in numbered.event)) retries = 0;
        yield numbered;
        if (progress.ended) return;
      }
    } catch (thrown) {
      const finished = await lastWord(thrown, peer, progress);
      if (finished !== undefined) {
        yield finished;
        return;
      }
      if (progress.taskId === undefined || !isTransient(thrown)) throw thrown;
      cut = thrown;
    }
    const { taskId } = progress;
    if (taskId === undefined) throw new A2AError("INVALID_AGENT_RESPONSE", "The peer's stream ended without an answer");
    // The turn is over: the agent waits for its peer.
    if (cut === undefined && progress.interrupted) return;
    if (retries >= options.retry.maxRetries) throw lostStream(taskId, retries, cut);
    await options.sleep(pauseMs(cut, retries, options), options.signal);
    retries++;
    progress.resumed = true;
    source = peer.subscribe(taskId, progress.lastEventId);
  }
}

/** What is known of the stream so far. */
class Progress {
  taskId: string | undefined;
  /** The last number that was given out. */
  #seq: number;
  #state: TaskState | undefined;
  #message = false;
  lastEventId: string | undefined;
  resumed = false;

  constructor(afterSeq: number | undefined) {
    this.#seq = afterSeq ?? 0;
    this.lastEventId = afterSeq === undefined ? undefined : String(afterSeq);
  }

  /** The event with its number; undefined if it came before. */
  take({ id, event }: PeerEvent): Numbered<StreamResponse> | undefined {
    const given = /^\d{1,15}$/.test(id) ? Number(id) : undefined;
    if (id !== "") this.lastEventId = id;
    if (given !== undefined && given <= this.#seq) return undefined;
    this.#seq = given ?? this.#seq + 1;
    if ("task" in event) this.#saw(event.task.id, event.task.status.state);
    else if ("statusUpdate" in event) this.#saw(event.statusUpdate.taskId, event.statusUpdate.status.state);
    else if ("artifactUpdate" in event) this.taskId = event.artifactUpdate.taskId;
    else this.#message = true;
    return { seq: this.#seq, event };
  }

  #saw(taskId: string, state: TaskState): void {
    this.taskId = taskId;
    this.#state = state;
  }

  /** Nothing more will come: the task is over, or the agent answered with a message and no task (A2A v1 §3.1.2). */
  get ended(): boolean {
    return (this.#state !== undefined && isTerminal(this.#state)) || (this.#message && this.taskId === undefined);
  }

  get interrupted(): boolean {
    return this.#state !== undefined && isInterrupted(this.#state);
  }
}

/** A2A v1 §3.1.6: a task that ended while nobody listened cannot be subscribed to any more; it can still be read. */
async function lastWord(
  thrown: unknown,
  peer: StreamPeer,
  progress: Progress,
): Promise<Numbered<StreamResponse> | undefined> {
  const isOver = thrown instanceof A2AError && thrown.reason === "UNSUPPORTED_OPERATION";
  if (!isOver || !progress.resumed || progress.taskId === undefined) return undefined;
  return progress.take({ id: "", event: { task: await peer.getTask(progress.taskId) } });
}

function isTransient(thrown: unknown): boolean {
  return thrown instanceof A2AError &&
    (thrown.reason === "UNAVAILABLE" || thrown.reason === "RATE_LIMITED" || thrown.reason === "REQUEST_TIMEOUT");
}

function pauseMs(cut: unknown, retries: number, { retry, random }: FollowOptions): number {
  const seconds = cut instanceof A2AError ? cut.retryAfterSeconds ?? 0 : 0;
  return retryDelayMs(retry, retries, { afterMs: seconds * 1000, random: random() });
}

function lostStream(taskId: string, retries: number, cut: unknown): A2AError {
  const text = `Cannot follow task "${taskId}": its stream broke off and could not be resumed in ${retries} tries`;
  return new A2AError("UNAVAILABLE", text, { cause: cut, metadata: { taskId } });
}
