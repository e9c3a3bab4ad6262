import type { SearchAnswer } from "../tool/tool.ts";

/** How much a store holds, and what it left out. */
export interface StoreSummary {
  readonly files: number;
  readonly passages: number;
  /** Files that are binary, too large or unreadable. */
  readonly skipped: number;
  /** What a reader of its answers should know. */
  readonly notes: readonly string[];
}

/** Documents under one name that can be searched. An answer shows the documents as they are when it is asked for. */
export interface DocumentStore {
  /** Hits for the `limit` best passages. Throws `signal.reason`, or an Error that says why it cannot be read. */
  search(query: string, limit: number, signal: AbortSignal): Promise<SearchAnswer>;
  /** Reads what there is to read, so that the first search need not; throws the same. */
  refresh(signal: AbortSignal): Promise<StoreSummary>;
  close(): void;
}

/** What the house hands to a document source plugin. */
export interface DocumentStoreDeps {
  /** The configuration's name of the store. */
  readonly name: string;
  /** Absolute: where relative options begin. */
  readonly baseDir: string;
  /** Absolute paths of the server's own files, which are never read into a store. */
  readonly protectedPaths: readonly string[];
}
