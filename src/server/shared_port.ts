import type { ByteStream } from "../lib/http2/byte_stream.ts";
import type { Timers } from "../lib/timers.ts";
import { acceptLoop } from "./accept_loop.ts";
import { bind, listen, type Listener, type ListenOptions } from "./listener.ts";
import { tcpBytes } from "./tcp_bytes.ts";

/** How long a peer may take to say which protocol it speaks. */
const FIRST_BYTES_MS = 10_000;
const COPY_BYTES = 16_384;
/** No method of HTTP/1 begins like the preface of HTTP/2 (RFC 9113 §3.4): `PRI` is reserved for it. */
const HTTP2_BEGIN = new TextEncoder().encode("PRI");

export interface SharedPortOptions extends ListenOptions {
  /** Takes a connection that speaks HTTP/2; `first` has been read from it already. */
  readonly http2: (bytes: ByteStream, first: Uint8Array) => void;
  readonly timers: Timers;
}

/**
 * One port for HTTP/1 and gRPC, told apart by the first bytes. HTTP/1 is passed on, byte by byte, to a server on a loopback
 * port of its own. Throws ListenError.
 */
export function listenShared(options: SharedPortOptions): Listener {
  const outer = bind({ ...options, setting: "--port" });
  const inner = listen({ ...options, hostname: "127.0.0.1", port: 0 });
  const take = async (connection: Deno.TcpConn) => {
    const bytes = tcpBytes(connection);
    try {
      const first = await firstBytes(bytes, options.timers);
      if (first === undefined) bytes.close();
      else if (isHttp2(first)) options.http2(bytes, first);
      else await splice(bytes, first, inner.port);
    } catch {
      bytes.close();
    }
  };
  const accepting = acceptLoop(outer, take, options.timers);
  return {
    hostname: options.hostname,
    port: outer.addr.port,
    stop: async () => {
      outer.close();
      await Promise.all([accepting, inner.stop()]);
    },
  };
}

/** As many bytes as it takes to tell; undefined if the peer went away or was too slow. */
async function firstBytes(bytes: ByteStream, timers: Timers): Promise<Uint8Array | undefined> {
  const stopTimer = timers.after(FIRST_BYTES_MS, () => bytes.close());
  const buffer = new Uint8Array(COPY_BYTES);
  try {
    for (let length = 0;;) {
      const count = await bytes.read(buffer.subarray(length));
      if (count === null) return undefined;
      length += count;
      const first = buffer.subarray(0, length);
      if (length >= HTTP2_BEGIN.length || !isBeginOfHttp2(first)) return first;
    }
  } finally {
    stopTimer();
  }
}

function isBeginOfHttp2(first: Uint8Array): boolean {
  return HTTP2_BEGIN.every((byte, at) => at >= first.length || first[at] === byte);
}

function isHttp2(first: Uint8Array): boolean {
  return first.length >= HTTP2_BEGIN.length && isBeginOfHttp2(first);
}

/** Passes bytes on both ways. When either side breaks, both are closed: half a connection would stay for ever. */
async function splice(outer: ByteStream, first: Uint8Array, port: number): Promise<void> {
  const inner = tcpBytes(await Deno.connect({ hostname: "127.0.0.1", port }));
  try {
    await writeAll(inner, first);
    await Promise.all([copy(outer, inner), copy(inner, outer)]);
  } finally {
    outer.close();
    inner.close();
  }
}

async function copy(from: ByteStream, to: ByteStream): Promise<void> {
  const buffer = new Uint8Array(COPY_BYTES);
  try {
    for (let count = await from.read(buffer); count !== null; count = await from.read(buffer)) {
      await writeAll(to, buffer.subarray(0, count));
    }
    await to.closeWrite();
  } catch {
    from.close();
    to.close();
  }
}

async function writeAll(to: ByteStream, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) at += await to.write(bytes.subarray(at));
}
