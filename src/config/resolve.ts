import { z } from "zod";
import { didYouMean } from "../lib/suggest.ts";
import { check } from "./check.ts";
import type { AgentConfig, Config, ServerConfig } from "./config.ts";
import { describeValue, oneOf } from "./describe_issue.ts";
import { deepFreeze } from "./freeze.ts";
import { defaultOf, pluggedIn } from "./plugin_section.ts";
import { namedParts, placeIn, type Resolution, textAt } from "./resolution.ts";
import { type Declared, resolveAgent } from "./resolve_agent.ts";
import { resolveLlms } from "./resolve_llms.ts";
import { resolveTools } from "./resolve_tools.ts";
import { DocumentStoreSection } from "./document_store_section.ts";
import { AgentId, Name } from "./names.ts";
import { ConfigFile } from "./schema.ts";
import { StoreSection } from "./server_section.ts";
import { type Place, quote } from "./tree.ts";

/** What stands at the top of a file beside the sections, which are checked one by one so that all of them are. */
const Head = ConfigFile.extend({
  llms: z.unknown().optional(),
  agents: z.unknown().optional(),
  tools: z.unknown().optional(),
  document_stores: z.unknown().optional(),
  server: z.unknown().optional(),
});

/** A tree in the newest spelling → Config; undefined after adding everything that is wrong to the findings. */
export function resolve(resolution: Resolution, baseDir: string): Config | undefined {
  const { root, findings } = resolution;
  const top: Place = { tree: root, path: "", offset: root.offset };
  const head = check(Head, top, findings);
  const llms = resolveLlms(resolution);
  const tools = resolveTools(placeIn(top, "tools"), resolution);
  const documentStores = resolveDocumentStores(placeIn(top, "document_stores"), resolution);
  const agents = resolveAgents(placeIn(top, "agents"), resolution, { llms, tools, documentStores });
  const server = resolveServer(placeIn(top, "server"), agents, resolution);
  if (findings.length > 0 || head === undefined || server === undefined) return undefined;
  return deepFreeze<Config>({
    version: "2",
    name: head.name,
    description: head.description,
    base_dir: baseDir,
    llms: resolution.llms,
    agents: definedOnly(agents),
    tools: resolution.tools,
    document_stores: resolution.documentStores,
    server,
  });
}

type Agents = ReadonlyMap<string, AgentConfig | undefined>;

function definedOnly(agents: Agents): ReadonlyMap<string, AgentConfig> {
  return new Map([...agents].flatMap(([id, agent]) => agent === undefined ? [] : [[id, agent] as const]));
}

function resolveDocumentStores(section: Place, { tables, documentStores, findings }: Resolution): readonly string[] {
  const declared: string[] = [];
  const fallback = defaultOf(tables.documentSources);
  for (const [name, place] of namedParts(section, Name, findings)) {
    declared.push(name);
    check(DocumentStoreSection, place, findings);
    const parts = { table: tables.documentSources, key: "source", common: DocumentStoreSection, fallback };
    const plugged = pluggedIn(parts, place, findings);
    if (plugged !== undefined) documentStores.set(name, { source: plugged.plugin, options: plugged.options });
  }
  return declared;
}

function resolveAgents(section: Place, resolution: Resolution, declared: Declared): Agents {
  const agents = new Map<string, AgentConfig | undefined>();
  for (const [id, place] of namedParts(section, AgentId, resolution.findings)) {
    agents.set(id, resolveAgent(id, place, { resolution, declared }));
  }
  const isEmpty = section.tree === undefined || (section.tree.kind === "table" && section.tree.entries.size === 0) ||
    (section.tree.kind === "scalar" && section.tree.value === null);
  // An agent that could not be read is no missing agent.
  const isReported = resolution.findings.some(({ path }) => path.startsWith(section.path));
  if (isEmpty && !isReported) {
    resolution.findings.push({
      offset: section.offset,
      path: section.path,
      message: "found none, expected at least one",
    });
  }
  return agents;
}

function resolveServer(place: Place, agents: Agents, { tables, findings }: Resolution): ServerConfig | undefined {
  const server = check(ConfigFile.shape.server, place, findings);
  const store = pluggedIn(
    { table: tables.stores, key: "type", common: StoreSection, fallback: defaultOf(tables.stores) },
    placeIn(place, "store"),
    findings,
  );
  const asked = textAt(placeIn(place, "default_agent"));
  if (asked !== undefined && !agents.has(asked.text)) {
    const { text, tree, offset, path } = asked;
    const expected = agents.size === 0 ? "the id of an agent" : oneOf([...agents.keys()].map(quote));
    const guess = tree.kind === "scalar" && tree.variables === undefined ? didYouMean(text, agents.keys()) : "";
    findings.push({ offset, path, message: `found ${describeValue(tree, [])}, expected ${expected}${guess}` });
  }
  const reachable = [...agents].find(([, agent]) => agent !== undefined && agent.visibility !== "private")?.[0];
  const default_agent = asked?.text ?? reachable ?? agents.keys().next().value;
  if (server === undefined || store === undefined || default_agent === undefined) return undefined;
  return { ...server, default_agent, store: { type: store.plugin, options: store.options } };
}
