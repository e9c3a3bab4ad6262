import type { Agent } from "../agent/agent.ts";
import type { AnswerShape } from "../agent/answer_shape.ts";
import type { Prompt } from "../agent/prompt.ts";
import type { LlmAgentParts } from "../agent/loop.ts";
import type { AgentConfig, Config, ToolConfig } from "../config/config.ts";
import type { Model } from "../model/model.ts";
import { PLUGINS } from "../plugins.ts";
import type { DocumentStore } from "../rag/document_store.ts";
import { searchStores } from "../rag/search_stores.ts";
import { distinctToolset } from "../tool/distinct_toolset.ts";
import type { AgentsDeps, Tool, Toolset } from "../tool/tool.ts";
import { type ToolPolicy, toolsetWithPolicy, withPolicy } from "../tool/tool_policy.ts";
import { measuredModel, measuredTool, measuredToolset, type MeasureFor } from "./measured_agent.ts";
import { lateFetch } from "./late_fetch.ts";
import { pick } from "./pick.ts";
import type { Runtime } from "./runtime.ts";
import { sleep } from "./sleep.ts";

/** How the tools of this process reach URLs that a model names. */
const FETCH = lateFetch();

export interface AgentParts {
  readonly id: string;
  readonly config: Config;
  readonly model: Model;
  readonly stores: ReadonlyMap<string, DocumentStore>;
  /** By the names of their entries under `tools`. */
  readonly toolsets: ReadonlyMap<string, Toolset>;
  readonly runtime: Runtime;
  readonly agents: AgentsDeps;
  /** Tools that it has beside those which the configuration names. */
  readonly own: readonly Tool[];
  readonly endOfCalls?: LlmAgentParts["endOfCalls"];
}

export async function createAgent(agent: AgentConfig, parts: AgentParts): Promise<Agent> {
  const { id, config, model, runtime, own, endOfCalls } = parts;
  const by: MeasureFor = { agent: id, measure: runtime.measure, now: runtime.now };
  const llm = agent.llm === undefined ? undefined : config.llms.get(agent.llm);
  const provider = llm?.provider;
  const { reasoning, context, task } = agent;
  const shape = agent.structured_output ?? llm?.structured_output;
  return pick(PLUGINS.engines, reasoning.engine).create(reasoning.options, {
    // What plays a model and is none costs nothing.
    model: provider === undefined ? model : measuredModel(model, provider, by),
    tools: [...await createTools(agent, parts), ...own].map((tool) => measuredTool(tool, by)),
    toolsets: createToolsets(agent, parts).map((toolset) => measuredToolset(toolset, by)),
    memory: pick(PLUGINS.memories, context.strategy).create(context.options),
    prompt: promptOf(agent),
    showsThinking: reasoning.enable_thinking_display,
    output: shape === undefined ? undefined : await createShape(shape),
    limits: {
      maxIterations: reasoning.max_iterations,
      timeoutSeconds: reasoning.timeout_seconds,
      contextTokens: context.budget,
      inputTimeout: task.input_timeout === undefined
        ? undefined
        : { seconds: task.input_timeout, otherwise: task.on_input_timeout },
    },
    ...(endOfCalls === undefined ? {} : { endOfCalls }),
    agents: parts.agents,
    now: runtime.now,
    sleep,
    log: runtime.log,
  });
}

async function createShape(shape: NonNullable<AgentConfig["structured_output"]>): Promise<AnswerShape> {
  const [{ answerShape }, { Struct }] = await Promise.all([
    import("../agent/answer_shape.ts"),
    import("../a2a/proto_json.ts"),
  ]);
  return answerShape({ ...shape, schema: Struct.parse(shape.schema) });
}

function promptOf({ instruction, prompt, reasoning, variables }: AgentConfig): Prompt {
  const { system_prompt: systemPrompt, role, guidance } = prompt;
  return { instruction, systemPrompt, role, guidance, completion: reasoning.completion_instruction, variables };
}

function createTools(
  agent: AgentConfig,
  { config, stores, toolsets, runtime, agents }: AgentParts,
): Promise<Tool[]> {
  const own = new Map(agent.document_stores.map((name) => [name, pick(stores, name)]));
  const deps = {
    baseDir: config.base_dir,
    protectedPaths: runtime.protectedPaths,
    documents: searchStores(own),
    fetch: FETCH,
    env: runtime.env,
    agents,
  };
  return Promise.all(
    agent.tools.filter((name) => !toolsets.has(name)).map(async (name) => {
      const declared = pick(config.tools, name);
      const tool = await atItsPlace(name, () => pick(PLUGINS.tools, declared.type).create(declared.options, deps));
      return { ...withPolicy(tool, policyOf(declared)), name };
    }),
  );
}

/** What keeps a tool from being made is told with the entry that asks for it: a configuration may have several of a kind. */
async function atItsPlace<T>(name: string, create: () => T | Promise<T>): Promise<T> {
  try {
    return await create();
  } catch (cause) {
    throw new Error(`tools.${name}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

function policyOf({ description, require_approval, approval_prompt, replay }: ToolConfig): ToolPolicy {
  return { description, requireApproval: require_approval, approvalPrompt: approval_prompt, replay };
}

function createToolsets({ tools }: AgentConfig, { config, toolsets, own, runtime: { log } }: AgentParts): Toolset[] {
  const named = tools.flatMap((name) => {
    const toolset = toolsets.get(name);
    if (toolset === undefined) return [];
    return [{ name, toolset: toolsetWithPolicy(toolset, policyOf(pick(config.tools, name))) }];
  });
  const taken = [...tools.filter((name) => !toolsets.has(name)), ...own.map(({ name }) => name)];
  return named.length === 0 ? [] : [distinctToolset(named, { taken, log })];
}
