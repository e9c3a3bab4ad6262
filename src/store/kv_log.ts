import type { Task } from "../a2a/types.ts";
import { foldDrafts, toEntries } from "./fold.ts";
import { chunkCount, decodeJson, joinChunks } from "./kv_codec.ts";
import { chunkKey, logKey, logPrefix } from "./kv_keys.ts";
import { type Segment, TAIL_ROWS, type Unfolded } from "./kv_segment.ts";
import type { Entry } from "./store.ts";

/** A task as its log tells it. */
export interface LoggedTask {
  readonly agent: string;
  readonly revision?: string | undefined;
  readonly task: Task;
  readonly seq: number;
  /** The last fence that the log knows: that of the lease given back last. */
  readonly fence: number;
  readonly unfolded: Unfolded;
  /** The last entries, without holes up to `seq`. */
  readonly recent: readonly Entry[];
}

interface Row {
  readonly firstSeq: number;
  readonly segment: Segment;
  readonly bytes: number;
}

/** Rows that are read on in one go, when the first few do not reach back to a fold. */
const MORE_ROWS = 100;
/** About so much log is decoded before its reader gets it. */
const BATCH_BYTES = 512 * 1024;
/** Deno KV gives ten keys at once. */
const KEYS_PER_READ = 10;

/** Reading side of the log rows. Rows never change, so reading backwards sees the task as it was when reading began. */
export class KvLog {
  readonly #kv: Deno.Kv;

  constructor(kv: Deno.Kv) {
    this.#kv = kv;
  }

  /** Folds the task from its end backwards: the newest rows down to one that carries a fold. */
  async load(task: string): Promise<LoggedTask | undefined> {
    const rows: Row[] = [];
    let limit = TAIL_ROWS;
    let end: Deno.KvKey = logKey(task, Infinity);
    for (;;) {
      const options = { reverse: true, limit, batchSize: limit };
      let count = 0;
      for await (const { key, value } of this.#kv.list<Uint8Array>({ prefix: logPrefix(task), end }, options)) {
        const row = await this.#decode(key, value);
        rows.push(row);
        if (isFold(row)) return fold(rows.reverse());
        end = key;
        count++;
      }
      if (count < limit) return undefined;
      limit = MORE_ROWS;
    }
  }

  /** The next entries after `seq`, some of them; none when there are none. */
  async entriesAfter(task: string, seq: number): Promise<readonly Entry[]> {
    const start = logKey(task, await this.#segmentOf(task, seq + 1));
    const entries: Entry[] = [];
    let bytes = 0;
    const rows = this.#kv.list<Uint8Array>({ prefix: logPrefix(task), start }, { batchSize: MORE_ROWS });
    for await (const { key, value } of rows) {
      const row = await this.#decode(key, value);
      entries.push(...toEntries(row.segment.entries, row.firstSeq).filter((entry) => entry.seq > seq));
      bytes += row.bytes;
      if (bytes >= BATCH_BYTES) break;
    }
    return entries;
  }

  /** Where the row begins in which entry `seq` is, or would be. */
  async #segmentOf(task: string, seq: number): Promise<number> {
    if (seq <= 1) return 1;
    const selector = { prefix: logPrefix(task), end: logKey(task, seq + 1) };
    for await (const { key: [, , firstSeq] } of this.#kv.list(selector, { reverse: true, limit: 1 })) {
      if (typeof firstSeq === "number") return firstSeq;
    }
    return 1;
  }

  async #decode(key: Deno.KvKey, head: Uint8Array): Promise<Row> {
    const [, task, firstSeq] = key;
    if (typeof task !== "string" || typeof firstSeq !== "number") throw new TypeError("A log row has a foreign key");
    const count = chunkCount(head);
    const bytes = count === 0 ? head : joinChunks(await this.#chunks(task, firstSeq, count));
    return { firstSeq, segment: decodeJson<Segment>(bytes), bytes: bytes.length };
  }

  async #chunks(task: string, firstSeq: number, count: number): Promise<Uint8Array[]> {
    const chunks: Uint8Array[] = [];
    for (let at = 0; at < count; at += KEYS_PER_READ) {
      const size = Math.min(KEYS_PER_READ, count - at);
      const keys = Array.from({ length: size }, (_, index) => chunkKey(task, firstSeq, at + index));
      for (const { value } of await this.#kv.getMany<Uint8Array[]>(keys)) {
        if (value === null) throw new Error(`A log row has lost a part of itself: entry ${firstSeq}`);
        chunks.push(value);
      }
    }
    return chunks;
  }
}

/** The first row is one too: it begins with the task itself. */
function isFold({ firstSeq, segment }: Row): boolean {
  return firstSeq === 1 || segment.task !== undefined;
}

/** `rows` begin with a fold and go on without holes. */
function fold([first, ...later]: readonly Row[]): LoggedTask | undefined {
  if (first?.segment.agent === undefined) return undefined;
  const { segment: { agent, revision, entries } } = first;
  const begun = first.segment.task ?? foldDrafts(undefined, entries);
  const rows = [first, ...later];
  const last = rows.at(-1) ?? first;
  return {
    agent,
    revision,
    task: later.reduce((task, { segment }) => foldDrafts(task, segment.entries), begun),
    seq: last.firstSeq + last.segment.entries.length - 1,
    fence: last.segment.fence ?? 0,
    unfolded: {
      rows: later.length,
      bytes: later.reduce((sum, { bytes }) => sum + bytes, 0),
      foldBytes: first.bytes,
    },
    recent: rows.flatMap(({ firstSeq, segment }) => toEntries(segment.entries, firstSeq)),
  };
}
