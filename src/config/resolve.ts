import { z } from "zod";
import { check } from "./check.ts";
import type { AgentConfig, Config } from "./config.ts";
import { deepFreeze } from "./freeze.ts";
import { placeIn, type Resolution } from "./resolution.ts";
import { resolveAgents } from "./resolve_agents.ts";
import { resolveDocumentStores } from "./resolve_documents.ts";
import { resolveLlms } from "./resolve_llms.ts";
import { type Agents, resolveServer } from "./resolve_server.ts";
import { resolveTools } from "./resolve_tools.ts";
import { ConfigFile } from "./schema.ts";
import type { Place } from "./tree.ts";

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
    observability: head.observability,
  });
}

function definedOnly(agents: Agents): ReadonlyMap<string, AgentConfig> {
  return new Map([...agents].flatMap(([id, agent]) => agent === undefined ? [] : [[id, agent] as const]));
}
