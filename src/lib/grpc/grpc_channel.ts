import type { ByteStream } from "../http2/byte_stream.ts";
import { Http2Connection } from "../http2/http2_connection.ts";
import { StreamError } from "../http2/http2_error.ts";
import type { Http2Stream } from "../http2/http2_stream.ts";
import { keepAlive, type KeepAliveLimits } from "../http2/keep_alive.ts";
import type { HeaderField } from "../http2/static_table.ts";
import type { Timers } from "../timers.ts";
import { Unreachable } from "../unreachable.ts";
import { untilAborted } from "../until_aborted.ts";

export interface GrpcChannelOptions extends Partial<KeepAliveLimits> {
  /** Opens a connection to the peer. */
  readonly open: (signal: AbortSignal) => Promise<ByteStream>;
  /** How long a connection may take to come about. Default: 10 s. */
  readonly connectMs?: number;
  readonly timers: Timers;
}

const DEFAULTS = {
  connectMs: 10_000,
  greetingMs: 10_000,
  silenceMs: 60_000,
  answerMs: 20_000,
  idleMs: 60_000,
} as const;
/** Connections that may turn a request away, one after the other, before it is given up. */
const MAX_REFUSALS = 3;

/**
 * The way to one peer: a connection that all requests share. When it is gone, or when its peer wants to leave (GOAWAY),
 * the next request makes another, and what is under way ends where it is.
 */
export class GrpcChannel {
  readonly #options: Required<GrpcChannelOptions>;
  readonly #connections = new Set<Http2Connection>();
  readonly #closed = new AbortController();
  #current: Promise<Http2Connection> | undefined;

  constructor(options: GrpcChannelOptions) {
    this.#options = { ...DEFAULTS, ...options };
  }

  /** Begins a request. Throws Unreachable, StreamError, or `signal.reason`. */
  async request(fields: readonly HeaderField[], signal: AbortSignal): Promise<Http2Stream> {
    for (let refusals = 0;; refusals++) {
      const opening = this.#current ??= this.#open();
      const connection = await untilAborted(opening, signal);
      const beginning = connection.request(fields);
      try {
        return await untilAborted(beginning, signal);
      } catch (thrown) {
        // Its turn may still come: nobody waits for it any more.
        if (signal.aborted) beginning.then((stream) => stream.reset("CANCEL"), () => {});
        const isLeaving = thrown instanceof StreamError && thrown.code === "REFUSED_STREAM";
        if (this.#current === opening) this.#current = undefined;
        if (!isLeaving || refusals === MAX_REFUSALS) throw thrown;
      }
    }
  }

  /** Ends everything at once. */
  close(): void {
    this.#closed.abort(new Unreachable("The channel is closed"));
    for (const connection of this.#connections) connection.close("NO_ERROR", "The client leaves");
  }

  #open(): Promise<Http2Connection> {
    const opening = this.#connect();
    const forget = () => {
      if (this.#current === opening) this.#current = undefined;
    };
    opening.then((connection) => void this.#run(connection).then(forget), forget);
    return opening;
  }

  async #connect(): Promise<Http2Connection> {
    const { open, connectMs, timers } = this.#options;
    const expired = new AbortController();
    const stop = timers.after(connectMs, () => expired.abort(new Unreachable(`No connection within ${connectMs} ms`)));
    const signal = AbortSignal.any([this.#closed.signal, expired.signal]);
    const opening = open(signal);
    try {
      return new Http2Connection({ role: "client" }, await untilAborted(opening, signal), { timers });
    } catch (cause) {
      // What comes too late is not left open.
      opening.then((bytes) => bytes.close(), () => {});
      throw cause instanceof Unreachable ? cause : new Unreachable("No connection came about", { cause });
    } finally {
      stop();
    }
  }

  async #run(connection: Http2Connection): Promise<void> {
    this.#connections.add(connection);
    const stopWatching = keepAlive(connection, this.#options, this.#options.timers);
    await connection.run();
    stopWatching();
    this.#connections.delete(connection);
  }
}
