import type { Task } from "../a2a/types.ts";
import type { JournalEnd } from "./expectation.ts";
import type { Unfolded } from "./kv_segment.ts";
import type { Entry, Lease, StoredTask, TaskRef } from "./store.ts";

/** A task in memory as its last commit left it. Never changed: the next commit publishes another. */
export interface HotTask extends JournalEnd {
  readonly ref: TaskRef;
  readonly agent: string;
  readonly revision?: string | undefined;
  /** `refKey` and `scopeKey` of it. */
  readonly key: string;
  readonly scope: string;
  readonly task: Task;
  readonly seq: number;
  readonly lease: Lease | undefined;
  /** Of the last lease: the next one's is higher. */
  readonly fence: number;
  readonly unfolded: Unfolded;
  /** The newest entries, without holes up to `seq`: what followers read. */
  readonly recent: readonly Entry[];
  readonly recentBytes: number;
}

/** As everybody may see it, with this lease. */
export function toStored({ ref, agent, revision, task, seq }: HotTask, lease: Lease | undefined): StoredTask {
  const stored: StoredTask = { ref, agent, ...(revision === undefined ? {} : { revision }), task, seq };
  return lease === undefined ? stored : { ...stored, lease };
}

/** The recent entries after `seq`; undefined if they do not reach back to it. */
export function recentAfter({ seq: end, recent }: HotTask, seq: number): readonly Entry[] | undefined {
  const begin = end - recent.length;
  if (seq < begin) return undefined;
  return seq >= end ? [] : recent.slice(seq - begin);
}

const MAX_RECENT = 256;
const MAX_RECENT_BYTES = 256 * 1024;

/** The recent entries and their size when `entries` of `bytes` have joined them. */
export function joinRecent(
  hot: Pick<HotTask, "recent" | "recentBytes">,
  entries: readonly Entry[],
  bytes: number,
): Pick<HotTask, "recent" | "recentBytes"> {
  const sum = hot.recentBytes + bytes;
  if (sum > MAX_RECENT_BYTES || hot.recent.length + entries.length > MAX_RECENT) {
    return { recent: entries.slice(-MAX_RECENT), recentBytes: bytes };
  }
  return { recent: [...hot.recent, ...entries], recentBytes: sum };
}

/** What a task weighs besides its text. */
const TASK_BYTES = 2_000;
const MAX_BYTES = 64 * 1024 * 1024;

function weigh({ unfolded, recentBytes }: HotTask): number {
  return TASK_BYTES + unfolded.foldBytes + unfolded.bytes + recentBytes;
}

/** The tasks that were written or loaded last, within a bound of memory. */
export class HotTasks {
  readonly #tasks = new Map<string, HotTask>();
  readonly #isPinned: (key: string) => boolean;
  readonly #maxBytes: number;
  #bytes = 0;

  /** A pinned task stays: somebody is about to write to it and has looked at it. */
  constructor(isPinned: (key: string) => boolean, maxBytes: number = MAX_BYTES) {
    this.#isPinned = isPinned;
    this.#maxBytes = maxBytes;
  }

  get(key: string): HotTask | undefined {
    return this.#tasks.get(key);
  }

  set(hot: HotTask): void {
    this.delete(hot.key);
    this.#tasks.set(hot.key, hot);
    this.#bytes += weigh(hot);
    if (this.#bytes > this.#maxBytes) this.#shed();
  }

  delete(key: string): void {
    const hot = this.#tasks.get(key);
    if (hot === undefined) return;
    this.#tasks.delete(key);
    this.#bytes -= weigh(hot);
  }

  #shed(): void {
    for (const key of this.#tasks.keys()) {
      if (this.#bytes <= this.#maxBytes) return;
      if (!this.#isPinned(key)) this.delete(key);
    }
  }
}
