import type { SseMessage } from "../../lib/parse_sse.ts";
import type { ChosenInterface } from "./resolve_card.ts";
import type { PeerHttp } from "./peer_http.ts";
import type { Operation } from "../operations.ts";

/** A question in the peer's own words. */
export interface Outgoing {
  readonly operation: Operation;
  /** What PeerDialect.writeRequest gave. */
  readonly params: Readonly<Record<string, unknown>>;
  /** A2A-Version and A2A-Extensions. */
  readonly headers: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/** One binding to one interface of a peer: frames and errors, no meaning. Both throw A2AError, or `signal.reason`. */
export interface PeerWire {
  /** The payload of the answer. */
  ask(outgoing: Outgoing): Promise<unknown>;
  /** The payloads of the stream's events, each with the id that the stream gave it. Ends when the connection does. */
  stream(outgoing: Outgoing): AsyncIterable<{ readonly id: SseMessage["id"]; readonly payload: unknown }>;
}

export type CreateWire = (target: ChosenInterface, http: PeerHttp) => PeerWire;
