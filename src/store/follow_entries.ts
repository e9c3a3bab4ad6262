import type { Wakeups } from "../lib/wakeups.ts";
import { endsJournal } from "./fold.ts";
import type { Entry } from "./store.ts";

/** What a follower asks of the store that it follows in. */
export interface FollowSource {
  readonly wakeups: Wakeups;
  /** The task's name among the wakeups. */
  readonly key: string;
  /** The next entries that are recorded after `seq`, some or all of them. Without a promise when they are in memory. */
  next(seq: number): readonly Entry[] | Promise<readonly Entry[]>;
  /** Whether nothing will ever come after `seq`: the task ended there, or there is no such task. */
  isOver(seq: number): Promise<boolean>;
  /** Whether the store was closed: its followers are woken and end. */
  isClosed(): boolean;
  /** Throws if the store was closed before anybody began to follow. */
  requireOpen(): void;
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
  source.requireOpen();
  let cursor = afterSeq;
  const sleeper = source.wakeups.subscribe(source.key, signal);
  try {
    while (!source.isClosed()) {
      const next = source.next(cursor);
      const entries = next instanceof Promise ? await next : next;
      for (const entry of entries) {
        if (signal.aborted) return;
        cursor = entry.seq;
        yield entry;
        if (endsJournal(entry)) return;
      }
      if (entries.length > 0) continue;
      if (await source.isOver(cursor) || !await sleeper.next()) return;
    }
  } catch (error) {
    // Closed in the middle of a read: that ends a follower as an abort does.
    if (!source.isClosed()) throw error;
  } finally {
    sleeper.close();
  }
}
