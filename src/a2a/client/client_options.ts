import type { OpenBytes } from "../../lib/http2/open_bytes.ts";
import type { RetryPolicy } from "../../lib/retry.ts";
import type { Timers } from "../../lib/timers.ts";
import type { AgentCard } from "../card/card_types.ts";
import type { TrustedKeys } from "../card/verify_card.ts";
import type { PeerVersion } from "./choose_interfaces.ts";
import type { ClientAuth } from "./keyring.ts";

/** What a client is made of: whom it asks, and what it is given of the world. */
export interface ClientOptions {
  /** The agent's card, or where it is: the URL of a server, an agent, an endpoint or the card itself. */
  readonly agent: string | AgentCard;
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  /** Opens connections for gRPC. Absent: gRPC is not spoken. */
  readonly openBytes?: OpenBytes;
  /** What there is to show, in order of preference; the agent's card decides. Shown to the agent's own origins only. */
  readonly auth?: ClientAuth | readonly ClientAuth[];
  /** Whose signature a card has to have that is fetched (A2A v1 §8.4). Absent: it is believed as it comes. */
  readonly trust?: TrustedKeys;
  /** The only card that is believed when it is fetched: its `cardDigest`. */
  readonly pin?: string;
  /** What else goes with every request, such as a trace. The URL may come from the peer's card. */
  readonly headers?: (url: URL) => Readonly<Record<string, string>> | Promise<Readonly<Record<string, string>>>;
  /** Which generations may be spoken. Absent: that of the first interface in the card that can be spoken, and no other. */
  readonly version?: PeerVersion;
  /** The largest answer, and the largest event of a stream, that is read. Default: 64 MiB. */
  readonly maxBytes?: number;
  /** How long an answer may take to begin, but for SendMessage, which waits for the agent's work. Default: 30 s. */
  readonly answerMs?: number;
  /** How long nothing may come, not even a heartbeat, before a stream is taken up again. Default: 90 s. */
  readonly idleMs?: number;
  /** How a stream that breaks off is taken up again. Default: STREAM_RETRY. */
  readonly retry?: RetryPolicy;
  readonly random: () => number;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly timers: Timers;
}

/** Patience for a stream across a restart of its server. */
export const STREAM_RETRY: RetryPolicy = { maxRetries: 8, baseMs: 250, maxDelayMs: 10_000 };
