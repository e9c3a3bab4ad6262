import type { Client } from "@modelcontextprotocol/client";
import type { Log } from "../../lib/log.ts";
import { timedSleep, type Timers } from "../../lib/timers.ts";
import { retryDelayMs } from "../../lib/retry.ts";
import { untilAborted } from "../../lib/until_aborted.ts";
import { Connection, Silence } from "./connection.ts";
import type { QuestionDesk } from "./question_desk.ts";

export interface LinkDeps {
  /** As the configuration calls the server. */
  readonly name: string;
  readonly open: (signal: AbortSignal) => Promise<Client>;
  readonly desk: QuestionDesk;
  readonly timeoutMs: number;
  readonly timers: Timers;
  readonly random: () => number;
  readonly log: Log;
}

/** The server is not there. The cause says why, as far as it is known. */
export class ServerAway extends Error {
  override readonly name = "ServerAway";
}

/** A server that keeps failing is tried less and less often. */
const BACKOFF = { maxRetries: Infinity, baseMs: 1000, maxDelayMs: 60_000 };
/** One that has been there for so long has started well. */
const STEADY_MS = 60_000;
/** A turn waits that long for a server that has failed before: what is broken must not slow down everybody. */
const PATIENCE_MS = 1000;

/** One server, connected when it is first needed and again after it has died, with growing waits where that goes on. */
export class ServerLink {
  readonly #deps: LinkDeps;
  readonly #closed = new AbortController();
  #connecting: Promise<Connection> | undefined;
  #connection: Connection | undefined;
  #failures = 0;
  #restUntilMs = 0;
  #lastFailure: unknown;

  constructor(deps: LinkDeps) {
    this.#deps = deps;
  }

  /** The connection of now. Throws ServerAway, or the signal's reason. */
  async connection(signal: AbortSignal): Promise<Connection> {
    if (this.#connection !== undefined) return this.#connection;
    const { name, timers } = this.#deps;
    if (this.#closed.signal.aborted) throw new ServerAway(`The tool server "${name}" is closed`);
    const hasFailed = this.#failures > 0;
    if (this.#connecting === undefined && timers.now() < this.#restUntilMs) throw this.#away();
    const connecting = this.#connecting ??= this.#connect();
    if (!hasFailed) return await untilAborted(connecting, signal);
    const patience = new AbortController();
    const stop = timers.after(PATIENCE_MS, () => patience.abort(this.#away()));
    try {
      return await untilAborted(connecting, AbortSignal.any([signal, patience.signal]));
    } finally {
      stop();
    }
  }

  /**
   * The next connection, for whoever has lost one in the middle: waited for through the rest of a server that has died, as
   * long as a connection may take. Throws ServerAway, or the signal's reason.
   */
  async again(signal: AbortSignal): Promise<Connection> {
    const { timers, timeoutMs } = this.#deps;
    const limit = new AbortController();
    const stop = timers.after(timeoutMs, () => limit.abort(this.#away()));
    const both = AbortSignal.any([signal, this.#closed.signal, limit.signal]);
    try {
      both.throwIfAborted();
      while (this.#connection === undefined && this.#connecting === undefined && timers.now() < this.#restUntilMs) {
        await timedSleep(timers)(this.#restUntilMs - timers.now(), both);
      }
      return this.#connection ?? await untilAborted(this.#connecting ??= this.#connect(), both);
    } finally {
      stop();
    }
  }

  /** The connection is of no use any more, though it has not ended. */
  drop(connection: Connection): void {
    if (this.#connection === connection) this.#connection = undefined;
    void connection.close();
  }

  /**
   * A server that has kept somebody waiting is asked whether it is there. One that says nothing, and has no other calls to
   * do, is left: the next use connects anew.
   */
  async doubt(connection: Connection): Promise<void> {
    if (this.#connection !== connection) return;
    try {
      await connection.requireAnswer();
    } catch (thrown) {
      if (this.#connection !== connection || connection.isBusy) return;
      this.drop(connection);
      this.#failed(thrown);
    }
  }

  /** The tools of the server may be others now. */
  forgetTools(): void {
    this.#connection?.forgetTools();
  }

  async close(): Promise<void> {
    this.#closed.abort(new ServerAway(`The tool server "${this.#deps.name}" is closed`));
    const connection = this.#connection;
    this.#connection = undefined;
    await connection?.close();
    await this.#connecting?.then((late) => late.close(), () => {});
  }

  async #connect(): Promise<Connection> {
    const { name, open, desk, timers, timeoutMs, log } = this.#deps;
    const limit = new AbortController();
    const stop = timers.after(
      timeoutMs,
      () => limit.abort(new Silence(`It was not there within ${timeoutMs / 1000} seconds`)),
    );
    try {
      const signal = AbortSignal.any([limit.signal, this.#closed.signal]);
      const client = await untilAborted(open(signal), signal);
      const connection = new Connection({ client, desk, timers, timeoutMs });
      this.#connection = connection;
      this.#watch(connection);
      log.info("tool server connected", { name, ...connection.about });
      return connection;
    } catch (thrown) {
      this.#failed(thrown);
      throw this.#away();
    } finally {
      stop();
      this.#connecting = undefined;
    }
  }

  #watch(connection: Connection): void {
    const { timers } = this.#deps;
    const sinceMs = timers.now();
    connection.gone.addEventListener("abort", () => {
      const wasOurs = this.#connection !== connection;
      if (wasOurs || this.#closed.signal.aborted) return;
      this.#connection = undefined;
      if (timers.now() - sinceMs >= STEADY_MS) this.#failures = 0;
      this.#failed(connection.gone.reason);
    }, { once: true });
  }

  #failed(error: unknown): void {
    if (this.#closed.signal.aborted) return;
    const { name, timers, random, log } = this.#deps;
    const restMs = retryDelayMs(BACKOFF, this.#failures, { afterMs: 0, random: random() });
    this.#failures++;
    this.#lastFailure = error;
    this.#restUntilMs = timers.now() + restMs;
    log.warn("tool server is away; its tools are missing until it is back", {
      name,
      tried: this.#failures,
      rest_ms: Math.round(restMs),
      reason: error instanceof Error ? error.message : String(error),
    });
  }

  #away(): ServerAway {
    return new ServerAway(`The tool server "${this.#deps.name}" is not there`, { cause: this.#lastFailure });
  }
}
