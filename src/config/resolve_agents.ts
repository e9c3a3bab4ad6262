import type { AgentConfig } from "./config.ts";
import { AgentId } from "./names.ts";
import { namedParts, type Resolution } from "./resolution.ts";
import { type Declared, resolveAgent } from "./resolve_agent.ts";
import { checkLinks } from "./check_links.ts";
import type { Agents } from "./resolve_server.ts";
import type { Place } from "./tree.ts";

/** Reads the agents, and how they name each other. */
export function resolveAgents(section: Place, resolution: Resolution, declared: Declared): Agents {
  const agents = new Map<string, AgentConfig | undefined>();
  for (const [id, place] of namedParts(section, AgentId, resolution.findings)) {
    agents.set(id, resolveAgent(id, place, { resolution, declared }));
  }
  checkLinks(section, [...agents.keys()], resolution);
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
