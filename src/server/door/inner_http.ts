import type { ByteStream } from "../../lib/http2/byte_stream.ts";
import { listen, type ListenOptions, LOOPBACK } from "../listener.ts";
import { tcpBytes } from "../tcp_bytes.ts";
import { splice } from "./splice.ts";
import type { Visit } from "./visit.ts";

/** HTTP behind the door. */
export interface InnerHttp {
  readonly port: number;
  /** Passes a connection on until it is closed. `first` has been read from it already. Throws if it cannot be passed on. */
  serve(bytes: ByteStream, first: Uint8Array, visit: Visit): Promise<void>;
  /** Takes no more connections and waits for the requests under way. */
  stop(): Promise<void>;
}

/**
 * An HTTP server on a loopback port of its own. It knows a visitor by the port from which the door connects: whoever else
 * on this machine finds the inner port is turned away, so nobody gets around the door.
 */
export function innerHttp({ fetch, onError }: Pick<ListenOptions, "fetch" | "onError">): InnerHttp {
  const visits = new Map<number, Visit>();
  const server = listen({
    hostname: LOOPBACK,
    port: 0,
    onError,
    fetch: async (request, arrival) => {
      const visit = visits.get(arrival.port);
      if (visit === undefined) return new Response(null, { status: 403 });
      visit.requestBegins();
      arrival.completed.catch(() => {}).then(() => visit.requestEnds());
      const response = await fetch(request, { ...arrival, address: visit.address });
      if (response.status === 101) visit.becomesSocket();
      return response;
    },
  });
  return {
    port: server.port,
    async serve(bytes, first, visit) {
      const inner = await Deno.connect({ hostname: LOOPBACK, port: server.port });
      inner.setNoDelay(true);
      const { port } = inner.localAddr;
      visits.set(port, visit);
      try {
        await splice(bytes, tcpBytes(inner), { first, watch: visit });
      } finally {
        visits.delete(port);
      }
    },
    stop: () => server.stop(),
  };
}
