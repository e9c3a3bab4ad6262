import { didYouMean } from "../lib/suggest.ts";
import { check } from "./check.ts";
import type { AgentConfig } from "./config.ts";
import { describeValue, oneOf } from "./describe_issue.ts";
import { defaultOf, pluggedIn } from "./plugin_section.ts";
import { placeIn, type Resolution, type Text, textsAt } from "./resolution.ts";
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

/** One agent, with every reference resolved and every default filled in; undefined after adding findings. */
export function resolveAgent(
  id: string,
  place: Place,
  of: { resolution: Resolution; declared: Declared },
): AgentConfig | undefined {
  const { resolution: { tables, findings }, declared } = of;
  const agent = check(AgentSection, place, findings);
  const llm = declared.llms.of(place);
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
  if (agent === undefined || llm === undefined || reasoning === undefined || context === undefined) return undefined;
  const { max_iterations, timeout_seconds } = agent.reasoning;
  return {
    ...agent,
    name: agent.name ?? id,
    description: agent.description ?? "",
    llm,
    tools: [...new Set(tools)],
    reasoning: { engine: reasoning.plugin, max_iterations, timeout_seconds, options: reasoning.options },
    context: { strategy: context.plugin, budget: agent.context.budget, options: context.options },
    document_stores: agent.document_stores === undefined ? declared.documentStores : [...new Set(stores)],
  };
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
