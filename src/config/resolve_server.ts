import type { z } from "zod";
import { didYouMean } from "../lib/suggest.ts";
import { check } from "./check.ts";
import type { AgentConfig, ServerConfig } from "./config.ts";
import { describeValue, oneOf } from "./describe_issue.ts";
import { defaultOf, pluggedIn } from "./plugin_section.ts";
import { placeIn, type Resolution, textAt } from "./resolution.ts";
import { ConfigFile } from "./schema.ts";
import { type ServerSection, StoreSection } from "./server_section.ts";
import { type Finding, join, type Place, quote } from "./tree.ts";

/** Agents by id; undefined for those that could not be read. */
export type Agents = ReadonlyMap<string, AgentConfig | undefined>;

/** The server with its defaults; undefined after adding what is wrong to the findings. */
export function resolveServer(
  place: Place,
  agents: Agents,
  { tables, findings }: Resolution,
): ServerConfig | undefined {
  const server = check(ConfigFile.shape.server, place, findings);
  const store = pluggedIn(
    { table: tables.stores, key: "type", common: StoreSection, fallback: defaultOf(tables.stores) },
    placeIn(place, "store"),
    findings,
  );
  checkGrpc(server, { agents, place: placeIn(place, "grpc_port") }, findings);
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

/** Cards cannot name gRPC first where it is not served. */
function checkGrpc(
  server: z.output<typeof ServerSection> | undefined,
  { agents, place }: { readonly agents: Agents; readonly place: Place },
  findings: Finding[],
): void {
  if (server?.grpc_port !== false) return;
  const asking = [
    ...server.transport === "grpc" ? ["server.transport"] : [],
    ...[...agents].flatMap(([id, agent]) =>
      agent?.card.preferred_transport === "grpc" ? [`${join("agents", id)}.card.preferred_transport`] : []
    ),
  ];
  const [first] = asking;
  if (first === undefined) return;
  findings.push({
    offset: place.offset,
    path: place.path,
    message: `found false, expected a port, as ${first} is grpc`,
  });
}
