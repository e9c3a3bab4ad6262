import type { z } from "zod";
import type { JsonObject } from "../lib/json.ts";
import type { AgentSection } from "./agent_section.ts";
import type { AgentType } from "./agent_types.ts";
import type { ObservabilitySection } from "./observability_section.ts";
import type { REMOTE_KEYS } from "./remote_section.ts";
import type { LlmExtras } from "./llm_section.ts";
import type { ServerSection } from "./server_section.ts";
import type { ToolSection } from "./tool_section.ts";

/** What a plugin's option schema made of its part of the file. Given to `create`, which parses it once more. */
export type PluginOptions = { readonly [option: string]: unknown };

export interface LlmConfig extends LlmExtras {
  readonly provider: string;
  readonly options: PluginOptions;
}

type ToolWords = "description" | "require_approval" | "approval_prompt" | "replay";

/** The tool, its options, and what the file says of it in its place. */
export interface ToolConfig extends Readonly<Pick<z.output<typeof ToolSection>, ToolWords>> {
  readonly type: string;
  readonly options: PluginOptions;
  /** SHA-256, in hex, of the files that are a part of the tool, by their paths from base_dir on. */
  readonly files?: ReadonlyMap<string, string> | undefined;
}

export interface DocumentStoreConfig {
  readonly source: string;
  readonly options: PluginOptions;
}

/** Which engine thinks, how long it may, and the engine's own options. */
export interface ReasoningConfig {
  readonly engine: string;
  /** Model calls in one turn. */
  readonly max_iterations: number;
  readonly timeout_seconds: number;
  readonly completion_instruction?: string | undefined;
  readonly enable_thinking_display: boolean;
  readonly enable_exit_tool: boolean;
  readonly enable_escalate_tool: boolean;
  readonly options: PluginOptions;
}

/** Which of the past goes into the prompt: at most `budget` tokens, chosen by `strategy`. */
export interface ContextConfig {
  readonly strategy: string;
  readonly budget: number;
  readonly options: PluginOptions;
}

type Agent = z.output<typeof AgentSection>;
type Server = z.output<typeof ServerSection>;

type AsWritten =
  | "visibility"
  | "prompt"
  | "streaming"
  | "extensions"
  | "card"
  | "extended_card"
  | "variables"
  | "structured_output"
  | "task";

/** One agent, complete: every name in it is declared in the Config, every default is filled in. */
export interface AgentConfig extends Readonly<Pick<Agent, AsWritten | keyof typeof REMOTE_KEYS>> {
  readonly name: string;
  readonly description: string;
  readonly instruction?: string;
  readonly type: AgentType;
  /** Of an agent of type llm, and of no other. */
  readonly llm?: string | undefined;
  readonly tools: readonly string[];
  readonly sub_agents?: readonly string[] | undefined;
  readonly agent_tools: readonly string[];
  /** Of a loop. 0: until an agent ends it. */
  readonly max_iterations: number;
  /** Of a parallel workflow. */
  readonly max_concurrency: number;
  /** Of a runner, by tool. */
  readonly tool_arguments: Readonly<Record<string, JsonObject>>;
  readonly reasoning: ReasoningConfig;
  readonly context: ContextConfig;
  /** Resolved: all that are declared when the file says nothing. */
  readonly document_stores: readonly string[];
  readonly skills: readonly Readonly<Agent["skills"][number]>[];
  readonly input_modes?: readonly string[] | undefined;
  readonly output_modes: readonly string[];
}

export interface StoreConfig {
  readonly type: string;
  readonly options: PluginOptions;
}

export interface ServerConfig extends Readonly<Omit<Server, "store" | "default_agent">> {
  /** Always one of the agents. */
  readonly default_agent: string;
  readonly store: StoreConfig;
}

/**
 * A configuration as a value: validated, complete, frozen to the last leaf. The names are those of the file's newest
 * spelling. Maps keep the order of the file.
 */
export interface Config {
  readonly version: "2";
  readonly name?: string;
  readonly description?: string;
  /** Absolute folder at which relative paths in options begin. Not part of the revision. */
  readonly base_dir: string;
  /** Declared ones and those that an agent's `llm: <model>` implies. */
  readonly llms: ReadonlyMap<string, LlmConfig>;
  /** At least one. */
  readonly agents: ReadonlyMap<string, AgentConfig>;
  /** Declared ones (without the disabled), and the built-in ones that an agent names. */
  readonly tools: ReadonlyMap<string, ToolConfig>;
  readonly document_stores: ReadonlyMap<string, DocumentStoreConfig>;
  readonly server: ServerConfig;
  readonly observability: Readonly<z.output<typeof ObservabilitySection>>;
}
