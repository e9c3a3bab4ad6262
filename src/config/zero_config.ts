import { didYouMean } from "../lib/suggest.ts";
import { chooseProvider, type ChosenProvider, providerOf } from "./choose_provider.ts";
import type { Config } from "./config.ts";
import { ConfigError } from "./config_error.ts";
import { oneOf } from "./describe_issue.ts";
import { finishConfig } from "./finish_config.ts";
import type { Env } from "./interpolate.ts";
import { keysAt } from "./keys_at.ts";
import type { PluginTables } from "./plugin_tables.ts";
import { type Finding, NOWHERE, quote, tableOf, type Tree, treeOf } from "./tree.ts";

/** What may be said on the command line instead of a file. */
export interface ZeroConfigFlags {
  readonly provider?: string;
  readonly model?: string;
  readonly apiKey?: string;
  readonly baseUrl?: string;
  readonly temperature?: string;
  readonly maxTokens?: string;
  readonly instruction?: string;
  /** Replaces the system prompt. */
  readonly role?: string;
  /** true: every built-in tool that needs no options. */
  readonly tools?: boolean | readonly string[];
  /** Whether the model may think before it answers. */
  readonly thinking?: boolean | undefined;
  /** About how many tokens it may think for. */
  readonly thinkingBudget?: string | undefined;
  /** Whether callers are shown what it thinks. */
  readonly showThinking?: boolean | undefined;
  /** Documents to search. */
  readonly docsFolder?: string | undefined;
  /** Where a server of tools is. */
  readonly toolServer?: string | undefined;
  /** Tools whose calls need a person's yes, and tools whose calls need none, whatever they judge themselves. */
  readonly approveTools?: readonly string[] | undefined;
  readonly noApproveTools?: readonly string[] | undefined;
}

export interface ZeroConfigRequest {
  readonly flags: ZeroConfigFlags;
  readonly env: Env;
  readonly tables: PluginTables;
  /** The tool that an agent searches documents with. */
  readonly documentTool: string;
  /** The kind of tool that stands for a server of tools. */
  readonly serverTool: string;
  readonly baseDir: string;
}

export interface ZeroConfig {
  readonly config: Config;
  /** A sentence on what was chosen and why. Names variables and flags, never what they hold. */
  readonly why: string;
}

const AGENT = "assistant";
const LLM = "default";
const COMMAND_LINE = "command line";

/** The configuration of a start without a file: one agent, and the first provider with a key. Throws ConfigError. */
export function zeroConfig(request: ZeroConfigRequest): ZeroConfig {
  const { flags, env, tables, baseDir } = request;
  const chosen = providerFor(flags, tables, env);
  const known = optionsOf(chosen.provider, tables);
  const findings = [
    ...missingOptions(flags, chosen.provider, known),
    ...docsFolderFindings(flags),
    ...unknownTools(flags, tables),
  ];
  const options = findings.length > 0 ? [] : llmFlags(flags);
  const llm = tableOf([
    { key: "provider", value: treeOf(chosen.provider), was: "--provider" },
    ...options.map(({ key, flag, value }) => ({ key, value, was: flag })),
  ]);
  const root = tableOf([
    { key: "llms", value: tableOf([{ key: LLM, value: llm }]) },
    { key: "agents", value: tableOf([{ key: AGENT, value: agentTree(request) }]) },
    ...documents(flags),
    ...declaredTools(request),
  ]);
  const config = finishConfig(root, { env, tables, baseDir }, findings);
  if (config === undefined) {
    throw new ConfigError(findings.map(({ path, message }) => ({ file: COMMAND_LINE, path, message })));
  }
  const model = flags.model ?? tables.models.get(chosen.provider)?.defaultModel ?? "";
  return { config, why: `Agent "${AGENT}" uses ${chosen.provider} (${model}), because ${chosen.because}.` };
}

function providerFor(flags: ZeroConfigFlags, { models }: PluginTables, env: Env): ChosenProvider {
  if (flags.provider !== undefined) return { provider: flags.provider, because: "--provider says so" };
  const owner = flags.model === undefined ? undefined : providerOf(flags.model, models);
  if (owner !== undefined) return { provider: owner, because: "the model of --model is its own" };
  const keyed = [...models].find(([, { credentials }]) => credentials.length > 0)?.[0];
  const chosen = chooseProvider(models, env);
  const hasKey = (models.get(chosen.provider)?.credentials.length ?? 0) > 0;
  if (keyed !== undefined && flags.apiKey !== undefined) {
    return { provider: keyed, because: "--api-key is given without --provider" };
  }
  if (keyed !== undefined && flags.baseUrl !== undefined && !hasKey) {
    return { provider: keyed, because: "--base-url is given without --provider" };
  }
  return chosen;
}

interface LlmFlag {
  readonly key: string;
  readonly flag: string;
  readonly value: Tree;
}

function llmFlags(flags: ZeroConfigFlags): readonly LlmFlag[] {
  const { model, apiKey, baseUrl, temperature, maxTokens } = flags;
  const all = [
    { key: "model", flag: "--model", value: model },
    { key: "api_key", flag: "--api-key", value: apiKey },
    { key: "base_url", flag: "--base-url", value: baseUrl },
    { key: "temperature", flag: "--temperature", value: temperature },
    { key: "max_tokens", flag: "--max-tokens", value: maxTokens },
  ];
  const said = all.flatMap(({ key, flag, value }) => value === undefined ? [] : [{ key, flag, value: treeOf(value) }]);
  return [...said, ...thinkingFlags(flags)];
}

