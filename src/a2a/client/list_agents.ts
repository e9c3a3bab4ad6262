import { isRecord } from "../../lib/json.ts";
import { AgentCard } from "../card/card_types.ts";
import { fromRestError } from "../error_wire.ts";
import { A2AError } from "../errors.ts";
import type { ClientOptions } from "./client_options.ts";
import { createKeyring } from "./keyring.ts";
import { readPeerJson, sendToPeer, withHeaders } from "./peer_http.ts";
import { peerNetwork } from "./peer_network.ts";

/** An agent as a hector server lists it. */
export interface ListedAgent {
  readonly id: string;
  readonly card: AgentCard;
}

/** What servers answer that know nothing of agents: no such place, no such method there, no such method at all. */
const NO_LIST: ReadonlySet<number> = new Set([404, 405, 501]);

/** The agents of the hector server at `url`. A2A itself has no such list. Throws A2AError, or `signal.reason`. */
export async function listAgents(
  url: string,
  options: Omit<ClientOptions, "agent">,
  signal: AbortSignal,
): Promise<readonly ListedAgent[]> {
  const base = new URL(url);
  const keyring = createKeyring([options.auth ?? []].flat(), base);
  const network = peerNetwork(options, keyring, base.protocol === "https:");
  const response = await sendToPeer(network, {
    method: "GET",
    url: `${url.replace(/\/+$/, "")}/v1/agents`,
    headers: { accept: "application/json", "a2a-version": "1.0" },
    signal,
    answerMs: network.answerMs,
  });
  const body = await readPeerJson(network, response, signal);
  if (NO_LIST.has(response.status)) {
    throw new A2AError("AGENT_NOT_FOUND", `Cannot list the agents at ${url}: is it the URL of a hector server?`);
  }
  if (!response.ok) throw keyring.explain(withHeaders(fromRestError(response.status, body), response.headers));
  const agents = isRecord(body) && Array.isArray(body.agents) ? body.agents : [];
  return agents.flatMap((agent: unknown) => {
    const card = AgentCard.safeParse(agent);
    return isRecord(agent) && typeof agent.id === "string" && card.success ? [{ id: agent.id, card: card.data }] : [];
  });
}
