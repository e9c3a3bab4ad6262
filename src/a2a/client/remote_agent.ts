import type { AgentCard } from "../card/card_types.ts";
import { A2AError } from "../errors.ts";
import { chooseInterfaces, type PeerBinding } from "./choose_interfaces.ts";
import type { ClientOptions } from "./client_options.ts";
import { fallback, type Peers } from "./fallback.ts";
import { createKeyring, type Keyring } from "./keyring.ts";
import { createPeer, type PeerNetwork } from "./peer.ts";
import { resolveCard } from "./resolve_card.ts";

/** An agent whose card is read when it is first wanted; a failure is not kept. */
export interface RemoteAgent {
  card(signal: AbortSignal): Promise<AgentCard>;
  /** The ways to it. */
  peers(signal: AbortSignal): Promise<Peers>;
  close(): void;
}

const DEFAULTS = { maxBytes: 64 * 1024 * 1024, answerMs: 30_000, idleMs: 90_000 } as const;

export function createRemoteAgent(options: ClientOptions): RemoteAgent {
  const { agent, auth = [], version, openBytes } = options;
  const place = typeof agent === "string" ? placeOf(agent) : undefined;
  const keyring = createKeyring(Array.isArray(auth) ? auth : [auth], place);
  const network = networkOf(options, keyring, place?.protocol === "https:");
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

function networkOf(options: ClientOptions, keyring: Keyring, cardIsSecure: boolean): PeerNetwork {
  const { fetch, headers, openBytes, timers } = options;
  const { maxBytes = DEFAULTS.maxBytes, answerMs = DEFAULTS.answerMs, idleMs = DEFAULTS.idleMs } = options;
  return {
    fetch,
    ...(headers === undefined ? {} : { headers }),
    openBytes,
    keyring,
    cardIsSecure,
    maxBytes,
    answerMs,
    idleMs,
    timers,
  };
}

async function cardAt(url: string, network: PeerNetwork, signal: AbortSignal): Promise<AgentCard> {
  try {
    return await resolveCard(url, network, signal);
  } catch (thrown) {
    throw thrown instanceof A2AError ? network.keyring.explain(thrown) : thrown;
  }
}
