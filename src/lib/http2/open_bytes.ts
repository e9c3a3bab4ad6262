import type { ByteStream } from "./byte_stream.ts";

export interface PeerAddress {
  readonly hostname: string;
  readonly port: number;
}

export interface OpenOptions {
  /** Whether the peer proves its name by a certificate and agrees on HTTP/2 (ALPN `h2`, RFC 9113 §3.2). */
  readonly tls: boolean;
  readonly signal: AbortSignal;
}

/** Opens a connection for HTTP/2. The rim does it: nothing below knows a network. Throws when there is none to be had. */
export type OpenBytes = (address: PeerAddress, options: OpenOptions) => Promise<ByteStream>;
