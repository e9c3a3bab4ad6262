import type { JsonObject } from "../../lib/json.ts";
import type { Part } from "../../a2a/types.ts";
import type { Replay } from "../tool.ts";

/** What a call is told besides its arguments. */
export interface ModuleContext {
  /** Aborted when the task is canceled or the call takes too long. */
  readonly signal: AbortSignal;
  readonly callId: string;
  readonly contextId: string;
  readonly taskId: string;
  /** `options` of the entry in the configuration. */
  readonly options: JsonObject;
  /** Shows text to whoever follows the task while the call runs. */
  say(text: string): void;
}

/** What the model reads; or that, and what a person sees instead, and files for the task. */
export type ModuleResult = string | {
  readonly content: string;
  readonly display?: string;
  readonly isError?: boolean;
  /** Parts of A2A 1.0: `{text}`, `{data}`, `{url}` or `{raw}` (Base64). */
  readonly parts?: readonly Part[];
};

/** The default export of a tool in a TypeScript file. */
export interface ToolModule {
  /** What the model is told that the tool does. */
  readonly description: string;
  /** JSON Schema of the arguments: an object. */
  readonly input: JsonObject;
  /** What a crash in the middle of a call means. Default "once": never run it twice unasked. */
  readonly replay?: Replay;
  /** Whether a person has to say yes to each call. Default: true. */
  readonly needsApproval?: boolean;
  /** Throws an Error whose message the model reads. */
  run(input: JsonObject, context: ModuleContext): ModuleResult | Promise<ModuleResult>;
}
