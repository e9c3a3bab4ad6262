import type { Client, JSONRPCMessage, Transport, TransportSendOptions } from "@modelcontextprotocol/client";
import type { SafeFetch } from "../../lib/safe_fetch.ts";
import type { Timers } from "../../lib/timers.ts";
import { VERSION } from "../../lib/version.ts";
import { LOST } from "./call_failure.ts";
import { clientCredentials } from "./client_credentials.ts";
import type { Verdict } from "./elicitation.ts";
import { gatedFetch } from "./gated_fetch.ts";
import type { HttpSpec, ProgramSpec, ServerSpec } from "./server_spec.ts";
import { StdioTransport } from "./stdio_transport.ts";

export interface OpenDeps {
  readonly env: (name: string) => string | undefined;
  /** The way out to URLs, which trusts these authorities (PEM) too. */
  readonly openFetch: (caCerts: readonly string[]) => SafeFetch;
  readonly readText: (path: string) => Promise<string>;
  readonly timers: Timers;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly maxBytes: number;
  readonly timeoutMs: number;
  /** The server asks in the middle of a call. */
  readonly onQuestion: (params: unknown) => Promise<Verdict>;
  /** The tools of the server are others now. */
  readonly onToolsChanged: () => void;
}

type Sdk = typeof import("@modelcontextprotocol/client");

/**
 * How a server is connected to, in whatever era of the protocol it speaks: 2026-07-28 is asked for first, then the
 * handshake of 2024-11-05 to 2025-11-25. A token outlives its connection. What is returned throws what stands in the way.
 */
export function clientOpener(spec: ServerSpec, deps: OpenDeps): (signal: AbortSignal) => Promise<Client> {
  if (spec.kind === "program") {
    return async (signal) => await openProgram(await import("@modelcontextprotocol/client"), { spec, deps, signal });
  }
  let transports: HttpTransports | undefined;
  return async (signal) => {
    const sdk = await import("@modelcontextprotocol/client");
    transports ??= await httpTransports(sdk, spec, deps);
    return await openHttp(sdk, transports, { spec, deps, signal });
  };
}

async function openHttp(sdk: Sdk, open: HttpTransports, { spec, deps, signal }: Opening<HttpSpec>): Promise<Client> {
  if (spec.transport === "sse") return await connect(sdk, open.sse(), { deps, signal, isLegacy: true });
  try {
    return await connect(sdk, open.streamable(), { deps, signal });
  } catch (thrown) {
    signal.throwIfAborted();
    if (spec.transport !== "any" || !isNoSuchThing(sdk, thrown)) throw thrown;
    return await connect(sdk, open.sse(), { deps, signal, isLegacy: true });
  }
}

interface Opening<Spec> {
  readonly spec: Spec;
  readonly deps: OpenDeps;
  readonly signal: AbortSignal;
}

async function openProgram(sdk: Sdk, { spec, deps, signal }: Opening<ProgramSpec>): Promise<Client> {
  const start = () =>
    new StdioTransport(spec, {
      env: deps.env,
      timers: deps.timers,
      maxBytes: deps.maxBytes,
      parse: sdk.deserializeMessage,
    });
  const transport = start();
  try {
    return await connect(sdk, transport, { deps, signal });
  } catch (thrown) {
    signal.throwIfAborted();
    // Some older servers end when they are asked something before the handshake.
    const isClosed = thrown instanceof sdk.SdkError && thrown.code === sdk.SdkErrorCode.EraNegotiationFailed;
    if (!isClosed) throw transport.lastWords ?? thrown;
    const again = start();
    return await connect(sdk, again, { deps, signal, isLegacy: true }).catch((error: unknown) => {
      throw again.lastWords ?? error;
    });
  }
}

interface HttpTransports {
  streamable(): Transport;
  sse(): Transport;
}

