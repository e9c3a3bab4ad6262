import type { Message, Part } from "../a2a/types.ts";
import type { JsonObject } from "../lib/json.ts";
import type { Log } from "../lib/log.ts";
import type { SafeFetch } from "../lib/safe_fetch.ts";
import type { Timers } from "../lib/timers.ts";

/** What a crash in the middle of a call means: run it again, never run it twice, or ask the peer. */
export type Replay = "safe" | "once" | "ask";

/** In two parts: what the model reads, and (where it differs) what a person sees. */
export interface ToolResult {
  readonly content: string;
  readonly display?: string;
  readonly isError?: boolean;
  /** Files and data that peers get as artifacts of the task. */
  readonly parts?: readonly Part[];
}

/** Whose a task is. */
export interface TaskOwner {
  readonly tenant: string;
  readonly owner: string;
}

/** A call that waited for the peer goes on. */
export interface Resumed {
  /** What the tool kept when it threw NeedsInput. */
  readonly state: JsonObject;
  readonly answer: Message;
}

export interface ToolContext {
  readonly signal: AbortSignal;
  readonly callId: string;
  /** The same for this call whenever it is made again after a crash, and for no other call of any task. */
  readonly key: string;
  readonly contextId: string;
  /** This tool's earlier outcomes in this context, oldest first: the state of a tool that has one. */
  readonly earlier: readonly string[];
  readonly taskId: string;
  /** Whose task it is: tasks that the tool begins elsewhere in this process belong to the same. */
  readonly owner: TaskOwner;
  /**
   * Shown to peers while the tool works: text appended to an artifact of this call. Resolves when there is room for more.
   * Rejects once the call is over.
   */
  readonly say: (delta: string) => Promise<void>;
  /** Present when the call goes on after NeedsInput. */
  readonly resumed?: Resumed;
  /** Metadata of the peer's messages that has to travel with calls to other agents (trace, hops). */
  readonly metadata: JsonObject;
}

/**
 * Thrown by a tool that cannot go on without the peer: the task waits as INPUT_REQUIRED or AUTH_REQUIRED, over restarts
 * too, and the same call goes on with `resumed`. `state` is kept in private.
 */
export class NeedsInput extends Error {
  override readonly name = "NeedsInput";
  constructor(
    readonly question: readonly Part[],
    readonly state: JsonObject,
    readonly kind: "input" | "auth" = "input",
  ) {
    super("The tool needs an answer of its peer to go on");
  }
}

/**
 * Thrown by a tool that will not or cannot do what it was asked, in words that the model can act on. Nothing is broken: the
 * log has a line of it, and no stack.
 */
export class ToolRefusal extends Error {
  override readonly name = "ToolRefusal";
}

/** Something an agent may do. `run` may throw; the loop turns a throw into an outcome that the model reads. */
export interface Tool {
  readonly name: string;
  readonly description: string;
  /** JSON Schema of an object. */
  readonly input: JsonObject;
  readonly replay: Replay;
  /** Whether a person has to say yes to this call. Absent: never. The configuration may overrule. */
  readonly needsApproval?: (input: JsonObject) => boolean;
  /**
   * Throws ToolRefusal for a call that `run` would refuse as things are now, and changes nothing: so that nobody is asked for
   * a yes that is of no use. `run` has to look again.
   */
  readonly check?: (input: JsonObject, signal: AbortSignal) => Promise<void>;
  /** What a person is asked, where the usual question does not do. `{tool}`, `{input}` and `{<argument>}` are filled in. */
  readonly approvalPrompt?: string;
  run(input: JsonObject, context: ToolContext): Promise<ToolResult>;
}

/** Tools that are missing for the moment. */
export interface Absence {
  /** As the configuration calls what they are of. */
  readonly name: string;
  /** The end of a sentence that a model may hand on: without addresses, secrets and strangers' words. */
  readonly reason: string;
}

/** Tools that come and go while the process lives (an MCP server's): asked once a turn. */
export interface Toolset {
  tools(signal: AbortSignal): Promise<readonly Tool[]>;
  /** What was missing when `tools` was last asked. Absent: nothing ever is. */
  away?(): readonly Absence[];
  /** Rejects with what keeps its tools away. Asked of a new configuration before it replaces the one that is served. */
  check?(signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

/** What the house hands to a toolset plugin. */
export interface ToolsetDeps {
  /** As the configuration calls it. */
  readonly name: string;
  /** What the configuration says of all its tools in their place: for a toolset that makes calls again by itself. */
  readonly replay?: Replay | undefined;
  /** Absolute: where relative paths of options begin. */
  readonly baseDir: string;
  /** What the files hold that the plugin asks for in `files`, by their absolute paths. Absent: as they are on the disk. */
  readonly files?: ReadonlyMap<string, string> | undefined;
  readonly env: (name: string) => string | undefined;
  /** The way out to URLs, which trusts these authorities (PEM) beside the system's. */
  readonly openFetch: (caCerts: readonly string[]) => SafeFetch;
  readonly timers: Timers;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly random: () => number;
  readonly newId: () => string;
  readonly log: Log;
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

/** Another agent of this process. */
export interface Colleague {
  readonly id: string;
  readonly description: string;
}

export interface AskOptions {
  /** The id of one of the colleagues. */
  readonly agent: string;
  readonly parts: readonly Part[];
  /** Whether the conversation with that agent goes on from call to call of this context, or begins anew with this one. */
  readonly conversation: "continued" | "new";
  /** When the answer is not waited for any longer. Absent: the turn's own limit. */
  readonly timeoutSeconds?: number;
}

/** The agents that the agent of a tool may ask. */
export interface AgentsDeps {
  readonly colleagues: readonly Colleague[];
  /**
   * Gives an agent a task and waits for its end. Asked again with the same `context.key`, it goes on with that task. Throws
   * NeedsInput where the agent asks back.
   */
  ask(options: AskOptions, context: ToolContext): Promise<ToolResult>;
}

/** What the house hands to a tool plugin. */
export interface ToolDeps {
  /** Absolute: the folder of the configuration file, or where the server was started. Relative options begin here. */
  readonly baseDir: string;
  /** Absolute paths of the server's own files (configuration, state), which no file tool touches. */
  readonly protectedPaths: readonly string[];
  readonly documents: SearchDeps;
  /** The one way out to URLs that a model names. */
  readonly fetch: SafeFetch;
  readonly env: (name: string) => string | undefined;
  readonly agents: AgentsDeps;
}
