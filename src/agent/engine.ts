import type { Plugin } from "../lib/plugin.ts";
import type { Agent } from "./agent.ts";
import type { LlmAgentParts } from "./loop.ts";
import type { Prompt } from "./prompt.ts";
import type { TurnLimits } from "./means.ts";
import type { AgentsDeps } from "../tool/tool.ts";

/** What the house hands to a reasoning engine; its options say the rest. */
export interface EngineDeps extends Omit<LlmAgentParts, "system" | "limits"> {
  readonly prompt: Prompt;
  readonly limits: Omit<TurnLimits, "maxToolOutputChars">;
  /** The agents that this one may give tasks to. */
  readonly agents: AgentsDeps;
}

/** A way to work through a request: a row of the table of engines. */
export interface Engine extends Plugin<EngineDeps, Agent> {
  /** Its agents give tasks to their sub-agents, and hand no conversation over to them. */
  readonly delegates?: true;
}
