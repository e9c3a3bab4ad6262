import type { ByteStream } from "../../lib/http2/byte_stream.ts";
import type { Timers } from "../../lib/timers.ts";
import { acceptLoop } from "../accept_loop.ts";
import { type Address, bind } from "../listener.ts";
import { tcpBytes } from "../tcp_bytes.ts";
import type { Admission, Doorkeeper } from "./doorkeeper.ts";
import type { InnerHttp } from "./inner_http.ts";
import type { Peer } from "../../lib/peer.ts";
import type { Tls } from "./tls.ts";

const SNIFF_BYTES = 4096;
/** No method of HTTP/1 begins like the preface of HTTP/2 (RFC 9113 §3.4): `PRI` is reserved for it. */
const HTTP2_BEGIN = new TextEncoder().encode("PRI");

/** Serves a connection of HTTP/2 in this process; `first` has been read from it already. */
export type ServeHttp2 = (bytes: ByteStream, first: Uint8Array, peer: Peer) => Promise<void>;

export interface DoorOptions extends Address {
  /** HTTP/1, and HTTP/2 where nobody else takes it. */
  readonly http?: InnerHttp;
  readonly http2?: ServeHttp2;
  readonly tls?: Tls | undefined;
  /** ALPN, the preferred one first. */
  readonly protocols: readonly string[];
  readonly keeper: Doorkeeper;
  readonly timers: Timers;
}

export interface Door {
  readonly port: number;
  /** Takes no more connections. */
  close(): void;
}

/** A port of the world's: every connection is counted and watched, decrypted, and passed on by its first bytes. Throws ListenError. */
export function openDoor(options: DoorOptions): Door {
  const { keeper, timers } = options;
  const listener = bind(options);
  const take = (connection: Deno.TcpConn) => {
    const raw = tcpBytes(connection);
    const admission = keeper.admit(connection.remoteAddr.hostname, () => raw.close());
    if (admission === undefined) return raw.close();
    receive(raw, admission, options).catch(() => raw.close()).finally(() => admission.leave());
  };
  // Not at once: a port that is closed again in the same turn, since another is taken, is free again in that turn.
  queueMicrotask(() => acceptLoop(listener, take, timers));
  return { port: listener.addr.port, close: () => listener.close() };
}

async function receive(raw: ByteStream, admission: Admission, options: DoorOptions): Promise<void> {
  const { http, http2, tls, protocols } = options;
  const { visit } = admission;
  const { bytes, protocol } = tls === undefined
    ? { bytes: raw, protocol: undefined }
    : await tls.terminate(raw, protocols);
  try {
    // RFC 9113 §3.2: whoever has agreed on it must speak it.
    const isAgreed = http === undefined || (http2 !== undefined && protocol === "h2");
    const first = isAgreed ? new Uint8Array(0) : await firstBytes(bytes);
    if (first === undefined) return;
    if (http2 !== undefined && (isAgreed || isHttp2(first))) {
      admission.handOver();
      await http2(bytes, first, visit);
    } else if (http !== undefined) {
      if (isHttp2(first)) visit.speaksHttp2();
      await http.serve(bytes, first, visit);
    }
  } finally {
    bytes.close();
    raw.close();
  }
}

/** As many bytes as it takes to tell; undefined if the peer went away. Whoever is too slow is cut by the keeper. */
async function firstBytes(bytes: ByteStream): Promise<Uint8Array | undefined> {
  const buffer = new Uint8Array(SNIFF_BYTES);
  for (let length = 0;;) {
    const count = await bytes.read(buffer.subarray(length));
    if (count === null) return undefined;
    length += count;
    const first = buffer.subarray(0, length);
    if (length >= HTTP2_BEGIN.length || !isBeginOfHttp2(first)) return first;
  }
}

function isBeginOfHttp2(first: Uint8Array): boolean {
  return HTTP2_BEGIN.every((byte, at) => at >= first.length || first[at] === byte);
}

function isHttp2(first: Uint8Array): boolean {
  return first.length >= HTTP2_BEGIN.length && isBeginOfHttp2(first);
}
