import type { Connection } from "../lib/http1.ts";
import type { EgressDeps, Endpoint } from "../lib/safe_fetch.ts";
import type { Timers } from "../lib/timers.ts";

export interface EgressOptions {
  readonly timers: Timers;
  /** Authorities in PEM that are trusted besides those of the system. */
  readonly caCerts?: readonly string[];
  /** false: any certificate is believed. */
  readonly verifies?: boolean;
}

/** The network of this process, for `createSafeFetch`. */
export function createEgress({ timers, caCerts = [], verifies = true }: EgressOptions): EgressDeps {
  return {
    async resolve(hostname) {
      // Unlike Deno.resolveDns, this asks whom every other program asks: the hosts file too.
      const { lookup } = await import("node:dns/promises");
      return (await lookup(hostname, { all: true })).map(({ address }) => address);
    },
    connect: async (endpoint, signal) => {
      if (verifies || endpoint.tlsName === undefined) return await connect(endpoint, caCerts, signal);
      const { connectUnverified } = await import("./connect_unverified.ts");
      return await connectUnverified(endpoint, signal);
    },
    timers,
  };
}

async function connect({ address, port, tlsName }: Endpoint, caCerts: readonly string[], signal: AbortSignal) {
  const tcp = await Deno.connect({ hostname: address, port, signal });
  if (tlsName === undefined) return closable(tcp);
  // The certificate has to be the name's, though the connection goes to an address. The first write shakes hands.
  return closable(
    await Deno.startTls(tcp, { hostname: tlsName, caCerts: [...caCerts], alpnProtocols: ["http/1.1"] }),
  );
}

function closable(connection: Deno.Conn): Connection {
  return {
    readable: connection.readable,
    writable: connection.writable,
    close: () => {
      try {
        connection.close();
      } catch {
        // A peer or a failed handshake has closed it already.
      }
    },
  };
}
