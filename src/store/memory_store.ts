import type { Task } from "../a2a/types.ts";
import { Wakeups } from "../lib/wakeups.ts";
import { type AppendExpectation, isOver, requireFree, requireTaskId, requireTurn } from "./expectation.ts";
import { deadlineOf, foldDrafts, isSettled, releasesLease, toEntries } from "./fold.ts";
import { followEntries } from "./follow_entries.ts";
import { isExpired, type MessageClaim } from "./message_claim.ts";
import {
  Conflict,
  type Contexts,
  type Deadline,
  type Draft,
  DuplicateMessage,
  type Entry,
  type Journal,
  type Lease,
  type MessageName,
  type NewTask,
  type Revisions,
  type Scope,
  type Store,
  type StoreDeps,
  type StoredTask,
  type TaskIndex,
  type TaskRef,
  type Webhooks,
} from "./store.ts";
import { type ContextRecords, memoryContexts } from "./memory_contexts.ts";
import { memoryWebhooks, putWebhook, type WebhookRecords } from "./memory_webhooks.ts";
import { memoryRevisions, type RevisionRecords } from "./memory_revisions.ts";
import { messageKey, refKey, scopeKey } from "./store_key.ts";
import { toPage } from "./task_order.ts";

interface MemoryTask {
  readonly ref: TaskRef;
  readonly agent: string;
  readonly revision: string | undefined;
  readonly entries: Entry[];
  task: Task;
  seq: number;
  /** Undefined when it was given back. */
  lease: Lease | undefined;
  /** Of the last lease: the next one's is higher. */
  fence: number;
  wait: Pick<Deadline, "seq" | "atMs"> | undefined;
}

/** What a memory store keeps. Two stores over the same records, with two holders, are a process before and after a restart. */
export class MemoryRecords {
  readonly tasks = new Map<string, MemoryTask>();
  /** Tasks by scope, in the order of their creation. */
  readonly scopes = new Map<string, MemoryTask[]>();
  /** By scope and messageId, oldest first. */
  readonly claims = new Map<string, MessageClaim>();
  /** Those that last. */
  readonly lastingClaims = new Map<string, MessageClaim>();
  readonly webhooks: WebhookRecords = new Map();
  readonly contexts: ContextRecords = new Map();
  readonly revisions: RevisionRecords = new Map();
  readonly wakeups = new Wakeups();
}

type MemoryDeps = Pick<StoreDeps, "holder" | "now">;

/** Everything in this process and gone with it: for tests, demonstrations and tasks that nobody asks for again. */
export class MemoryStore implements Store {
  readonly place = "memory";
  readonly journal: Journal = {
    create: async (task) => await this.#create(task),
    append: async (ref, entries, expect) => await this.#append(ref, entries, expect),
    acquire: async (ref, holder) => await this.#acquire(ref, holder),
    read: (ref, afterSeq) => this.#read(ref, afterSeq ?? 0),
    follow: (ref, afterSeq, signal) => this.#follow(ref, afterSeq, signal),
    orphans: () => this.#orphans(),
    deadlines: (agent) => this.#deadlines(agent),
  };
  readonly tasks: TaskIndex = {
    get: async (ref) => {
      const record = this.#open.tasks.get(refKey(ref));
      return await (record && this.#visible(record));
    },
    list: async (scope, query) => await toPage(this.#inScope(scope).map((record) => this.#visible(record)), query),
    byMessage: async (scope, message) => await this.#findClaim(scope, message),
  };
  readonly contexts: Contexts = memoryContexts({
    open: () => this.#open.contexts,
    tasks: (scope, contextId) => this.#contextTasks(scope, contextId),
    inScope: (scope) => this.#inScope(scope).map((record) => this.#visible(record)),
    erase: (task) => this.#erase(task),
  });
  readonly webhooks: Webhooks = memoryWebhooks(() => this.#open.webhooks);
  readonly revisions: Revisions = memoryRevisions(() => this.#open.revisions, () => this.#open.tasks.values());

  readonly #records: MemoryRecords;
  readonly #holder: string;
  readonly #now: () => number;
  #isClosed = false;

  constructor({ holder, now }: MemoryDeps, records: MemoryRecords = new MemoryRecords()) {
    this.#records = records;
    this.#holder = holder;
    this.#now = now;
  }

  close(): Promise<void> {
    this.#isClosed = true;
    this.#records.wakeups.wakeAll();
    return Promise.resolve();
  }

  get #open(): MemoryRecords {
    if (this.#isClosed) throw new Error(`Cannot use the store "${this.place}": it is closed`);
    return this.#records;
  }

  #isAlive(lease: Lease | undefined): boolean {
    return lease?.holder === this.#holder;
  }

  #create({ ref, agent, revision, holder, entries: drafts, message, webhook }: NewTask): StoredTask {
    const { tasks, scopes, webhooks } = this.#open;
    requireTaskId(ref.id);
    const key = refKey(ref);
    const scope = { ...ref, agent };
    const task = foldDrafts(undefined, drafts);
    this.#requireUnclaimed(scope, message);
    if (tasks.has(key)) throw new Conflict(`Cannot create task "${ref.id}": it exists`);
    const lease = releasesLease(drafts) ? undefined : { holder, fence: 1 };
    const seq = drafts.length;
    const wait = waitOf(task, drafts, seq);
    const created = { ref, agent, revision, entries: toEntries(drafts, 1), task, seq, lease, fence: 1, wait };
    tasks.set(key, created);
    const siblings = scopes.get(scopeKey(scope));
    if (siblings === undefined) scopes.set(scopeKey(scope), [created]);
    else siblings.push(created);
    this.#claim(scope, ref.id, message);
    if (webhook !== undefined) putWebhook(webhooks, webhook);
    this.#records.wakeups.wake(key);
    return toStored(created, lease);
  }

  #append(ref: TaskRef, drafts: readonly Draft[], expect: AppendExpectation): StoredTask {
    const record = requireTurn(ref.id, this.#open.tasks.get(refKey(ref)), expect);
    const scope = { ...ref, agent: record.agent };
    const task = foldDrafts(record.task, drafts);
    this.#requireUnclaimed(scope, expect.message);
    const isMoved = task.status !== record.task.status;
    record.task = task;
    record.entries.push(...toEntries(drafts, record.seq + 1));
    record.seq += drafts.length;
    if (isMoved) record.wait = waitOf(task, drafts, record.seq);
    if (releasesLease(drafts)) record.lease = undefined;
    this.#claim(scope, ref.id, expect.message);
    this.#records.wakeups.wake(refKey(ref));
    return toStored(record, record.lease);
  }

  #acquire(ref: TaskRef, holder: string): StoredTask & { readonly lease: Lease } {
    const record = requireFree(ref.id, this.#open.tasks.get(refKey(ref)), (lease) => this.#isAlive(lease));
    record.fence++;
    const lease = { holder, fence: record.fence };
    record.lease = lease;
    return { ...toStored(record, lease), lease };
  }

  async *#read(ref: TaskRef, afterSeq: number): AsyncIterable<Entry> {
    // A copy: what commits while the reader reads was not recorded when it asked.
    yield* this.#open.tasks.get(refKey(ref))?.entries.slice(afterSeq) ?? [];
  }

  #follow(ref: TaskRef, afterSeq: number, signal: AbortSignal): AsyncIterable<Entry> {
    const { tasks, wakeups } = this.#records;
    const key = refKey(ref);
    return followEntries(
      {
        wakeups,
        key,
        next: (seq) => tasks.get(key)?.entries.slice(seq) ?? [],
        isOver: async (seq) => await isOver(tasks.get(key), seq),
        isClosed: () => this.#isClosed,
        requireOpen: () => void this.#open,
      },
      afterSeq,
      signal,
    );
  }

