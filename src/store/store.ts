import type { JsonObject } from "../lib/json.ts";
import type { AuthenticationInfo, Message, StreamResponse, Task, TaskState } from "../a2a/types.ts";

/** Whose task it is. Every key begins with tenant and owner, so there is no way to read another's by accident. */
export interface Owner {
  readonly tenant: string;
  readonly owner: string;
}

/** One task of one owner. */
export interface TaskRef extends Owner {
  readonly id: string;
}

/** One agent as one owner sees it: the scope of lists, contexts and message ids. */
export interface Scope extends Owner {
  readonly agent: string;
}

/** The right to write a task. `fence` rises with each holder, and an append with an old one is refused. */
export interface Lease {
  readonly holder: string;
  readonly fence: number;
}

/** A recorded step of a run: `begin` is written only for steps that must not happen twice. */
export type Step =
  | { readonly id: string; readonly phase: "begin"; readonly detail?: JsonObject }
  | { readonly id: string; readonly phase: "end"; readonly result: JsonObject };

/** What may stand in a journal: a public event, a private step, or the peer's next message on the same task. */
export type Draft =
  & { readonly at: string }
  & (
    | { readonly event: StreamResponse }
    /** `deadlineMs`, since the epoch: the end of the wait that begins with the interrupted status of the same append. */
    | { readonly step: Step; readonly deadlineMs?: number }
    | { readonly input: Message }
  );

/** A draft with its place: 1, 2, 3 … without holes. `at` is RFC 3339 UTC. */
export type Entry = Draft & { readonly seq: number };

/** A task as it is stored: the fold of its first `seq` entries. */
export interface StoredTask {
  readonly ref: TaskRef;
  readonly agent: string;
  /** The configuration under which it began; absent where none was named. */
  readonly revision?: string;
  readonly task: Task;
  readonly seq: number;
  /** Who runs it; absent when nobody does (finished, or waiting for its peer). */
  readonly lease?: Lease;
}

/** What tells a peer's message from all others of its scope: the id that the peer gave it, and what it says. */
export interface MessageName {
  readonly id: string;
  readonly digest: string;
  /** Its claim lasts as long as the task: nobody else will ever use this id, and its sender may be away for long. */
  readonly lasts?: true;
}

export interface NewTask {
  readonly ref: TaskRef;
  readonly agent: string;
  /** The configuration under which it begins: an id of `Revisions`. */
  readonly revision?: string | undefined;
  readonly holder: string;
  /** The first entries; the first of them is the event `{ task }`. */
  readonly entries: readonly Draft[];
  /** Claims the peer's message in the task's scope, in the same commit. */
  readonly message?: MessageName;
  /** Kept in the same commit as the entries, so that it misses none of them. */
  readonly webhook?: Webhook;
}

/** The end of a wait. */
export interface Deadline {
  readonly ref: TaskRef;
  readonly agent: string;
  /** The journal's end when the wait began. If it has moved since, the wait is over. */
  readonly seq: number;
  /** Milliseconds since the epoch. */
  readonly atMs: number;
}

/** The task's end moved, or its lease went to another holder: read again. */
export class Conflict extends Error {
  override readonly name = "Conflict";
}

/** The message has begun or continued a task of the same scope. */
export class DuplicateMessage extends Error {
  override readonly name = "DuplicateMessage";
  constructor(readonly taskId: string) {
    super(`The message began task "${taskId}" already`);
  }
}

/** The store cannot be written now (a disk that fails, a lock that another program holds). What was to be written may be. */
export class StoreFailed extends Error {
  override readonly name: string = "StoreFailed";
}

/** The store has no room (disk full, quota); nothing was written. */
export class StoreFull extends StoreFailed {
  override readonly name = "StoreFull";
}

export interface Journal {
  /** Durable when it resolves: a new task with lease `{ holder, fence: 1 }`. Throws DuplicateMessage. */
  create(task: NewTask): Promise<StoredTask>;
  /**
   * Durable when it resolves, in one commit with the fold, the index, and (where `message` is given) the claim of that
   * message; followers hear it after that. A terminal or interrupted status gives the lease back. Throws Conflict if
   * `expect` is not the journal's end or the lease is not held any more, DuplicateMessage if it is taken.
   */
  append(
    ref: TaskRef,
    entries: readonly Draft[],
    expect: { readonly seq: number; readonly lease: Lease; readonly message?: NewTask["message"] },
  ): Promise<StoredTask>;
  /** Takes the lease of a task that nobody runs, or whose holder is gone. Throws Conflict while somebody holds it. */
  acquire(ref: TaskRef, holder: string): Promise<StoredTask & { readonly lease: Lease }>;
  /** The entries after `afterSeq` (default 0) that are recorded now. */
  read(ref: TaskRef, afterSeq?: number): AsyncIterable<Entry>;
  /**
   * The recorded entries after `afterSeq`, then new ones as they commit: no gap, no repeat. Ends after the terminal
   * event, or silently when `signal` aborts. Pulled: a reader that does not read holds a number, not a queue.
   */
  follow(ref: TaskRef, afterSeq: number, signal: AbortSignal): AsyncIterable<Entry>;
  /** Open tasks (not terminal, not interrupted) that nobody alive runs: what a start has to take up again. */
  orphans(): AsyncIterable<{ readonly ref: TaskRef; readonly agent: string }>;
  /** The waits of interrupted tasks that end by themselves, of one agent or of all. Reads nothing of other tasks. */
  deadlines(agent?: string): AsyncIterable<Deadline>;
}

/** The place of a task in a list: newest status first, then by id. */
export interface Cursor {
  readonly timestamp: string;
  readonly id: string;
}

