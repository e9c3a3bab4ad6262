import type { Client, Tool } from "@modelcontextprotocol/client";
import type { Timers } from "../../lib/timers.ts";
import { untilAborted } from "../../lib/until_aborted.ts";
import type { QuestionDesk } from "./question_desk.ts";
import { type CallRequest, RunningCall } from "./running_call.ts";
import { StdioTransport } from "./stdio_transport.ts";

export interface ConnectionDeps {
  readonly client: Client;
  readonly desk: QuestionDesk;
  readonly timers: Timers;
  readonly timeoutMs: number;
}

/** Our own limits are about what the client knows nothing of. */
const NO_TIMEOUT_MS = 2 ** 31 - 1;
/** A list is read again after so long; sooner where the server does not tell of changes. */
const KEPT_MS = { told: 600_000, untold: 60_000 };

/** The server said nothing for too long. */
export class Silence extends Error {
  override readonly name = "Silence";
}

/** A server that is there. */
export class Connection {
  readonly #deps: ConnectionDeps;
  readonly #gone = new AbortController();
  #list: { readonly tools: Promise<readonly Tool[]>; readonly untilMs: number } | undefined;

  /** What the server had last: while it does one thing at a time, it still has it. */
  #known: readonly Tool[] | undefined;

  constructor(deps: ConnectionDeps) {
    this.#deps = deps;
    const { client } = deps;
    const { transport } = client;
    client.onclose = () => {
      const why = transport instanceof StdioTransport ? transport.lastWords : undefined;
      this.#gone.abort(why ?? new Error("The connection has ended"));
    };
  }

  /** Aborts when the connection has ended. The reason says why, as far as it is known; it may hold a stranger's words. */
  get gone(): AbortSignal {
    return this.#gone.signal;
  }

  /** What is known of the server, for the log. */
  get about(): { readonly server: string; readonly protocol: string } {
    const { client } = this.#deps;
    const { name = "", version = "" } = client.getServerVersion() ?? {};
    return { server: `${name} ${version}`.trim(), protocol: client.getNegotiatedProtocolVersion() ?? "" };
  }

  /** The tools that the server has now. */
  async tools(): Promise<readonly Tool[]> {
    const { client, timers } = this.#deps;
    const { tools } = client.getServerCapabilities() ?? {};
    // Asked for a list that it does not have, the client prints to our output.
    if (tools === undefined) return [];
    if (this.#list === undefined || timers.now() >= this.#list.untilMs) {
      const list = {
        tools: this.#readTools(),
        untilMs: timers.now() + (tools.listChanged === true ? KEPT_MS.told : KEPT_MS.untold),
      };
      this.#list = list;
      list.tools.catch(() => this.#list === list ? this.forgetTools() : undefined);
    }
    try {
      return this.#known = await this.#list.tools;
    } catch (thrown) {
      if (thrown instanceof Silence && this.isBusy && this.#known !== undefined) return this.#known;
      throw thrown;
    }
  }

  /** Whether it has calls to do: some servers do one thing at a time, and answer nothing else meanwhile. */
  get isBusy(): boolean {
    return this.#deps.desk.isBusy;
  }

  /** Rejects with Silence if the server does not even answer a ping; whatever else it says to it is an answer. */
  async requireAnswer(): Promise<void> {
    await this.#within((signal) =>
      this.#deps.client.ping({ signal }).catch((error) => {
        // What aborts tells why by itself.
        signal.throwIfAborted();
        if (this.gone.aborted) throw error;
      })
    );
  }

  /** The tools are others now. */
  forgetTools(): void {
    this.#list = undefined;
  }

  /** Begins a call as soon as the server may get another. */
  async begin(request: CallRequest, signal: AbortSignal): Promise<RunningCall> {
    const { client, desk, timers } = this.#deps;
    return await desk.begin(() => new RunningCall(client, request, timers), signal);
  }

  async close(): Promise<void> {
    await this.#deps.client.close().catch(() => {});
    this.#gone.abort(new Error("The connection has ended"));
  }

  async #readTools(): Promise<readonly Tool[]> {
    // The limit is for all pages together.
    const list = await this.#within((signal) =>
      this.#deps.client.listTools(undefined, { cacheMode: "refresh", timeout: NO_TIMEOUT_MS, signal })
    );
    return list.tools;
  }

  async #within<T>(ask: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const { timers, timeoutMs } = this.#deps;
    const limit = new AbortController();
    const stop = timers.after(timeoutMs, () => {
      limit.abort(new Silence(`The tool server said nothing within ${timeoutMs / 1000} seconds`));
    });
    const signal = AbortSignal.any([limit.signal, this.gone]);
    try {
      return await untilAborted(ask(signal), signal);
    } finally {
      stop();
    }
  }
}
