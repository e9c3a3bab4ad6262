import { Http2Connection } from "../../src/lib/http2/http2_connection.ts";
import { StreamError } from "../../src/lib/http2/http2_error.ts";
import type { Http2Stream } from "../../src/lib/http2/http2_stream.ts";
import { acceptLoop } from "../../src/server/accept_loop.ts";
import { tcpBytes } from "../../src/server/tcp_bytes.ts";
import { PROCESS_TIMERS } from "../../src/server/timers.ts";

export interface Http2Server {
  readonly port: number;
  stop(): void;
}

/** A server of our HTTP/2 and nothing else, on a free loopback port. */
export function http2Server(onStream: (stream: Http2Stream) => Promise<void>, maxConcurrentStreams = 100): Http2Server {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const serve = async (stream: Http2Stream) => {
    try {
      await onStream(stream);
    } catch (thrown) {
      if (!(thrown instanceof StreamError)) throw thrown;
    }
  };
  acceptLoop(listener, (taken) => {
    const options = { timers: PROCESS_TIMERS, maxConcurrentStreams };
    void new Http2Connection({ role: "server", onStream: serve }, tcpBytes(taken), options).run();
  }, PROCESS_TIMERS);
  return { port: listener.addr.port, stop: () => listener.close() };
}
