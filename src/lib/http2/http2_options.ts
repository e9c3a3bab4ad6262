import type { Timers } from "../timers.ts";
import type { Http2Stream } from "./http2_stream.ts";

export interface Http2Options {
  readonly timers: Timers;
  /** Streams that a peer may have open at once. */
  readonly maxConcurrentStreams?: number;
  /** Bytes that have been read from the connection already. */
  readonly first?: Uint8Array;
}

/** A server's connection is given every request; a client makes requests of its own. */
export type Http2Role =
  | { readonly role: "server"; readonly onStream: (stream: Http2Stream) => void }
  | { readonly role: "client" };