function thinkingFlags({ thinking, thinkingBudget }: ZeroConfigFlags): readonly LlmFlag[] {
  const key = "thinking";
  if (thinkingBudget !== undefined) {
    const flag = "--thinking-budget";
    const budget = { key: "budget_tokens", value: treeOf(thinkingBudget), was: flag };
    return [{ key, flag, value: tableOf([{ key: "enabled", value: treeOf(thinking ?? true) }, budget]) }];
  }
  return thinking === undefined ? [] : [{ key, flag: "--thinking", value: treeOf(thinking) }];
}

function optionsOf(provider: string, { models }: PluginTables): readonly string[] {
  const options = models.get(provider)?.options;
  return options === undefined ? [] : keysAt(options(), []);
}

/** The built-in providers have few options: say that, rather than that a key is unknown. */
function missingOptions(flags: ZeroConfigFlags, provider: string, known: readonly string[]): Finding[] {
  if (known.length === 0) return [];
  return llmFlags(flags).filter(({ key }) => !known.includes(key)).map(({ flag }) => ({
    offset: NOWHERE,
    path: flag,
    message: `provider "${provider}" has no such option, expected --provider with another one`,
  }));
}

const DOCUMENTS = "docs";

function documents({ docsFolder }: ZeroConfigFlags) {
  if (docsFolder === undefined) return [];
  const store = tableOf([{ key: "path", value: treeOf(docsFolder), was: "--docs-folder" }]);
  return [{ key: "document_stores", value: tableOf([{ key: DOCUMENTS, value: store }]) }];
}

function docsFolderFindings({ docsFolder }: ZeroConfigFlags): Finding[] {
  if (docsFolder === undefined || !docsFolder.includes(":/")) return [];
  const message =
    "found PATH:REMOTE, which is for a remote parser that is not in this version, expected the path alone";
  return [{ offset: NOWHERE, path: "--docs-folder", message }];
}

function unknownTools({ approveTools = [], noApproveTools = [] }: ZeroConfigFlags, { tools }: PluginTables): Finding[] {
  const named = [
    ...approveTools.map((name) => ({ path: "--approve-tools", name })),
    ...noApproveTools.map((name) => ({ path: "--no-approve-tools", name })),
  ];
  return named.filter(({ name }) => !tools.has(name)).map(({ path, name }) => {
    const expected = `expected ${oneOf([...tools.keys()].map(quote))}${didYouMean(name, tools.keys())}`;
    return { offset: NOWHERE, path, message: `found ${quote(name)}, ${expected}` };
  });
}

function declaredTools({ flags, serverTool, tables }: ZeroConfigRequest) {
  const { toolServer, approveTools = [], noApproveTools = [] } = flags;
  const approval = (key: boolean, was: string) => ({ key: "require_approval", value: treeOf(key), was });
  const server = toolServer === undefined ? [] : [{ key: "url", value: treeOf(toolServer), was: "--mcp-url" }];
  const said = [
    ...(toolServer === undefined ? [] : [{ name: serverTool, entries: server }]),
    ...approveTools.map((name) => ({ name, entries: [approval(true, "--approve-tools")] })),
    ...noApproveTools.map((name) => ({ name, entries: [approval(false, "--no-approve-tools")] })),
  ].filter(({ name }) => tables.tools.has(name));
  if (said.length === 0) return [];
  // Of two flags about one tool the stricter comes first, and the first is the one.
  const byName = new Map<string, Parameters<typeof tableOf>[0][number][]>();
  for (const { name, entries } of said) {
    const known = byName.get(name) ?? [];
    byName.set(name, [...known, ...entries.filter(({ key }) => known.every((entry) => entry.key !== key))]);
  }
  const tools = [...byName].map(([key, entries]) => ({ key, value: tableOf(entries) }));
  return [{ key: "tools", value: tableOf(tools) }];
}

function agentTree({ flags, tables, documentTool, serverTool }: ZeroConfigRequest) {
  const { instruction, role, tools, docsFolder, toolServer, showThinking } = flags;
  const asked = tools === true ? toolsWithoutOptions(tables) : tools === false ? undefined : tools;
  const implied = [
    ...(docsFolder === undefined ? [] : [documentTool]),
    ...(toolServer === undefined ? [] : [serverTool]),
  ];
  const names = implied.length === 0 ? asked : [...new Set([...asked ?? [], ...implied])];
  return tableOf([
    ...(instruction === undefined ? [] : [{ key: "instruction", value: treeOf(instruction), was: "--instruction" }]),
    ...(role === undefined ? [] : [{ key: "prompt", value: treeOf({ system_prompt: role }), was: "--role" }]),
    ...(showThinking === undefined
      ? []
      : [{ key: "reasoning", value: treeOf({ enable_thinking_display: showThinking }), was: "--show-thinking" }]),
    ...(names === undefined ? [] : [{ key: "tools", value: treeOf(names), was: "--tools" }]),
    { key: "llm", value: treeOf(LLM) },
  ]);
}

function toolsWithoutOptions({ tools }: PluginTables): readonly string[] {
  return [...tools].flatMap(([name, { options }]) => options().safeParse({}).success ? [name] : []);
}
