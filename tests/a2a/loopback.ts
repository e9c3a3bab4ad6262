import { jsonRpcHandler } from "../../src/a2a/bindings/jsonrpc.ts";
import { restHandler } from "../../src/a2a/bindings/rest.ts";
import { restRoute } from "../../src/a2a/bindings/rest_route.ts";
import type { AgentCard } from "../../src/a2a/card/card_types.ts";
import type { ClientOptions } from "../../src/a2a/client/client_options.ts";
import { createClient } from "../../src/a2a/client/create_client.ts";
import { A2AError } from "../../src/a2a/errors.ts";
import { type A2AService, ANONYMOUS, type Call } from "../../src/a2a/service.ts";
import { manualTimers } from "../lib/manual_timers.ts";
import { finding, type TestDeps, testDeps } from "./bindings/binding_deps.ts";
import { CARD } from "./fake_service.ts";

export const BASE = "http://agent.example";
export const AGENT_URL = `${BASE}/agents/echo`;
const AGENT_PATH = /^\/agents\/echo(\/.*)?$/;

/** Every interface of the agent, in the order given. */
export function cardOffering(
  offers: readonly (readonly [binding: string, version: string])[],
  url = AGENT_URL,
): AgentCard {
  return {
    ...CARD,
    supportedInterfaces: offers.map(([protocolBinding, protocolVersion]) => ({
      url,
      protocolBinding,
      protocolVersion,
    })),
  };
}

/** An agent behind both bindings, as a server routes to it. */
export function served(
  service: A2AService,
  card: () => AgentCard,
  deps: TestDeps = testDeps(),
): (request: Request) => Promise<Response> {
  const jsonRpc = jsonRpcHandler(deps);
  const rest = restHandler(deps);
  return async (request) => {
    const find = finding({ service }, { signal: request.signal });
    const match = AGENT_PATH.exec(new URL(request.url).pathname);
    const path = match === null ? undefined : match[1] ?? "/";
    if (path === "/.well-known/agent-card.json") return Response.json(card());
    if (path === undefined) return new Response("There is nothing here", { status: 404 });
    if (path === "/") return await jsonRpc(request, find);
    const route = restRoute(request.method, path);
    if (route === undefined) return new Response("There is nothing here", { status: 404 });
    return await rest(request, route, find);
  };
}

/** A peer's server without a network: a fetch that hands requests over. */
export function loopback(serve: (request: Request) => Response | Promise<Response>): ClientOptions["fetch"] {
  return async (url, init) => {
    init.signal?.throwIfAborted();
    return await serve(new Request(url, init));
  };
}

/** A client whose waits are over at once; `slept` tells how long they were to be. */
export function testClient(options: Partial<ClientOptions> & Pick<ClientOptions, "fetch">) {
  const slept: number[] = [];
  const timers = manualTimers();
  const client = createClient({
    agent: AGENT_URL,
    timers,
    maxBytes: 1_000_000,
    retry: { maxRetries: 3, baseMs: 100, maxDelayMs: 1000 },
    random: () => 1,
    sleep: (ms, signal) => {
      signal.throwIfAborted();
      slept.push(ms);
      return Promise.resolve();
    },
    ...options,
  });
  return { client, slept, timers };
}

export function callWith(more: Partial<Call> = {}): Call {
  return { signal: new AbortController().signal, caller: ANONYMOUS, extensions: [], ...more };
}

export function isError(reason: A2AError["reason"], message = /./): (thrown: unknown) => boolean {
  return (thrown) => thrown instanceof A2AError && thrown.reason === reason && message.test(thrown.message);
}
