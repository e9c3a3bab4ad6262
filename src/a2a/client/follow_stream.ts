import { retryDelayMs, type RetryPolicy } from "../../lib/retry.ts";
import { A2AError } from "../errors.ts";
import type { Numbered } from "../service.ts";
import { PeerSilent } from "./peer_http.ts";
import { isInterrupted, isTerminal } from "../task_state.ts";
import type { StreamResponse, Task, TaskState } from "../types.ts";

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
  /** Where it ends at the latest: with the agent's turn, which a question ends, too, or with the task. */
  readonly until: "turn" | "task";
  /** The turn begins with an answer: the task may come first as it was before, with the question that is answered. */
  readonly isAnswer?: boolean;
  readonly retry: RetryPolicy;
  readonly random: () => number;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly signal: AbortSignal;
}

/**
 * The events of a stream to its true end, across connections that break: no event twice, none left out. A peer that
 * numbers its events is asked for the ones behind the last that came; one that does not answers with a snapshot, which
 * comes as an event like any other and replaces what was known. One that cannot be subscribed to is read from time to time.
 * Events without a number are numbered here.
 */
export async function* followStream(
  peer: StreamPeer,
  options: FollowOptions,
): AsyncGenerator<Numbered<StreamResponse>> {
  const progress = new Progress(options);
  let source = peer.open(progress.lastEventId);
  for (let retries = 0;;) {
    let cut: unknown;
    let heard = 0;
    try {
      for await (const peerEvent of untilQuiet(source, () => isTurnOver(progress, options), options)) {
        heard++;
        const numbered = progress.take(peerEvent);
        if (numbered === undefined) continue;
        // A snapshot is what every new connection begins with, and no proof that this one holds.
        if (!("task" in numbered.event)) retries = 0;
        yield numbered;
        // A stream that is resumed is a subscription, and that stays open behind a question (A2A v1 §3.1.6).
        if (progress.ended || (progress.resumed && isTurnOver(progress, options))) return;
      }
    } catch (thrown) {
      cut = thrown;
    }
    if (isOver(cut, progress)) {
      const before = progress.snapshot;
      const read = yield* readTask(peer, progress);
      if (progress.ended || progress.interrupted) return;
      if (progress.snapshot !== before) retries = 0;
      cut = read ?? cut;
    } else if (cut !== undefined && (progress.taskId === undefined || !isTransient(cut))) throw cut;
    const { taskId } = progress;
    if (taskId === undefined) throw new A2AError("INVALID_AGENT_RESPONSE", "The peer's stream ended without an answer");
    // The turn is over: the agent waits for its peer.
    if (cut === undefined ? progress.interrupted : isTurnOver(progress, options)) return;
    // Silence is no failure where there may be nothing to say: it was a connection that held as long as it was let.
    if (heard > 0 && isSilence(cut)) retries = 0;
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
  readonly #isAnswer: boolean;
  #state: TaskState | undefined;
  #isAsked = false;
  #message = false;
  lastEventId: string | undefined;
  resumed = false;
  /** The task as it was read last, where it had to be read. */
  snapshot: string | undefined;

  constructor({ afterSeq, isAnswer = false }: Pick<FollowOptions, "afterSeq" | "isAnswer">) {
    this.#isAnswer = isAnswer;
    this.#seq = afterSeq ?? 0;
    this.lastEventId = afterSeq === undefined ? undefined : String(afterSeq);
  }

  /** The event with its number; undefined if it came before. */
  take({ id, event }: PeerEvent): Numbered<StreamResponse> | undefined {
    const given = /^\d{1,15}$/.test(id) ? Number(id) : undefined;
    if (id !== "") this.lastEventId = id;
    if (given !== undefined && given <= this.#seq) return undefined;
    this.#seq = given ?? this.#seq + 1;
    if ("task" in event) {
      const isNews = !this.#isAnswer || this.resumed || this.#state !== undefined;
      this.#saw(event.task.id, event.task.status.state, isNews);
    } else if ("statusUpdate" in event) this.#saw(event.statusUpdate.taskId, event.statusUpdate.status.state, true);
    else if ("artifactUpdate" in event) this.taskId = event.artifactUpdate.taskId;
    else this.#message = true;
    return { seq: this.#seq, event };
  }

  #saw(taskId: string, state: TaskState, isNews: boolean): void {
    this.taskId = taskId;
    this.#state = state;
    this.#isAsked = isNews && isInterrupted(state);
  }

  /** Nothing more will come: the task is over, or the agent answered with a message and no task (A2A v1 §3.1.2). */
  get ended(): boolean {
    return (this.#state !== undefined && isTerminal(this.#state)) || (this.#message && this.taskId === undefined);
  }

  /** The agent waits for its peer, and asked for it in this turn. */
  get isAsked(): boolean {
    return this.#isAsked;
  }

  get interrupted(): boolean {
    return this.#state !== undefined && isInterrupted(this.#state);
  }
}

/**
 * Some peers keep the stream of a turn open behind its question (A2A v1 §3.1.2 and §7.6.1 let them), some have a last word
 * to say there: so long it is waited for.
 */
const QUIET_MS = 1000;

/** What `source` gives; where `isEnough`, as long as it keeps coming. */
async function* untilQuiet<T>(
  source: AsyncIterable<T>,
  isEnough: () => boolean,
  { sleep, signal }: Pick<FollowOptions, "sleep" | "signal">,
): AsyncGenerator<T, void, undefined> {
  const items = source[Symbol.asyncIterator]();
  let isWaiting = false;
  try {
    for (;;) {
      const next = items.next();
      isWaiting = true;
      const item = isEnough()
        ? await sooner(next, (came) => sleep(QUIET_MS, AbortSignal.any([signal, came])))
        : await next;
      if (item === undefined) return;
      isWaiting = false;
      if (item.done === true) return;
      yield item.value;
    }
  } finally {
    // Where nothing comes, a generator would first wait for it: whoever has opened the source lets go of it.
    const left = Promise.resolve(items.return?.());
    if (isWaiting) left.catch(() => {});
    else await left;
  }
}

/** What `act` gives, or undefined if the wait is over first. Its signal aborts when there is nothing more to wait for. */
async function sooner<T>(act: Promise<T>, wait: (came: AbortSignal) => Promise<void>): Promise<T | undefined> {
  const came = new AbortController();
  try {
    return await Promise.race([act, wait(came.signal).then(() => undefined)]);
  } finally {
    came.abort();
  }
}

function isTurnOver({ isAsked }: Progress, { until }: FollowOptions): boolean {
  return until === "turn" && isAsked;
}

/** A2A v1 §3.1.6: a task that ended while nobody listened cannot be subscribed to any more; it can still be read. */
function isOver(cut: unknown, { resumed, taskId }: Progress): boolean {
  return cut instanceof A2AError && cut.reason === "UNSUPPORTED_OPERATION" && resumed && taskId !== undefined;
}

/** The task as it is, if it is not as it was when it was read before. Gives what stood in the way, if it passes. */
async function* readTask(peer: StreamPeer, progress: Progress): AsyncGenerator<Numbered<StreamResponse>, unknown> {
  try {
    const task = await peer.getTask(progress.taskId ?? "");
    const snapshot = JSON.stringify(task);
    if (snapshot === progress.snapshot) return undefined;
    progress.snapshot = snapshot;
    const numbered = progress.take({ id: "", event: { task } });
    if (numbered !== undefined) yield numbered;
    return undefined;
  } catch (thrown) {
    if (isTransient(thrown)) return thrown;
    throw thrown;
  }
}

function isSilence(cut: unknown): boolean {
  return cut instanceof A2AError && cut.cause instanceof PeerSilent;
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
