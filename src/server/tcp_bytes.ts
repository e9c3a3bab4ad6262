import type { ByteStream } from "../lib/http2/byte_stream.ts";

/** A connection as plain bytes. Closing it twice is no mistake: both sides of a protocol may come to the same end. */
export function tcpBytes(connection: Deno.TcpConn | Deno.TlsConn): ByteStream {
  let isClosed = false;
  return {
    read: (into) => connection.read(into),
    write: (bytes) => connection.write(bytes),
    closeWrite: () => connection.closeWrite(),
    close: () => {
      if (isClosed) return;
      isClosed = true;
      connection.close();
    },
  };
}