  async *#orphans(): AsyncIterable<{ readonly ref: TaskRef; readonly agent: string }> {
    for (const { ref, agent, task, lease } of [...this.#open.tasks.values()]) {
      if (!isSettled(task.status.state) && !this.#isAlive(lease)) yield { ref, agent };
    }
  }

  async *#deadlines(only: string | undefined): AsyncIterable<Deadline> {
    for (const { ref, agent, wait } of [...this.#open.tasks.values()]) {
      if (wait !== undefined && (only === undefined || agent === only)) yield { ref, agent, ...wait };
    }
  }

  #inScope(scope: Scope): MemoryTask[] {
    return this.#open.scopes.get(scopeKey(scope)) ?? [];
  }

  async *#contextTasks(scope: Scope, contextId: string): AsyncIterable<StoredTask> {
    const tasks = this.#inScope(scope).filter(({ task }) => task.contextId === contextId);
    yield* tasks.sort((a, b) => a.ref.id < b.ref.id ? 1 : -1).map((record) => this.#visible(record));
  }

  #erase({ ref, agent }: StoredTask): void {
    const { tasks, scopes, claims, lastingClaims, webhooks, wakeups } = this.#open;
    const key = refKey(ref);
    const scope = scopeKey({ ...ref, agent });
    scopes.set(scope, (scopes.get(scope) ?? []).filter((record) => record.ref.id !== ref.id));
    for (const all of [claims, lastingClaims]) {
      for (const [name, { taskId }] of all) if (taskId === ref.id) all.delete(name);
    }
    tasks.delete(key);
    webhooks.delete(key);
    wakeups.wake(key);
  }

  #findClaim(scope: Scope, message: MessageName): MessageClaim | undefined {
    const { claims, lastingClaims } = this.#open;
    const name = claimName(scope, message);
    const claim = lastingClaims.get(name) ?? claims.get(name);
    return claim === undefined || isExpired(claim, this.#now()) ? undefined : claim;
  }

  #requireUnclaimed(scope: Scope, message: MessageName | undefined): void {
    const claim = message && this.#findClaim(scope, message);
    if (claim !== undefined) throw new DuplicateMessage(claim.taskId);
  }

  #claim(scope: Scope, taskId: string, message: MessageName | undefined): void {
    if (message === undefined) return;
    const { claims, lastingClaims } = this.#records;
    const nowMs = this.#now();
    if (message.lasts) {
      lastingClaims.set(claimName(scope, message), { taskId, claimedMs: nowMs, lasts: true });
      return;
    }
    for (const [key, claim] of claims) {
      if (!isExpired(claim, nowMs)) break;
      claims.delete(key);
    }
    claims.set(claimName(scope, message), { taskId, claimedMs: nowMs });
  }

  /** As everybody sees it: a dead holder's lease is nobody's. */
  #visible(record: MemoryTask): StoredTask {
    return toStored(record, this.#isAlive(record.lease) ? record.lease : undefined);
  }
}

function waitOf(task: Task, drafts: readonly Draft[], seq: number): MemoryTask["wait"] {
  const atMs = deadlineOf(task, drafts);
  return atMs === undefined ? undefined : { seq, atMs };
}

function claimName(scope: Scope, { id, digest }: MessageName): string {
  return `${messageKey(scopeKey(scope), id)}\x1f${digest}`;
}

function toStored({ ref, agent, revision, task, seq }: MemoryTask, lease: Lease | undefined): StoredTask {
  const named = revision === undefined ? {} : { revision };
  return { ref, agent, ...named, task, seq, ...(lease === undefined ? {} : { lease }) };
}
