import type { Operation } from "../operations.ts";

/** A question in the peer's own words. */
export interface Outgoing {
  readonly operation: Operation;
  /** What PeerDialect.writeRequest gave. */
  readonly params: Readonly<Record<string, unknown>>;
  /** A2A-Version, A2A-Extensions, and where a stream is to go on. */
  readonly headers: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  /** How long the answer may take to begin. Absent: as long as it needs. */
  readonly answerMs: number | undefined;
  /** The credentials that went with this before were not taken. */
  readonly refused: boolean;
}

/** An event with the id that the stream gave it; "" where it gave none. */
export interface WireEvent {
  readonly id: string;
  readonly payload: unknown;
}

/** One binding to one interface of a peer: frames and errors, no meaning. Both throw A2AError, or `signal.reason`. */
export interface PeerWire {
  /** The payload of the answer. */
  ask(outgoing: Outgoing): Promise<unknown>;
  /** The payloads of the stream's events. Ends when the connection does. */
  stream(outgoing: Outgoing): AsyncIterable<WireEvent>;
  /** Lets go of what is held open. */
  close(): void;
}
