import type { Log } from "../lib/log.ts";
import { type Store, StoreFailed } from "../store/store.ts";

/** How long a failure counts if nothing was written since: somebody has to be let in for the next write to be tried. */
const COUNTS_MS = 30_000;

export interface WatchStore {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly log: Log;
}

/** A store, and how it stands with it. */
export interface WatchedStore {
  readonly store: Store;
  /** Why nothing can be recorded now; undefined when it can, as far as is known. */
  trouble(): string | undefined;
}

/** The store, which tells when its journals cannot be written, and when they can be again. */
export function watchStore(inner: Store, { now, log }: WatchStore): WatchedStore {
  const { tasks, contexts, webhooks, revisions, place, journal } = inner;
  let failedMs: number | undefined;
  const watched = async <T>(writing: Promise<T>): Promise<T> => {
    try {
      const written = await writing;
      if (failedMs !== undefined) log.info("the store can be written again", { store: place });
      failedMs = undefined;
      return written;
    } catch (thrown) {
      if (thrown instanceof StoreFailed) {
        // Once: what fails because of it says so itself.
        if (failedMs === undefined) log.error("the store cannot be written", { store: place, error: thrown });
        failedMs = now();
      }
      throw thrown;
    }
  };
  const store: Store = {
    tasks,
    contexts,
    webhooks,
    revisions,
    place,
    journal: {
      create: (task) => watched(journal.create(task)),
      append: (ref, drafts, expect) => watched(journal.append(ref, drafts, expect)),
      acquire: (ref, holder) => watched(journal.acquire(ref, holder)),
      read: (ref, afterSeq) => journal.read(ref, afterSeq),
      follow: (ref, afterSeq, signal) => journal.follow(ref, afterSeq, signal),
      orphans: () => journal.orphans(),
      deadlines: (agent) => journal.deadlines(agent),
    },
    close: () => inner.close(),
  };
  const isFresh = () => failedMs !== undefined && now() - failedMs < COUNTS_MS;
  return { store, trouble: () => isFresh() ? "the store cannot be written" : undefined };
}
