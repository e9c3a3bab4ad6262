import type { OpenBytes } from "../lib/http2/open_bytes.ts";
import { Unreachable } from "../lib/unreachable.ts";
import { tcpBytes } from "./tcp_bytes.ts";

export interface DialOptions {
  /** Authorities in PEM that are trusted besides those of the system. */
  readonly caCerts?: readonly string[];
}

/** Opens connections of this process for HTTP/2, over TCP or TLS. */
export function createDial({ caCerts = [] }: DialOptions = {}): OpenBytes {
  return async ({ hostname, port }, { tls, signal }) => {
    const tcp = await Deno.connect({ hostname, port, signal });
    if (!tls) {
      // Frames are small and are written whole: waiting for more to fill a packet would only hold them up.
      tcp.setNoDelay(true);
      return tcpBytes(tcp);
    }
    const bytes = await Deno.startTls(tcp, { hostname, caCerts: [...caCerts], alpnProtocols: ["h2"] });
    const cut = () => bytes.close();
    signal.addEventListener("abort", cut, { once: true });
    try {
      const { alpnProtocol } = await bytes.handshake();
      if (alpnProtocol !== "h2") throw new Unreachable(`${hostname}:${port} does not speak HTTP/2`);
      return tcpBytes(bytes);
    } catch (thrown) {
      if (!signal.aborted) bytes.close();
      throw thrown;
    } finally {
      signal.removeEventListener("abort", cut);
    }
  };
}
