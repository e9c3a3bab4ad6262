import type { ByteStream } from "../lib/http2/byte_stream.ts";
import { Http2Connection } from "../lib/http2/http2_connection.ts";
import type { Http2Stream } from "../lib/http2/http2_stream.ts";
import { type LifetimeLimits, watchLifetime } from "../lib/http2/lifetime.ts";
import type { Log } from "../lib/log.ts";
import type { Timers } from "../lib/timers.ts";

/** A connection costs some 40 KiB, whoever opens it. */
const MAX_CONNECTIONS = 2000;
const LIFETIME: LifetimeLimits = {
  greetingMs: 10_000,
  idleMs: 300_000,
  pingAfterMs: 60_000,
  pingTimeoutMs: 20_000,
  maxAgeMs: 3_600_000,
  stallMs: 60_000,
};

export interface GrpcServerDeps {
  /** Makes what answers a stream; called once, with the first stream. */
  readonly face: () => Promise<(stream: Http2Stream) => Promise<void>>;
  readonly timers: Timers;
  readonly random: () => number;
  readonly log: Log;
}

/** All gRPC connections of the process, whichever port they came by. */
export interface GrpcServer {
  /** Serves one connection until it is closed. `first` has been read from it already. */
  serve(bytes: ByteStream, first?: Uint8Array): Promise<void>;
  /** Asks every peer to go elsewhere: what is under way goes on. */
  drain(): void;
  /** Drains, and resolves when all connections are closed: those that are open when `deadline` aborts are cut. */
  stop(deadline: AbortSignal): Promise<void>;
}

export function createGrpcServer({ face, timers, random, log }: GrpcServerDeps): GrpcServer {
  const open = new Map<Http2Connection, Promise<void>>();
  let answer: ((stream: Http2Stream) => Promise<void>) | undefined;
  let answering: Promise<(stream: Http2Stream) => Promise<void>> | undefined;
  let isDraining = false;
  const onStream = async (stream: Http2Stream) => {
    try {
      answer ??= await (answering ??= face());
      await answer(stream);
    } catch (error) {
      log.error("gRPC stream failed outside of every method", { error });
      stream.reset("INTERNAL_ERROR");
    }
  };
  const drain = () => {
    isDraining = true;
    for (const connection of open.keys()) connection.drain();
  };
  return {
    async serve(bytes, first) {
      if (open.size >= MAX_CONNECTIONS) return bytes.close();
      const connection = new Http2Connection({ role: "server", onStream }, bytes, {
        timers,
        ...(first ? { first } : {}),
      });
      const stopWatching = watchLifetime(connection, LIFETIME, { timers, random });
      const over = connection.run().finally(() => {
        stopWatching();
        open.delete(connection);
      });
      open.set(connection, over);
      if (isDraining) connection.drain();
      await over;
    },
    drain,
    async stop(deadline) {
      drain();
      const cut = () => {
        for (const connection of open.keys()) connection.close("NO_ERROR", "The server stops");
      };
      if (deadline.aborted) cut();
      deadline.addEventListener("abort", cut, { once: true });
      await Promise.all(open.values());
      deadline.removeEventListener("abort", cut);
    },
  };
}
