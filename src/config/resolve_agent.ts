import { didYouMean } from "../lib/suggest.ts";
import { AGENT_TYPES, type AgentType } from "./agent_types.ts";
import { check } from "./check.ts";
import { checkKeysOfType } from "./check_keys_of_type.ts";
import type { AgentConfig } from "./config.ts";
import { describeValue, oneOf } from "./describe_issue.ts";
import { defaultOf, pluggedIn } from "./plugin_section.ts";
import { placeIn, type Resolution, type Text, textAt, textsAt } from "./resolution.ts";
import type { Llms } from "./resolve_llms.ts";
import type { ToolNames } from "./resolve_tools.ts";
import { AgentSection, ContextSection, ReasoningSection } from "./agent_section.ts";
import { type Place, quote } from "./tree.ts";

/** What an agent may refer to. */
export interface Declared {
  readonly llms: Llms;
  readonly tools: ToolNames;
  readonly documentStores: readonly string[];
}

/** What every engine is told, without the options of its own. */
const ReasoningWords = ReasoningSection.strip();

const DEFAULT_PASSES = 10;
const DEFAULT_CONCURRENCY = 8;

/** One agent, with every reference resolved and every default filled in; undefined after adding findings. */
export function resolveAgent(
  id: string,
  place: Place,
  of: { resolution: Resolution; declared: Declared },
): AgentConfig | undefined {
  const { resolution: { tables, findings }, declared } = of;
  const agent = check(AgentSection, place, findings);
  const type = typeOf(place);
  if (type !== undefined) checkKeysOfType(type, place, findings);
  const hasModel = type === undefined || type === "llm";
  const llm = hasModel ? declared.llms.of(place) : undefined;
  const tools = textsAt(placeIn(place, "tools")).flatMap((text) => declared.tools.named(text) ?? []);
  const stores = textsAt(placeIn(place, "document_stores")).map((text) => storeNamed(text, of));
  const reasoning = pluggedIn(
    { table: tables.engines, key: "engine", common: ReasoningSection, fallback: defaultOf(tables.engines) },
    placeIn(place, "reasoning"),
    findings,
  );
  const context = pluggedIn(
    { table: tables.memories, key: "strategy", common: ContextSection, fallback: defaultOf(tables.memories) },
    placeIn(place, "context"),
    findings,
  );
  if (agent === undefined || hasModel && llm === undefined) return undefined;
  if (reasoning === undefined || context === undefined) return undefined;
  const { engine: _engine, ...common } = ReasoningWords.parse(agent.reasoning, { jitless: true });
  return {
    ...agent,
    name: agent.name ?? id,
    description: agent.description ?? "",
    llm,
    tools: [...new Set(tools)],
    max_iterations: agent.max_iterations ?? DEFAULT_PASSES,
    max_concurrency: agent.max_concurrency ?? DEFAULT_CONCURRENCY,
    tool_arguments: agent.tool_arguments ?? {},
    reasoning: { engine: reasoning.plugin, ...common, options: reasoning.options },
    context: { strategy: context.plugin, budget: agent.context.budget, options: context.options },
    document_stores: agent.document_stores === undefined ? declared.documentStores : [...new Set(stores)],
  };
}

/** What the section says that the agent is, if it says so in a word that there is. */
function typeOf(place: Place): AgentType | undefined {
  const named = placeIn(place, "type");
  if (named.tree === undefined) return "llm";
  return AGENT_TYPES.find((type) => type === textAt(named)?.text);
}

function storeNamed(
  { text, tree, offset, path }: Text,
  { resolution, declared }: { resolution: Resolution; declared: Declared },
): string {
  const { documentStores } = declared;
  if (!documentStores.includes(text)) {
    const expected = documentStores.length === 0
      ? "an entry of document_stores (there is none)"
      : oneOf(documentStores.map(quote));
    const guess = tree.kind === "scalar" && tree.variables === undefined ? didYouMean(text, documentStores) : "";
    resolution.findings.push({
      offset,
      path,
      message: `found ${describeValue(tree, [])}, expected ${expected}${guess}`,
    });
  }
  return text;
}
