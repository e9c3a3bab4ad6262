import { GroupCommit } from "../lib/group_commit.ts";
import { chunkKey, chunkPrefix, intentKey, INTENTS, WRITER_KEY } from "./kv_keys.ts";
import { StoreFailed, StoreFull } from "./store.ts";

/** What one writer wants to become durable in one piece. */
export interface KvWrite {
  /** Rows that must still be as they were; an absent `versionstamp` of null: must not be there. */
  readonly checks: readonly Deno.AtomicCheck[];
  readonly sets: readonly KvSet[];
  readonly deletes: readonly Deno.KvKey[];
  /** Counters that rise or fall by one. */
  readonly counts: readonly { readonly key: Deno.KvKey; readonly by: 1 | -1 }[];
  /** Makes it visible in memory: called when it is durable, before anybody is answered. */
  readonly publish: () => void;
}

/** The rest of a write that depends on nothing and that memory keeps nothing of. */
export const UNCHECKED: Pick<KvWrite, "checks" | "counts" | "publish"> = { checks: [], counts: [], publish: () => {} };

export interface KvSet {
  readonly key: Deno.KvKey;
  readonly value: Uint8Array;
  readonly expireIn?: number;
}

/** One of the write's checks failed; nothing of it was written. */
export class CheckFailed extends Error {
  override readonly name = "CheckFailed";
}

/** What Deno KV takes in one atomic operation, with some room below its limits of 1,000, 100, 819,200 and 81,920. */
const MAX = { mutations: 990, checks: 98, bytes: 780_000, keyBytes: 78_000 } as const;
/** Of 60 KiB each, in one atomic operation. */
const CHUNKS_PER_COMMIT = 12;
/** KvU64 sums wrap around, so adding this takes one away. */
const MINUS_ONE = (1n << 64n) - 1n;

/** All writing to the database: gathers what many want into one commit, and refuses to write when another process does. */
export class KvWriter {
  readonly #kv: Deno.Kv;
  readonly #writer: Deno.AtomicCheck;
  readonly #group = new GroupCommit<KvWrite>({
    commit: (batch) => this.#commit(batch),
    fit,
    isolates: (error) => error instanceof CheckFailed || error instanceof TypeError,
  });

  /** `versionstamp` is that of the writer row which this process has set. */
  constructor(kv: Deno.Kv, versionstamp: string) {
    this.#kv = kv;
    this.#writer = { key: WRITER_KEY, versionstamp };
  }

  /** Resolves when `write` is durable and published. Throws CheckFailed, StoreFailed, or TypeError for what no database would take. */
  submit(write: KvWrite): Promise<void> {
    return this.#group.submit(write);
  }

  drain(): Promise<void> {
    return this.#group.drain();
  }

  /**
   * Writes chunks that no row points at yet, in as many commits as they need. An intent row tells of them until the row
   * that points at them removes it, so a crash in between leaves no litter (`sweepChunks`).
   */
  async writeChunks(task: string, firstSeq: number, chunks: readonly Uint8Array[]): Promise<void> {
    for (let at = 0; at < chunks.length; at += CHUNKS_PER_COMMIT) {
      const atomic = this.#kv.atomic().check(this.#writer);
      if (at === 0) atomic.set(intentKey(task, firstSeq), new Uint8Array());
      chunks.slice(at, at + CHUNKS_PER_COMMIT).forEach((chunk, index) =>
        atomic.set(chunkKey(task, firstSeq, at + index), chunk)
      );
      await this.#finish(atomic);
    }
  }

  async #commit(batch: readonly KvWrite[]): Promise<void> {
    const atomic = this.#kv.atomic().check(this.#writer);
    const counts = new Map<string, { readonly key: Deno.KvKey; by: number }>();
    for (const write of batch) {
      for (const check of write.checks) atomic.check(check);
      for (const key of write.deletes) atomic.delete(key);
      for (const { key, value, expireIn } of write.sets) {
        if (expireIn === undefined) atomic.set(key, value);
        else atomic.set(key, value, { expireIn });
      }
      for (const { key, by } of write.counts) {
        const name = key.join("\0");
        const count = counts.get(name);
        if (count === undefined) counts.set(name, { key, by });
        else count.by += by;
      }
    }
    for (const { key, by } of counts.values()) {
      if (by !== 0) atomic.sum(key, by > 0 ? BigInt(by) : BigInt(-by) * MINUS_ONE & MINUS_ONE);
    }
    await this.#finish(atomic);
    for (const write of batch) write.publish();
  }

  async #finish(atomic: Deno.AtomicOperation): Promise<void> {
    let result: Deno.KvCommitResult | Deno.KvCommitError;
    try {
      result = await atomic.commit();
    } catch (error) {
      throw toStoreError(error);
    }
    if (result.ok) return;
    const writer = await this.#kv.get(WRITER_KEY);
    if (writer.versionstamp !== this.#writer.versionstamp) {
      throw new Error("Cannot write to the store: another process has opened it since");
    }
    throw new CheckFailed("A row is not as it was");
  }
}

/** Removes chunks whose log row was never written. */
export async function sweepChunks(kv: Deno.Kv): Promise<void> {
  for await (const { key: [, task, firstSeq] } of kv.list({ prefix: INTENTS })) {
    if (typeof task === "string" && typeof firstSeq === "number") await dropChunks(kv, task, firstSeq);
  }
}

export async function dropChunks(kv: Deno.Kv, task: string, firstSeq: number): Promise<void> {
  for await (const { key } of kv.list({ prefix: chunkPrefix(task, firstSeq) })) await kv.delete(key);
  await kv.delete(intentKey(task, firstSeq));
}

function fit(waiting: readonly KvWrite[]): number {
  const sum = { mutations: 0, checks: 0, bytes: 0, keyBytes: 0 };
  for (const [index, write] of waiting.entries()) {
    weigh(write, sum);
    const { mutations, checks, bytes, keyBytes } = sum;
    if (mutations > MAX.mutations || checks > MAX.checks || bytes > MAX.bytes || keyBytes > MAX.keyBytes) return index;
  }
  return waiting.length;
}

function weigh(write: KvWrite, sum: { mutations: number; checks: number; bytes: number; keyBytes: number }): void {
  let keyBytes = 0;
  for (const { key } of write.checks) keyBytes += keyLength(key);
  for (const { key } of write.counts) keyBytes += keyLength(key);
  for (const key of write.deletes) keyBytes += keyLength(key);
  for (const { key, value } of write.sets) {
    keyBytes += keyLength(key);
    sum.bytes += value.length;
  }
  sum.checks += write.checks.length;
  sum.mutations += write.sets.length + write.deletes.length + write.counts.length;
  sum.keyBytes += keyBytes;
  sum.bytes += keyBytes;
}

/** Keys are ASCII (store_key.ts); a number takes nine bytes, and each part is fenced by two. */
function keyLength(key: Deno.KvKey): number {
  let length = 0;
  for (const part of key) length += (typeof part === "string" ? part.length : 9) + 2;
  return length;
}

/** SQLite has no code that Deno would pass on, only its words: SQLITE_FULL is "database or disk is full". */
function toStoreError(error: unknown): unknown {
  const told = error instanceof Error ? error.message : String(error);
  if (/\b(is full|no space|quota)\b/i.test(told)) {
    return new StoreFull("Cannot write to the store: its disk is full", { cause: error });
  }
  // Deno KV says all in TypeErrors: of these, what was asked is wrong ("Value too large"), and not the database.
  if (error instanceof TypeError && !/\b(database|disk|sql)/i.test(told)) return error;
  return new StoreFailed(`Cannot write to the store: ${told}`, { cause: error });
}
