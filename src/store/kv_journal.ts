import type { Wakeups } from "../lib/wakeups.ts";
import { type AppendExpectation, isOver, requireFree, requireTaskId, requireTurn } from "./expectation.ts";
import { isSettled } from "./fold.ts";
import { followEntries } from "./follow_entries.ts";
import { beginTask, continueTask, leaseTask } from "./kv_change.ts";
import { recentAfter, toStored } from "./kv_hot.ts";
import type { KvLog } from "./kv_log.ts";
import type { TaskPlaces } from "./kv_places.ts";
import type { KvRecorder } from "./kv_recorder.ts";
import type { KvTasks } from "./kv_tasks.ts";
import {
  type Deadline,
  type Draft,
  type Entry,
  type Journal,
  type Lease,
  type NewTask,
  type StoredTask,
  type TaskRef,
} from "./store.ts";
import { refKey } from "./store_key.ts";

export interface KvJournalDeps {
  readonly readDeadlines: (agent: string | undefined) => AsyncIterable<Deadline>;
  readonly log: KvLog;
  readonly places: TaskPlaces;
  readonly tasks: KvTasks;
  readonly recorder: KvRecorder;
  readonly wakeups: Wakeups;
  /** A lease of another holder is dead. */
  readonly holder: string;
  readonly isClosed: () => boolean;
  readonly requireOpen: () => void;
}

/** Journals in the database: one log row an append, followers fed from memory. */
export class KvJournal implements Journal {
  readonly #deps: KvJournalDeps;

  constructor(deps: KvJournalDeps) {
    this.#deps = deps;
  }

  async create(task: NewTask): Promise<StoredTask> {
    const { recorder, requireOpen } = this.#deps;
    requireOpen();
    requireTaskId(task.ref.id);
    const change = beginTask(task);
    const after = await recorder.record(change.after.key, () => change, task.message);
    return toStored(after, after.lease);
  }

  async append(ref: TaskRef, drafts: readonly Draft[], expect: AppendExpectation): Promise<StoredTask> {
    const { recorder, tasks, requireOpen } = this.#deps;
    requireOpen();
    const key = refKey(ref);
    const after = await recorder.record(key, async () => {
      const hot = tasks.hot(key) ?? await tasks.load(ref, key);
      return continueTask(requireTurn(ref.id, hot, expect), drafts);
    }, expect.message);
    return toStored(after, after.lease);
  }

  async acquire(ref: TaskRef, holder: string): Promise<StoredTask & { readonly lease: Lease }> {
    const { recorder, tasks, requireOpen } = this.#deps;
    requireOpen();
    const isAlive = (lease: Lease) => lease.holder === this.#deps.holder;
    const key = refKey(ref);
    const after = await recorder.record(key, async () => {
      return leaseTask(requireFree(ref.id, await tasks.load(ref, key), isAlive), holder);
    });
    return { ...toStored(after, after.lease), lease: { holder, fence: after.fence } };
  }

  async *read(ref: TaskRef, afterSeq = 0): AsyncIterable<Entry> {
    this.#deps.requireOpen();
    const key = refKey(ref);
    const end = (await this.#deps.tasks.load(ref, key))?.seq ?? 0;
    for (let cursor = afterSeq; cursor < end;) {
      const entries = await this.#next(key, cursor);
      if (entries.length === 0) return;
      for (const entry of entries) {
        cursor = entry.seq;
        if (cursor <= end) yield entry;
      }
    }
  }

  follow(ref: TaskRef, afterSeq: number, signal: AbortSignal): AsyncIterable<Entry> {
    const { tasks, wakeups, isClosed, requireOpen } = this.#deps;
    const key = refKey(ref);
    return followEntries(
      {
        wakeups,
        key,
        isClosed,
        requireOpen,
        next: (seq) => this.#next(key, seq),
        isOver: async (seq) => isOver(tasks.hot(key) ?? await tasks.load(ref, key), seq),
      },
      afterSeq,
      signal,
    );
  }

  async *orphans(): AsyncIterable<{ readonly ref: TaskRef; readonly agent: string }> {
    const { places, tasks, holder, requireOpen } = this.#deps;
    requireOpen();
    for (const { ref, key, agent, lease } of [...places.leased]) {
      if (lease.holder === holder) continue;
      const task = await tasks.load(ref, key);
      if (task !== undefined && !isSettled(task.task.status.state) && task.lease?.holder !== holder) {
        yield { ref, agent };
      }
    }
  }

  async *deadlines(agent?: string): AsyncIterable<Deadline> {
    this.#deps.requireOpen();
    yield* this.#deps.readDeadlines(agent);
  }

  /** Some entries after `seq`, from memory if they are there. */
  #next(key: string, seq: number): readonly Entry[] | Promise<readonly Entry[]> {
    const { tasks, log } = this.#deps;
    const hot = tasks.hot(key);
    return hot && recentAfter(hot, seq) || log.entriesAfter(key, seq);
  }
}