export interface TaskQuery {
  readonly contextId?: string;
  readonly state?: TaskState;
  /** Inclusive, RFC 3339 UTC (A2A v1 §3.1.4 `statusTimestampAfter`). */
  readonly since?: string;
  readonly limit: number;
  /** Go on behind this place. Right also when the task that stood there has moved. */
  readonly after?: Cursor;
}

export interface TaskPage {
  readonly tasks: readonly StoredTask[];
  /** Present when there is more. */
  readonly next?: Cursor;
  /** All that match, before paging. */
  readonly total: number;
}

export interface TaskIndex {
  get(ref: TaskRef): Promise<StoredTask | undefined>;
  /** Order: status timestamp descending, then id descending (A2A v1 §3.1.4). */
  list(scope: Scope, query: TaskQuery): Promise<TaskPage>;
  /** The task that a message began or continued. */
  byMessage(scope: Scope, message: MessageName): Promise<{ readonly taskId: string } | undefined>;
}

/** A context that its owner has begun before its first task, and what was noted of it. */
export interface StoredContext extends Scope {
  /** Unique among the owner's. */
  readonly id: string;
  /** RFC 3339 UTC. */
  readonly createdAt: string;
  readonly metadata: JsonObject;
}

/** A context is the conversation that its tasks make (A2A v1 §3.4). */
export interface Contexts {
  /** Durable when it resolves. A context needs no such record: its tasks make one, too. */
  put(context: StoredContext): Promise<void>;
  /** What `put` wrote. */
  get(owner: Owner, contextId: string): Promise<StoredContext | undefined>;
  /**
   * What `put` wrote, latest id first: ids that sort by time give the newest first. With `after`, what comes behind the
   * context of that id, which need not be there.
   */
  list(owner: Owner, after?: string): AsyncIterable<StoredContext>;
  /** The first task of each context that tasks have made, in the order of `list`. */
  openings(scope: Scope, after?: string): AsyncIterable<StoredTask>;
  /**
   * Removes the context with its tasks: their journals, their claims on messages, their webhooks. Durable when it
   * resolves; a crash in between leaves some tasks as they are, and none in part. Throws Conflict, with nothing removed,
   * while one of them is open.
   */
  delete(scope: Scope, contextId: string): Promise<void>;
  /** The context's tasks, newest first by creation. Task ids must sort by time (UUIDv7). */
  tasks(scope: Scope, contextId: string): AsyncIterable<StoredTask>;
}

/**
 * Where a task's owner wants to be told of it (A2A v1 §4.3.1), and how far that has come. The journal is the outbox: an
 * event and the duty to tell of it are one row, and `toldSeq` is the only thing that a delivery writes.
 */
export interface Webhook {
  readonly ref: TaskRef;
  /** Unique within its task. */
  readonly id: string;
  readonly url: string;
  /** Credentials: for deliveries, never to be read back by a peer. */
  readonly token?: string;
  readonly authentication?: AuthenticationInfo;
  /** The generation of the protocol that its receiver speaks. */
  readonly protocolVersion: "1.0" | "0.3";
  /** Entries up to this one were delivered, or never had to be. */
  readonly toldSeq: number;
  /** Nothing will be owed any more: the task ended, and that was told. */
  readonly isDone: boolean;
  /** It was given up with the entries after `toldSeq` undelivered. */
  readonly failure?: WebhookFailure;
}

export interface WebhookFailure {
  /** RFC 3339 UTC. */
  readonly at: string;
  readonly attempts: number;
  /** A sentence for the task's owner. */
  readonly reason: string;
}

export interface Webhooks {
  /** Durable when it resolves: a new one, or another in place of the one with its id. */
  put(webhook: Webhook): Promise<void>;
  /** Durable when it resolves to true: the next state of one that is there. False, and nothing, where it is not (any more). */
  note(webhook: Webhook): Promise<boolean>;
  get(ref: TaskRef, id: string): Promise<Webhook | undefined>;
  list(ref: TaskRef): Promise<readonly Webhook[]>;
  /** Durable when it resolves. Does nothing where there is none. */
  delete(ref: TaskRef, id: string): Promise<void>;
  /** All that are not done, given up or not: where a start has to go on. */
  owing(): AsyncIterable<Webhook>;
}

/** A configuration that was served, as it can be read again. */
export interface StoredRevision {
  readonly id: string;
  /** RFC 3339 UTC: when it was put. */
  readonly at: string;
  readonly content: JsonObject;
}

/** The configurations of the past: what tasks that began under them still need, and what an operator may go back to. */
export interface Revisions {
  /** Durable when it resolves; a revision that is put again is the newest. */
  put(revision: StoredRevision): Promise<void>;
  get(id: string): Promise<StoredRevision | undefined>;
  /** Newest first, by `at`. */
  list(): AsyncIterable<StoredRevision>;
  delete(id: string): Promise<void>;
  /** Those of all tasks that are not at their end. Reads what is open, and nothing of what is over. */
  inUse(): Promise<ReadonlySet<string>>;
}

/** What survives a restart. One suite holds every implementation: tests/contract/store_contract.ts. */
export interface Store {
  readonly journal: Journal;
  readonly tasks: TaskIndex;
  readonly contexts: Contexts;
  readonly webhooks: Webhooks;
  readonly revisions: Revisions;
  /** Where it is, for the operator: a path, a URL without its password, or "memory". */
  readonly place: string;
  /** Resolves after what was accepted is durable; later calls throw. */
  close(): Promise<void>;
}

/** What every store is given. */
export interface StoreDeps {
  /** Where a store that keeps files puts them when its options name no path. */
  readonly defaultPath: string;
  /** Absolute: where a path in the options begins. */
  readonly baseDir: string;
  /** This process, unlike any other and unlike itself before a restart: a lease of any other holder is dead. */
  readonly holder: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}
