import type { ByteStream } from "../lib/http2/byte_stream.ts";
import type { Http2Connection } from "../lib/http2/http2_connection.ts";
import type { Http2Stream } from "../lib/http2/http2_stream.ts";
import type { LifetimeLimits } from "../lib/http2/lifetime.ts";
import type { Log } from "../lib/log.ts";
import type { Timers } from "../lib/timers.ts";
import type { Peer } from "../lib/peer.ts";

const LIFETIME: LifetimeLimits = {
  greetingMs: 10_000,
  idleMs: 300_000,
  pingAfterMs: 60_000,
  pingTimeoutMs: 20_000,
  maxAgeMs: 3_600_000,
  stallMs: 60_000,
};

/** Answers one stream of HTTP/2. */
export type GrpcFace = (stream: Http2Stream, peer: Peer) => Promise<void>;

export interface GrpcServerDeps {
  /** Makes what answers a stream; called once, with the first stream. */
  readonly face: () => Promise<GrpcFace>;
  readonly timers: Timers;
  readonly random: () => number;
  readonly log: Log;
}

export interface GrpcArrival {
  /** Has been read from the connection already. */
  readonly first?: Uint8Array;
  readonly peer: Peer;
}

/** All gRPC connections of the process, whichever port they came by. */
export interface GrpcServer {
  /** Serves one connection until it is closed. */
  serve(bytes: ByteStream, arrival: GrpcArrival): Promise<void>;
  /** Asks every peer to go elsewhere: what is under way goes on. */
  drain(): void;
  /** Drains, and resolves when all connections are closed: those that are open when `deadline` aborts are cut. */
  stop(deadline: AbortSignal): Promise<void>;
}

/** HTTP/2 is loaded by the first connection: most servers never see one. */
async function loadHttp2() {
  const [{ Http2Connection }, { watchLifetime }] = await Promise.all([
    import("../lib/http2/http2_connection.ts"),
    import("../lib/http2/lifetime.ts"),
  ]);
  return { Http2Connection, watchLifetime };
}

export function createGrpcServer({ face, timers, random, log }: GrpcServerDeps): GrpcServer {
  const connections = new Set<Http2Connection>();
  const serving = new Set<Promise<void>>();
  let phase: "open" | "draining" | "cut" = "open";
  let answer: GrpcFace | undefined;
  let answering: Promise<GrpcFace> | undefined;
  const onStream = async (stream: Http2Stream, peer: Peer) => {
    try {
      answer ??= await (answering ??= face());
      await answer(stream, peer);
    } catch (error) {
      log.error("gRPC stream failed outside of every method", { error });
      stream.reset("INTERNAL_ERROR");
    }
  };
  const inPhase = (connection: Http2Connection) => {
    if (phase === "draining") connection.drain();
    if (phase === "cut") connection.close("NO_ERROR", "The server stops");
  };
  const enter = (next: "draining" | "cut") => {
    if (phase !== "cut") phase = next;
    connections.forEach(inPhase);
  };
  const serve = async (bytes: ByteStream, { first = new Uint8Array(0), peer }: GrpcArrival) => {
    const { Http2Connection, watchLifetime } = await loadHttp2();
    const role = { role: "server", onStream: (stream: Http2Stream) => onStream(stream, peer) } as const;
    const connection = new Http2Connection(role, bytes, { timers, first });
    const stopWatching = watchLifetime(connection, LIFETIME, { timers, random });
    connections.add(connection);
    const over = connection.run();
    inPhase(connection);
    await over;
    stopWatching();
    connections.delete(connection);
  };
  return {
    async serve(bytes, arrival) {
      const over = serve(bytes, arrival);
      serving.add(over);
      await over.finally(() => serving.delete(over));
    },
    drain: () => enter("draining"),
    async stop(deadline) {
      enter("draining");
      const cut = () => enter("cut");
      if (deadline.aborted) cut();
      deadline.addEventListener("abort", cut, { once: true });
      await Promise.all(serving);
      deadline.removeEventListener("abort", cut);
    },
  };
}
