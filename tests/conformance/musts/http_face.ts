import { z } from "zod";
import { jsonRpcHandler } from "../../../src/a2a/bindings/jsonrpc.ts";
import { restHandler } from "../../../src/a2a/bindings/rest.ts";
import { restRoute } from "../../../src/a2a/bindings/rest_route.ts";
import type { A2AService } from "../../../src/a2a/service.ts";
import type { Operation } from "../../../src/a2a/operations.ts";
import { StreamResponse } from "../../../src/a2a/types.ts";
import { parseSse } from "../../../src/lib/parse_sse.ts";
import { bindings } from "../../server/app_under_test.ts";
import { type Asked, type Face, findIn, headersOf, type Params, Refused } from "./face.ts";

const BASE = "http://agents.example";
const MAX_EVENT_BYTES = 1_000_000;

export const Details = z.array(z.object({
  reason: z.string().optional(),
  fieldViolations: z.array(z.object({ field: z.string() })).optional(),
}));

/** google.rpc details as what a test asks for. */
export function refusedWith(details: z.infer<typeof Details>, text: string, otherwise: string): Refused {
  const reason = details.find(({ reason }) => reason !== undefined)?.reason ?? otherwise;
  return new Refused(reason, text, details.flatMap(({ fieldViolations = [] }) => fieldViolations).map((v) => v.field));
}

interface Http {
  send(operation: Operation, params: Params, asked?: Asked): Promise<Response>;
  /** The payload within a frame. Throws Refused. */
  unwrap(frame: unknown, isError: boolean): unknown;
}

function overHttp(name: string, { send, unwrap }: Http): Face {
  return {
    name,
    ask: async (operation, params, asked) => {
      const response = await send(operation, params, asked);
      const text = await response.text();
      return unwrap(text === "" ? {} : JSON.parse(text), !response.ok);
    },
    watch: async function* (operation, params, asked) {
      const response = await send(operation, params, asked);
      if (response.body === null) throw new TypeError("There is no body");
      if (response.headers.get("content-type") !== "text/event-stream") {
        unwrap(await response.json(), true);
        throw new TypeError("An answer that is no stream");
      }
      for await (const { event, data } of parseSse(response.body, { maxEventBytes: MAX_EVENT_BYTES })) {
        yield StreamResponse.parse(unwrap(JSON.parse(data), event === "error"));
      }
    },
  };
}

const RpcFrame = z.strictObject({
  jsonrpc: z.literal("2.0"),
  id: z.literal("must"),
  result: z.unknown().optional(),
  error: z.object({ code: z.number(), message: z.string(), data: Details }).optional(),
});

/** The body of a JSON-RPC request. */
export function rpcBody(method: string, params: Params): string {
  return JSON.stringify({ jsonrpc: "2.0", id: "must", method, params });
}

/** The result within one JSON-RPC response. Throws Refused. */
export function unwrapRpc(frame: unknown): unknown {
  const { result, error } = RpcFrame.parse(frame);
  if (error === undefined) return result;
  throw refusedWith(error.data, error.message, `${error.code}`);
}

export function jsonRpcFace(service: A2AService): Face {
  const answer = jsonRpcHandler(bindings());
  return overHttp("JSON-RPC", {
    send: async (operation, params, asked) => {
      const headers = { "content-type": "application/json", ...headersOf(asked) };
      const request = new Request(BASE, { method: "POST", headers, body: rpcBody(operation, params) });
      return await answer(request, findIn(service, request));
    },
    unwrap: unwrapRpc,
  });
}

/** [operation, HTTP method, path] as A2A v1 §11.3 has them; `{name}` is a parameter. */
const ROUTES = new Map<Operation, readonly [method: string, path: string]>([
  ["SendMessage", ["POST", "/message:send"]],
  ["SendStreamingMessage", ["POST", "/message:stream"]],
  ["GetTask", ["GET", "/tasks/{id}"]],
  ["ListTasks", ["GET", "/tasks"]],
  ["CancelTask", ["POST", "/tasks/{id}:cancel"]],
  ["SubscribeToTask", ["POST", "/tasks/{id}:subscribe"]],
  ["CreateTaskPushNotificationConfig", ["POST", "/tasks/{taskId}/pushNotificationConfigs"]],
  ["GetTaskPushNotificationConfig", ["GET", "/tasks/{taskId}/pushNotificationConfigs/{id}"]],
  ["ListTaskPushNotificationConfigs", ["GET", "/tasks/{taskId}/pushNotificationConfigs"]],
  ["DeleteTaskPushNotificationConfig", ["DELETE", "/tasks/{taskId}/pushNotificationConfigs/{id}"]],
  ["GetExtendedAgentCard", ["GET", "/extendedAgentCard"]],
]);

const RestError = z.object({ error: z.object({ status: z.string(), message: z.string(), details: Details }) });

/** The request of an operation as A2A v1 §11.3 and §11.5 have it. */
export function restRequest(operation: Operation, params: Params, asked?: Asked): Request {
  const [method, pattern] = ROUTES.get(operation) ?? ["GET", "/"];
  const rest = new Map(Object.entries(params));
  const path = pattern.replace(/\{(\w+)\}/g, (_, name) => take(rest, name));
  const headers = headersOf(asked);
  if (method === "POST") {
    const body = JSON.stringify(Object.fromEntries(rest));
    return new Request(BASE + path, { method, headers: { "content-type": "application/a2a+json", ...headers }, body });
  }
  const query = new URLSearchParams([...rest].map(([name, value]) => [name, String(value)]));
  return new Request(`${BASE}${path}?${query}`, { method, headers });
}

function take(params: Map<string, unknown>, name: string): string {
  const value = params.get(name);
  params.delete(name);
  return encodeURIComponent(String(value));
}

export function restFace(service: A2AService): Face {
  const answer = restHandler(bindings());
  return overHttp("REST", {
    send: async (operation, params, asked) => {
      const request = restRequest(operation, params, asked);
      const route = restRoute(request.method, new URL(request.url).pathname);
      if (route === undefined) throw new TypeError(`There is no route for ${operation}`);
      return await answer(request, route, findIn(service, request));
    },
    unwrap: (frame, isError) => {
      if (!isError) return frame;
      const { error } = RestError.parse(frame);
      throw refusedWith(error.details, error.message, error.status);
    },
  });
}
