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
