import { type SseEvent, sseResponse } from "../../lib/sse.ts";
import type { Timers } from "../../lib/timers.ts";
import { A2AError } from "../errors.ts";
import type { A2AService, Call, Numbered } from "../service.ts";
import { isInterrupted, isTerminal } from "../task_state.ts";
import type { StreamResponse } from "../types.ts";
import { type BindingDeps, reported } from "./binding.ts";

type Events = AsyncIterator<Numbered<StreamResponse>>;

/** A frame to which the stream gives its number. */
export type Frame = Omit<SseEvent, "id">;

/** How a binding wraps what a stream says. */
export interface EventFrames {
  event(event: StreamResponse, last: boolean): Frame | readonly Frame[];
  error(error: A2AError): SseEvent;
}

export interface EventStreamSource {
  /** The stream follows one turn: it ends when its peer has to answer. A subscription stays (A2A v1 §3.1.6). */
  readonly isTurn: boolean;
  readonly call: Call;
  readonly open: (call: Call) => AsyncIterable<Numbered<StreamResponse>>;
  /** The reader has the frames of all events up to this number: they are written, but not sent again. */
  readonly heardSeq?: number;
}

/** An event, and whether the stream ends behind it. */
export interface StreamItem extends Numbered<StreamResponse> {
  readonly last: boolean;
  /** The reader has what is told of it; a dialect may have to see it all the same. */
  readonly isHeard: boolean;
}

/** A stream of which the first event is known, or is waited for no longer. */
export interface OpenedStream {
  /** Sends the stream to its reader. */
  respond(frames: EventFrames): Response;
  /** The stream for a reader that is not HTTP's, to be read once; whoever stops reading leaves it. Throws A2AError. */
  items(): AsyncIterable<StreamItem>;
  /** Leaves the stream. */
  leave(): Promise<void>;
}

/**
 * Opens a stream and waits for its first event, so that an error before it can still be answered as one: throws A2AError.
 * The call that `open` is given ends when the reader leaves; the task behind it does not.
 */
export async function openEventStream(source: EventStreamSource, deps: BindingDeps): Promise<OpenedStream> {
  const stop = new AbortController();
  const onAbort = () => stop.abort(source.call.signal.reason);
  if (source.call.signal.aborted) onAbort();
  source.call.signal.addEventListener("abort", onAbort);
  const unlink = () => source.call.signal.removeEventListener("abort", onAbort);
  try {
    const events = source.open({ ...source.call, signal: stop.signal })[Symbol.asyncIterator]();
    const first = events.next();
    await settledOr(first, deps.streams.openAfterMs, deps.timers);
    const leave = async () => {
      unlink();
      stop.abort();
      await events.return?.();
    };
    return {
      items: () => itemsOf({ first, events, isTurn: source.isTurn, heardSeq: source.heardSeq ?? 0, leave }),
      leave,
      respond: (frames) => {
        const { isTurn, heardSeq = 0 } = source;
        const body = frameSource({ first, events, unlink, isTurn, heardSeq, log: deps.log }, frames);
        return sseResponse(body, { ...deps.streams, stop });
      },
    };
  } catch (thrown) {
    unlink();
    throw thrown;
  }
}

/** Waits until `promise` settles, and throws what it throws, but no longer than `delayMs`. */
async function settledOr(promise: Promise<unknown>, delayMs: number, timers: Timers): Promise<void> {
  const { promise: late, resolve } = Promise.withResolvers<void>();
  const stopTimer = timers.after(delayMs, resolve);
  try {
    await Promise.race([promise, late]);
  } finally {
    stopTimer();
  }
}

interface Opened {
  readonly first: ReturnType<Events["next"]>;
  readonly events: Events;
  readonly isTurn: boolean;
  readonly heardSeq: number;
  readonly log: BindingDeps["log"];
  readonly unlink: () => void;
}

async function* itemsOf(
  { first, events, isTurn, heardSeq, leave }: Omit<Opened, "log" | "unlink"> & Pick<OpenedStream, "leave">,
): AsyncGenerator<StreamItem> {
  try {
    for (let next = await first; next.done !== true; next = await events.next()) {
      const { seq, event } = next.value;
      yield { seq, event, last: isLast(isTurn, event), isHeard: seq <= heardSeq };
    }
  } finally {
    await leave();
  }
}

const DONE = { done: true, value: undefined } as const;

/**
 * The stream's frames; a failure is its last frame. Written out as an iterator because `return` on a generator waits for
 * the `next` that is under way, and a reader's leaving must reach the source at once.
 */
function frameSource(
  { first, events, isTurn, heardSeq, log, unlink }: Opened,
  frames: EventFrames,
): AsyncIterable<SseEvent> {
  let upcoming: Opened["first"] | undefined = first;
  let failed = false;
  /** Frames of the last event that were not sent yet. */
  let written: SseEvent[] = [];
  const next = async (): Promise<IteratorResult<SseEvent, undefined>> => {
    if (failed) return DONE;
    try {
      for (;;) {
        const frame = written.shift();
        if (frame !== undefined) return { done: false, value: frame };
        const { done, value } = await (upcoming ?? events.next());
        upcoming = undefined;
        if (done === true) return DONE;
        const told = frames.event(value.event, isLast(isTurn, value.event));
        if (value.seq <= heardSeq) continue;
        const id = String(value.seq);
        if ("data" in told) return { done: false, value: { id, ...told } };
        written = numbered(told, id);
      }
    } catch (thrown) {
      failed = true;
      return { done: false, value: frames.error(reported(thrown, log)) };
    }
  };
  return {
    [Symbol.asyncIterator]: () => ({
      next,
      return: async () => {
        unlink();
        await events.return?.();
        return DONE;
      },
    }),
  };
}

/** The number goes with the last frame of an event: who has missed it has to be told the whole event again. */
function numbered(frames: readonly Frame[], id: string): SseEvent[] {
  return frames.map((frame, at) => at === frames.length - 1 ? { id, ...frame } : frame);
}

/** Whether a stream ends behind `event`: one turn ends, too, when its peer has to answer (A2A v1 §3.1.6). */
export function isLast(isTurn: boolean, event: StreamResponse): boolean {
  if ("message" in event) return true;
  if ("artifactUpdate" in event) return false;
  const { state } = "task" in event ? event.task.status : event.statusUpdate.status;
  return isTerminal(state) || (isTurn && isInterrupted(state));
}

/** Whether the task with this id has ended, as far as it can be known now: a stream of it that says nothing may be whole. */
export async function hasFinished(
  id: unknown,
  { service, call }: { readonly service: A2AService; readonly call: Call },
): Promise<boolean> {
  if (typeof id !== "string") return false;
  try {
    return isTerminal((await service.getTask({ id, historyLength: 0 }, call)).status.state);
  } catch {
    // Who comes again is told then.
    return false;
  }
}
