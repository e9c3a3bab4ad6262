import { jsonRpcHandler } from "../../../src/a2a/bindings/jsonrpc.ts";
import { restHandler } from "../../../src/a2a/bindings/rest.ts";
import { restRoute } from "../../../src/a2a/bindings/rest_route.ts";
import { A2AError } from "../../../src/a2a/errors.ts";
import { OPERATIONS } from "../../../src/a2a/operations.ts";
import { type A2AService, ANONYMOUS } from "../../../src/a2a/service.ts";
import { AGENT_URL, cardOffering, testClient } from "../../a2a/loopback.ts";
import { bindings } from "../../server/app_under_test.ts";
import { type Asked, type Face, findIn, Refused } from "./face.ts";

/** The agent of `service` behind both HTTP bindings at AGENT_URL, as a `fetch`. */
export function httpAt(service: A2AService): (url: string, init: RequestInit) => Promise<Response> {
  const deps = bindings();
  const [jsonRpc, rest] = [jsonRpcHandler(deps), restHandler(deps)];
  return async (url, init) => {
    const request = new Request(url, init);
    const find = findIn(service, request);
    const path = url.slice(AGENT_URL.length).replace(/\?.*/, "");
    if (path === "") return await jsonRpc(request, find);
    const route = restRoute(request.method, path);
    if (route === undefined) throw new TypeError(`There is nothing at ${path}`);
    return await rest(request, route, find);
  };
}

/** A2A 0.3, by the words that our own client has for it. */
export function legacyFace(binding: "JSONRPC" | "HTTP+JSON", service: A2AService): Face {
  const fetch = httpAt(service);
  const clientFor = ({ as, headers }: Asked = {}) =>
    testClient({
      agent: cardOffering([[binding, "0.3"]]),
      fetch,
      headers: () => ({ ...headers, ...(as === undefined ? {} : { authorization: as }) }),
    }).client;
  const callUntil = (signal: AbortSignal) => ({ signal, caller: ANONYMOUS, extensions: [] });
  return {
    name: `${binding === "JSONRPC" ? "JSON-RPC" : "REST"} 0.3`,
    ask: async (operation, params, asked) => {
      const row = OPERATIONS.get(operation);
      if (row === undefined || row.streaming) throw new TypeError(`${operation} is not unary`);
      try {
        const call = callUntil(new AbortController().signal);
        return (await row.invoke(clientFor(asked), params, call)).response;
      } catch (thrown) {
        throw refusedBy(thrown);
      }
    },
    watch: async function* (operation, params, asked) {
      const row = OPERATIONS.get(operation);
      if (row?.streaming !== true) throw new TypeError(`${operation} is no stream`);
      const left = new AbortController();
      try {
        for await (const { event } of row.invoke(clientFor(asked), params, callUntil(left.signal))) yield event;
      } catch (thrown) {
        throw refusedBy(thrown);
      } finally {
        left.abort();
      }
    },
  };
}

function refusedBy(thrown: unknown): unknown {
  if (!(thrown instanceof A2AError)) return thrown;
  return new Refused(thrown.reason, thrown.message, thrown.violations.map(({ field }) => field));
}
