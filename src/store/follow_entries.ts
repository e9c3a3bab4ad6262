import type { Wakeups } from "../lib/wakeups.ts";
import { endsJournal } from "./fold.ts";
import type { Entry } from "./store.ts";

/** What a follower asks of the store that it follows in. */
export interface FollowSource {
  readonly wakeups: Wakeups;
  /** The task's name among the wakeups. */
  readonly key: string;
  /** What is recorded now after `seq`. */
  read(seq: number): AsyncIterable<Entry>;
  /** Whether nothing will ever come after `seq`: the task ended there, or there is no such task. */
  isOver(seq: number): Promise<boolean>;
  /** Whether the store was closed: its followers are woken and end. */
  isClosed(): boolean;
}

/**
 * `Journal.follow` for any store: between two reads a follower is one number and one sleeper. It subscribes before it
 * reads for the first time, so an entry that commits while it reads wakes it afterwards.
 */
export async function* followEntries(
  source: FollowSource,
  afterSeq: number,
  signal: AbortSignal,
): AsyncIterable<Entry> {
  let cursor = afterSeq;
  const sleeper = source.wakeups.subscribe(source.key, signal);
  try {
    do {
      const start = cursor;
      for await (const entry of source.read(cursor)) {
        if (signal.aborted) return;
        cursor = entry.seq;
        yield entry;
        if (endsJournal(entry)) return;
      }
      if (cursor === start && await source.isOver(cursor)) return;
    } while (await sleeper.next() && !source.isClosed());
  } finally {
    sleeper.close();
  }
}
