import { inOrder, type Move } from "./change.ts";
import { MCP_SERVERS } from "./mcp_servers.ts";
import { listOfAgents, OLDER_AGENTS } from "./older_agents.ts";
import { OLDER_DOCUMENTS } from "./older_documents.ts";
import { OLDER_MODELS } from "./older_models.ts";
import { OLDER_SHORTHANDS } from "./older_shorthands.ts";
import { OLDER_SERVER } from "./older_server.ts";
import { OLDER_TOOLS } from "./older_tools.ts";
import type { Finding, Tree } from "./tree.ts";

/**
 * Earlier generations of the file, read as the newest one. Only spellings that mean the same are here: what has no
 * counterpart stays where it is and meets the schema as an unknown key (not_in_this_version.ts knows what to say of it).
 */
export function readOlderSpellings(root: Tree): OlderSpellings {
  const findings: Finding[] = [];
  const moves: Move[] = [];
  if (root.kind !== "table") return { tree: root, findings, moves };
  return { tree: READ(root, { path: "", keys: [], findings, moves }), findings, moves };
}

export interface OlderSpellings {
  readonly tree: Tree;
  readonly findings: readonly Finding[];
  readonly moves: readonly Move[];
}

const READ = inOrder([
  listOfAgents,
  OLDER_SHORTHANDS,
  OLDER_SERVER,
  OLDER_MODELS,
  OLDER_TOOLS,
  MCP_SERVERS,
  OLDER_DOCUMENTS,
  OLDER_AGENTS,
]);
