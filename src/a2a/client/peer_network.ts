import type { OpenBytes } from "../../lib/http2/open_bytes.ts";
import type { ClientOptions } from "./client_options.ts";
import type { Keyring } from "./keyring.ts";
import type { TrustedKeys } from "../card/verify_card.ts";
import type { PeerHttp } from "./peer_http.ts";

/** What a client needs of the world to speak with a peer. */
export interface PeerNetwork extends PeerHttp {
  /** Opens connections for gRPC. Absent: gRPC is not spoken. */
  readonly openBytes?: OpenBytes | undefined;
  /** Whether the agent's card came over TLS. */
  readonly cardIsSecure: boolean;
  /** Whose signature the agent's card has to have. */
  readonly trust?: TrustedKeys | undefined;
  readonly pin?: string | undefined;
  /** How long an answer may take to begin that does not wait for the agent's work. */
  readonly answerMs: number;
}

const DEFAULTS = { maxBytes: 64 * 1024 * 1024, answerMs: 30_000, idleMs: 90_000 } as const;

/** What a client's options say of the network, whole. */
export function peerNetwork(
  options: Omit<ClientOptions, "agent">,
  keyring: Keyring,
  cardIsSecure: boolean,
): PeerNetwork {
  const { fetch, headers, openBytes, timers, trust, pin } = options;
  const { maxBytes = DEFAULTS.maxBytes, answerMs = DEFAULTS.answerMs, idleMs = DEFAULTS.idleMs } = options;
  return {
    fetch,
    ...(headers === undefined ? {} : { headers }),
    openBytes,
    keyring,
    cardIsSecure,
    trust,
    pin,
    maxBytes,
    answerMs,
    idleMs,
    timers,
  };
}
