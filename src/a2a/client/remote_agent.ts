import type { AgentCard } from "../card/card_types.ts";
import { A2AError } from "../errors.ts";
import { chooseInterfaces, type PeerBinding } from "./choose_interfaces.ts";
import type { ClientOptions } from "./client_options.ts";
import { fallback, type Peers } from "./fallback.ts";
import { createKeyring } from "./keyring.ts";
import { createPeer } from "./peer.ts";
import { type PeerNetwork, peerNetwork } from "./peer_network.ts";
import { resolveCard } from "./resolve_card.ts";

/** An agent whose card is read when it is first wanted; a failure is not kept. */
export interface RemoteAgent {
  card(signal: AbortSignal): Promise<AgentCard>;
  /** The ways to it. */
  peers(signal: AbortSignal): Promise<Peers>;
  close(): void;
}

export function createRemoteAgent(options: ClientOptions): RemoteAgent {
  const { agent, auth = [], version, openBytes } = options;
  const place = typeof agent === "string" ? placeOf(agent) : undefined;
  const keyring = createKeyring([auth].flat(), place);
  const network = peerNetwork(options, keyring, place?.protocol === "https:");
  const bindings = new Set<PeerBinding>(openBytes === undefined ? ["jsonrpc", "rest"] : ["jsonrpc", "rest", "grpc"]);
  let known: AgentCard | undefined;
  let peers: Peers | undefined;
  const card = async (signal: AbortSignal) => {
    if (known !== undefined) return known;
    const read = typeof agent === "string" ? await cardAt(agent, network, signal) : agent;
    if (known !== undefined) return known;
    keyring.learn(read, place);
    return known = read;
  };
  return {
    card,
    peers: async (signal) => {
      const interfaces = chooseInterfaces(await card(signal), { version, bindings });
      return peers ??= fallback(interfaces, (chosen) => createPeer(chosen, network));
    },
    close: () => peers?.close(),
  };
}

function placeOf(agent: string): URL {
  const url = URL.parse(agent);
  if (url !== null && /^https?:$/.test(url.protocol)) return url;
  throw new TypeError(`Cannot find an agent at ${JSON.stringify(agent)}: it takes a URL such as http://localhost:8080`);
}

async function cardAt(url: string, network: PeerNetwork, signal: AbortSignal): Promise<AgentCard> {
  try {
    return await resolveCard(url, network, signal);
  } catch (thrown) {
    throw thrown instanceof A2AError ? network.keyring.explain(thrown) : thrown;
  }
}
