import type { ByteStream } from "../lib/http2/byte_stream.ts";
import type { OpenBytes, PeerAddress } from "../lib/http2/open_bytes.ts";
import { Unreachable } from "../lib/unreachable.ts";
import { untilAborted } from "../lib/until_aborted.ts";
import { tcpBytes } from "./tcp_bytes.ts";

/** A client's certificate with its private key, in PEM. */
export interface CertifiedKey {
  readonly cert: string;
  readonly key: string;
}

export interface DialOptions {
  /** Authorities in PEM that are trusted besides those of the system. */
  readonly caCerts?: readonly string[];
  /** Who we are, for servers that ask by TLS. The system says then which address stands for a name. */
  readonly own?: CertifiedKey;
  /** Which address stands for a name. Throws for one that is not gone to. Default: what the system says. */
  readonly resolve?: (address: PeerAddress, signal: AbortSignal) => Promise<string>;
}

/** Opens connections of this process for HTTP/2, over TCP or TLS. */
export function createDial({ caCerts = [], own, resolve }: DialOptions = {}): OpenBytes {
  return async ({ hostname, port }, { tls, signal }) => {
    const security = { hostname, caCerts: [...caCerts], alpnProtocols: ["h2"] };
    if (tls && own !== undefined) {
      signal.throwIfAborted();
      return await overHttp2(await Deno.connectTls({ ...security, ...own, port }), { hostname, port }, signal);
    }
    const address = await resolve?.({ hostname, port }, signal) ?? hostname;
    const tcp = await Deno.connect({ hostname: address, port, signal });
    // Frames are small and are written whole: waiting for more to fill a packet would only hold them up.
    tcp.setNoDelay(true);
    if (!tls) return tcpBytes(tcp);
    return await overHttp2(await Deno.startTls(tcp, security), { hostname, port }, signal);
  };
}

async function overHttp2(
  bytes: Deno.TlsConn,
  { hostname, port }: PeerAddress,
  signal: AbortSignal,
): Promise<ByteStream> {
  try {
    const { alpnProtocol } = await untilAborted(bytes.handshake(), signal);
    if (alpnProtocol !== "h2") throw new Unreachable(`${hostname}:${port} does not speak HTTP/2`);
    return tcpBytes(bytes);
  } catch (thrown) {
    bytes.close();
    throw thrown;
  }
}
