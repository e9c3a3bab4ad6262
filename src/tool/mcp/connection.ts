import type { Client, Tool } from "@modelcontextprotocol/client";
import type { Timers } from "../../lib/timers.ts";
import type { QuestionDesk } from "./question_desk.ts";
import { type CallRequest, RunningCall } from "./running_call.ts";
import { StdioTransport } from "./stdio_transport.ts";

export interface ConnectionDeps {
  readonly client: Client;
  readonly desk: QuestionDesk;
  readonly timers: Timers;
  readonly timeoutMs: number;
}

/** A list is read again after so long; sooner where the server does not tell of changes. */
const KEPT_MS = { told: 600_000, untold: 60_000 };

/** A server that is there. */
export class Connection {
  readonly #deps: ConnectionDeps;
  readonly #gone = new AbortController();
  #list: { readonly tools: Promise<readonly Tool[]>; readonly untilMs: number } | undefined;

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
    return await this.#list.tools;
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
    const { client, timeoutMs } = this.#deps;
    return (await client.listTools(undefined, { cacheMode: "refresh", timeout: timeoutMs, signal: this.gone })).tools;
  }
}
