import type { Timers } from "../lib/timers.ts";
import type { Draft, Journal, Lease, StoredTask } from "../store/store.ts";
import { mergeText } from "./merge_text.ts";
import { sizeOf } from "./size_of.ts";

export interface OutboxOptions {
  readonly journal: Journal;
  readonly stored: StoredTask;
  readonly lease: Lease;
  readonly maxBytes: number;
  /** Called once when an append fails; nothing is written after that. */
  readonly onFailure: (cause: unknown) => void;
  /** For drafts that nobody waits for. Absent: they are written as soon as any other. */
  readonly timers?: Pick<Timers, "after">;
}

/**
 * How long a draft may wait for company if it tells nobody anything that matters now: that the task is WORKING, or what a
 * step gave. A model that answers at once then costs a commit less.
 */
const COMPANY_MS = 10;

interface Waiter {
  readonly mark: number;
  readonly resolve: (stored: StoredTask) => void;
  readonly reject: (cause: unknown) => void;
}

const ROOM = Promise.resolve();

/**
 * What a run wants recorded, on its way into the journal: in order, one append in flight, everything that gathered
 * meanwhile in the next. The first append waits for the end of the event loop's turn, so a task that is done within it
 * is one commit.
 */
export class Outbox {
  readonly #options: OutboxOptions;
  #stored: StoredTask;
  #waiting: Draft[] = [];
  #waitingBytes = 0;
  #writingBytes = 0;
  #writing = false;
  #soon: ReturnType<typeof setImmediate> | undefined;
  /** Calls the late write off. */
  #late: (() => void) | undefined;
  /** How many drafts were ever added, and how many of those are durable. */
  #added = 0;
  #durable = 0;
  #readers: Waiter[] = [];
  #blocked: PromiseWithResolvers<void> | undefined;
  #failure: { readonly cause: unknown } | undefined;

  constructor(options: OutboxOptions) {
    this.#options = options;
    this.#stored = options.stored;
  }

  /** Queues drafts; those of one call are committed together. */
  add(drafts: readonly Draft[]): void {
    if (this.#failure !== undefined) return;
    for (const draft of drafts) this.#queue(draft);
    if (this.#writing || this.#soon !== undefined) return;
    const { timers } = this.#options;
    if (timers === undefined || drafts.some(isUrgent)) {
      this.#soon = setImmediate(() => {
        this.#soon = undefined;
        this.#write();
      });
    } else this.#late ??= timers.after(COMPANY_MS, () => this.#write());
  }

  /** Resolves when less than `maxBytes` wait to become durable, or an append has failed. */
  room(): Promise<void> {
    if (this.#failure !== undefined || this.#waitingBytes + this.#writingBytes < this.#options.maxBytes) return ROOM;
    this.#blocked ??= Promise.withResolvers();
    return this.#blocked.promise;
  }

  /** Writes now. Resolves with the task when all that was added before is durable; rejects when an append failed. */
  flush(): Promise<StoredTask> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure.cause);
    if (this.#durable === this.#added) return Promise.resolve(this.#stored);
    const { promise, resolve, reject } = Promise.withResolvers<StoredTask>();
    this.#readers.push({ mark: this.#added, resolve, reject });
    this.#write();
    return promise;
  }

  #queue(draft: Draft): void {
    this.#added++;
    this.#waitingBytes += sizeOf(draft);
    const merged = mergeText(this.#waiting.at(-1), draft);
    if (merged === undefined) this.#waiting.push(draft);
    else this.#waiting[this.#waiting.length - 1] = merged;
  }

  async #write(): Promise<void> {
    clearImmediate(this.#soon);
    this.#soon = undefined;
    this.#late?.();
    this.#late = undefined;
    if (this.#writing) return;
    this.#writing = true;
    const { journal, lease, stored: { ref } } = this.#options;
    while (this.#waiting.length > 0) {
      const drafts = this.#waiting;
      const mark = this.#added;
      this.#waiting = [];
      this.#writingBytes = this.#waitingBytes;
      this.#waitingBytes = 0;
      try {
        this.#stored = await journal.append(ref, drafts, { seq: this.#stored.seq, lease });
      } catch (cause) {
        this.#fail(cause);
        return;
      }
      this.#settle(mark);
    }
    this.#writing = false;
  }

  #settle(mark: number): void {
    this.#durable = mark;
    this.#writingBytes = 0;
    while (this.#readers[0] !== undefined && this.#readers[0].mark <= mark) {
      this.#readers.shift()?.resolve(this.#stored);
    }
    if (this.#waitingBytes >= this.#options.maxBytes) return;
    this.#blocked?.resolve();
    this.#blocked = undefined;
  }

  #fail(cause: unknown): void {
    this.#failure = { cause };
    this.#waiting = [];
    this.#options.onFailure(cause);
    for (const { reject } of this.#readers) reject(cause);
    this.#readers = [];
    this.#blocked?.resolve();
  }
}

function isUrgent(draft: Draft): boolean {
  if ("step" in draft) return draft.step.phase === "begin";
  if (!("event" in draft) || !("statusUpdate" in draft.event)) return true;
  const { state, message } = draft.event.statusUpdate.status;
  return state !== "TASK_STATE_WORKING" || message !== undefined;
}
