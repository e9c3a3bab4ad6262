import type { Task } from "../a2a/types.ts";
import type { Draft } from "./store.ts";

/** A row of the log: what one append recorded. Its place is in its key; rows are written once and never changed. */
export interface Segment {
  readonly entries: readonly Draft[];
  /** In the first row of a task, and in every row with a fold. */
  readonly agent?: string;
  /** Beside `agent`, if it is known. */
  readonly revision?: string | undefined;
  /** The fold after these entries: a reader need not go further back. */
  readonly task?: Task;
  /** The fence of the lease that this row gave back. */
  readonly fence?: number;
}

/** How much log lies behind the last saved fold. */
export interface Unfolded {
  readonly rows: number;
  readonly bytes: number;
  /** Of the row with the last saved fold (or of the first row, which is a fold of its own). */
  readonly foldBytes: number;
}

/** A cold read asks for this many rows at once: a log no longer than that is one read, and a fold would only cost. */
export const TAIL_ROWS = 8;
const STREAM_BYTES = 64 * 1024;
/** A task's end rewrites its fold only if that costs at most so many times what was logged since the last one. */
const END_COST = 16;

/**
 * Whether the next row should carry the fold. While a task runs, only when the log has outgrown the last fold, so a stream
 * of n deltas writes O(n) bytes and a read folds at most about as much again. When it ends, also to spare its readers a
 * second read.
 */
export function isFoldDue({ rows, bytes, foldBytes }: Unfolded, ends: boolean): boolean {
  if (rows < TAIL_ROWS) return false;
  return bytes >= Math.max(STREAM_BYTES, foldBytes) || ends && bytes * END_COST >= foldBytes;
}
