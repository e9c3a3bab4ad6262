import type { Numbered } from "../a2a/service.ts";
import { isTerminal } from "../a2a/task_state.ts";
import type { StreamResponse, TaskState } from "../a2a/types.ts";
import { isSettled } from "../store/fold.ts";
import type { Entry, StoredTask, TaskRef } from "../store/store.ts";
import type { Desk } from "./desk.ts";

/** Where to begin in a task's journal. */
export interface Place {
  readonly ref: TaskRef;
  readonly afterSeq: number;
}

/**
 * Entries as they are recorded, until the journal ends or `signal` aborts. Also ends, after what is recorded, when no
 * more will come from here: the run stopped without an end, or the service closed. The reader resumes by number then.
 */
export async function* followEntries(desk: Desk, { ref, afterSeq }: Place, signal: AbortSignal): AsyncGenerator<Entry> {
  const stop = new AbortController();
  const leave = () => {
    forget();
    signal.removeEventListener("abort", end);
    desk.closed.removeEventListener("abort", end);
  };
  const end = () => {
    // At once: a reader that went away may never ask this generator to finish.
    leave();
    stop.abort();
  };
  const forget = desk.runs.onStop(ref.id, end);
  signal.addEventListener("abort", end);
  desk.closed.addEventListener("abort", end);
  if (signal.aborted || desk.closed.aborted) end();
  let last = afterSeq;
  try {
    for await (const entry of desk.store.journal.follow(ref, afterSeq, stop.signal)) {
      last = entry.seq;
      yield entry;
    }
    if (stop.signal.aborted && !signal.aborted) yield* desk.store.journal.read(ref, last);
  } finally {
    leave();
  }
}

/** A stream of a turn ends when the task waits for its peer; a subscription goes on (A2A v1 §3.1.2, §3.1.6). */
export type Until = "settled" | "terminal";

/** The public events among `entries`, up to the one that ends the stream. */
export async function* publicEvents(
  entries: AsyncIterable<Entry>,
  until: Until,
): AsyncGenerator<Numbered<StreamResponse>> {
  for await (const entry of entries) {
    if (!("event" in entry)) continue;
    yield { seq: entry.seq, event: entry.event };
    if ("statusUpdate" in entry.event && isOver(entry.event.statusUpdate.status.state, until)) return;
  }
}

export function isOver(state: TaskState, until: Until): boolean {
  return until === "settled" ? isSettled(state) : isTerminal(state);
}

/** The task as it is now, as the first event of a stream: its number is that of the last entry it is the fold of. */
export function snapshot({ seq, task }: StoredTask): Numbered<StreamResponse> {
  return { seq, event: { task } };
}
