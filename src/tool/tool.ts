import type { JsonObject } from "../lib/json.ts";

/** What a crash in the middle of a call means: run it again, never run it twice, or ask the peer. */
export type Replay = "safe" | "once" | "ask";

/** In two parts: what the model reads, and (where it differs) what a person sees. */
export interface ToolResult {
  readonly content: string;
  readonly display?: string;
  readonly isError?: boolean;
}

export interface ToolContext {
  readonly signal: AbortSignal;
  readonly callId: string;
  readonly contextId: string;
  /** This tool's earlier outcomes in this context, oldest first: the state of a tool that has one. */
  readonly earlier: readonly string[];
}

/** Something an agent may do. `run` may throw; the loop turns a throw into an outcome that the model reads. */
export interface Tool {
  readonly name: string;
  readonly description: string;
  /** JSON Schema of an object. */
  readonly input: JsonObject;
  readonly replay: Replay;
  run(input: JsonObject, context: ToolContext): Promise<ToolResult>;
}

/** A passage of a document that answers a query. */
export interface SearchHit {
  /** The document store that it is from. */
  readonly store: string;
  /** Relative to the base directory where the document lies below it, else to its store. Never an absolute path. */
  readonly path: string;
  /** Counted from 1; both belong to the passage. */
  readonly firstLine: number;
  readonly lastLine: number;
  /** Higher is better; comparable within one answer only. */
  readonly score: number;
  readonly text: string;
}

export interface SearchAnswer {
  /** Best first. */
  readonly hits: readonly SearchHit[];
  /** How many passages match; `hits` may hold fewer. */
  readonly total: number;
  /** What the reader should know: a store that could not be read, files that were left out. */
  readonly notes: readonly string[];
}

export interface SearchOptions {
  readonly limit: number;
  /** Names of stores; absent means all. */
  readonly stores?: readonly string[];
}

/** The documents of one agent, as its tools see them. */
export interface SearchDeps {
  /** Names of the document stores; empty if the agent has none. */
  readonly stores: readonly string[];
  search(query: string, options: SearchOptions, signal: AbortSignal): Promise<SearchAnswer>;
}

/** What the house hands to a tool plugin. */
export interface ToolDeps {
  /** Absolute: the folder of the configuration file, or where the server was started. Relative options begin here. */
  readonly baseDir: string;
  /** Absolute paths of the server's own files (configuration, state), which no file tool touches. */
  readonly protectedPaths: readonly string[];
  readonly documents: SearchDeps;
}