async function httpTransports(sdk: Sdk, spec: HttpSpec, deps: OpenDeps): Promise<HttpTransports> {
  const { url, rules, oauth, caCertificate } = spec;
  const caCerts = caCertificate === undefined ? [] : [await deps.readText(caCertificate)];
  const { maxBytes, timeoutMs, now } = deps;
  const safeFetch = deps.openFetch(caCerts);
  const fetch = gatedFetch(safeFetch, { rules, maxBytes });
  // All requests wait for one token: what gives it must not be able to hold them for ever.
  const tokenFetch = gatedFetch(safeFetch, { rules, maxBytes, timeoutMs });
  const headers = Object.entries(spec.headers).map(([name, value]): [string, string] => [name, value.reveal()]);
  const options = {
    fetch,
    requestInit: { headers },
    ...(oauth === undefined
      ? {}
      : { authProvider: clientCredentials({ oauth, resource: url, fetch: tokenFetch, now }) }),
  };
  const Streamable = httpTransport(sdk, deps.timers);
  return {
    streamable: () => new Streamable(url, options),
    sse: () => new sdk.SSEClientTransport(url, options),
  };
}

/** A server that is told so may forget us; none has to answer for that. */
const FAREWELL_MS = 1000;

/**
 * The client's transport, which waits for ever for an answer whose stream has ended: here an error is put in its place.
 * And it says goodbye (MCP, "Session Management").
 */
function httpTransport({ StreamableHTTPClientTransport, isJSONRPCRequest }: Sdk, timers: Timers) {
  return class extends StreamableHTTPClientTransport {
    override send(message: JSONRPCMessage, options: TransportSendOptions = {}): Promise<void> {
      if (!isJSONRPCRequest(message) || options.onRequestStreamEnd !== undefined) return super.send(message, options);
      const onRequestStreamEnd = () => this.onmessage?.({ jsonrpc: "2.0", id: message.id, error: LOST });
      return super.send(message, { ...options, onRequestStreamEnd });
    }

    override async close(): Promise<void> {
      const { promise: late, resolve } = Promise.withResolvers<void>();
      const stop = timers.after(FAREWELL_MS, resolve);
      await Promise.race([this.terminateSession().catch(() => {}), late]);
      stop();
      await super.close();
    }
  };
}

/** Servers of 2024-11-05 know the SSE transport alone, and answer a POST with one of these. */
function isNoSuchThing({ SdkHttpError }: Sdk, thrown: unknown): boolean {
  return thrown instanceof SdkHttpError && [400, 404, 405].includes(thrown.status ?? 0);
}

interface Connecting {
  readonly deps: OpenDeps;
  readonly signal: AbortSignal;
  /** Known to be of 2025 or before. */
  readonly isLegacy?: boolean;
}

async function connect(sdk: Sdk, transport: Transport, { deps, signal, isLegacy }: Connecting): Promise<Client> {
  const { timeoutMs, onQuestion, onToolsChanged } = deps;
  const client = new sdk.Client({ name: "hector", version: VERSION }, {
    capabilities: { elicitation: { form: {}, url: {} } },
    versionNegotiation: { mode: "auto", probe: { timeoutMs: timeoutMs / 3 } },
    inputRequired: { autoFulfill: false },
    listChanged: { tools: { autoRefresh: false, onChanged: onToolsChanged } },
  });
  client.setRequestHandler("elicitation/create", ({ params }) => onQuestion(params));
  const leave = () => void transport.close().catch(() => {});
  signal.addEventListener("abort", leave, { once: true });
  try {
    await client.connect(transport, {
      signal,
      timeout: timeoutMs,
      ...(isLegacy === true ? { prior: { kind: "legacy" } } : {}),
    });
    signal.throwIfAborted();
    client.onerror = (error) => {
      // The client of the older transport opens its stream again by itself, but then the server knows it no more.
      if (error instanceof sdk.SseError) leave();
    };
    return client;
  } catch (thrown) {
    await transport.close().catch(() => {});
    throw signal.aborted ? signal.reason : thrown;
  } finally {
    signal.removeEventListener("abort", leave);
  }
}
