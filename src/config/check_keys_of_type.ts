import type { AgentType } from "./agent_types.ts";
import { oneOf } from "./describe_issue.ts";
import { REMOTE_KEYS } from "./remote_section.ts";
import { placeIn } from "./resolution.ts";
import { type Finding, type Place, quote } from "./tree.ts";

const WITH_CHILDREN = ["sequential", "parallel", "loop"] as const;

/** Keys that not every type of agent has. */
const KEYS_OF_TYPES: ReadonlyMap<string, readonly AgentType[]> = new Map<string, readonly AgentType[]>([
  ...["llm", "instruction", "variables", "prompt", "structured_output", "context", "agent_tools"].map((key) =>
    [key, ["llm"]] as const
  ),
  ["tools", ["llm", "runner"]],
  ["document_stores", ["llm", "runner"]],
  ["sub_agents", ["llm", ...WITH_CHILDREN]],
  ["max_iterations", ["loop"]],
  ["max_concurrency", ["parallel"]],
  ["tool_arguments", ["runner"]],
  ...Object.keys(REMOTE_KEYS).map((key) => [key, ["remote"]] as const),
]);

const PLACES = ["url", "agent_card_url", "agent_card_file"] as const;

/** What stands in an agent's section and means nothing for its type, and what is missing there. */
export function checkKeysOfType(type: AgentType, place: Place, findings: Finding[]): void {
  const keys = place.tree?.kind === "table" ? [...place.tree.entries.keys()] : [];
  for (const key of keys) {
    const types = KEYS_OF_TYPES.get(key);
    if (types === undefined || types.includes(type)) continue;
    const { path, offset } = placeIn(place, key);
    const message = `found in an agent of type ${type}, expected it only in one of type ${oneOf([...types])}`;
    findings.push({ offset, path, message });
  }
  const missing = (message: string) => findings.push({ offset: place.offset, path: place.path, message });
  if (WITH_CHILDREN.some((each) => each === type) && isEmpty(placeIn(place, "sub_agents"))) {
    missing(`found no sub_agents, which an agent of type ${type} is made of`);
  }
  if (type === "runner" && isEmpty(placeIn(place, "tools"))) missing("found no tools, which a runner is made of");
  if (type !== "remote") return;
  const named = PLACES.filter((key) => keys.includes(key));
  if (named.length === 1) return;
  const found = named.length === 0 ? "nothing" : named.map(quote).join(" and ");
  missing(`found ${found} that says where the remote agent is, expected one of ${PLACES.map(quote).join(", ")}`);
}

function isEmpty({ tree }: Place): boolean {
  return tree?.kind !== "list" || tree.items.length === 0;
}
