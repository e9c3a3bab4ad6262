import type { Plugin } from "../lib/plugin.ts";
import type { Agent } from "./agent.ts";
import type { LlmAgentParts } from "./loop.ts";
import type { Prompt } from "./prompt.ts";
import type { TurnLimits } from "./means.ts";

/** What the house hands to a reasoning engine; its options say the rest. */
export interface EngineDeps extends Omit<LlmAgentParts, "system" | "limits"> {
  readonly prompt: Prompt;
  readonly limits: Omit<TurnLimits, "maxToolOutputChars">;
}

/** A way to work through a request: a row of the table of engines. */
export type Engine = Plugin<EngineDeps, Agent>;
