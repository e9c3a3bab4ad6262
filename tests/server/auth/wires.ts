import assert from "node:assert/strict";
import { z } from "zod";
import { loadCodec } from "../../../src/a2a/proto/codec.ts";
import { Http2Connection } from "../../../src/lib/http2/http2_connection.ts";
import { tcpBytes } from "../../../src/server/tcp_bytes.ts";
import { PROCESS_TIMERS } from "../../../src/server/timers.ts";
import { ask as askGrpc, bytesOf } from "../../lib/grpc/grpc_client.ts";
import type { GuardedServer } from "./guarded_server.ts";

export type Params = Readonly<Record<string, unknown>>;
export type Headers = Readonly<Record<string, string>>;

/** What came of a request: the answer (of a stream: its first event), or the reason and the words of a refusal. */
export type Outcome = { readonly result: unknown } | { readonly reason: string; readonly words: string };

/** One binding of A2A 1.0 to an agent. */
export interface Wire {
  readonly name: string;
  ask(operation: string, params: Params, headers: Headers): Promise<Outcome>;
}

const Detail = z.object({ reason: z.string().optional() });
const Refusal = z.object({
  message: z.string(),
  data: z.array(Detail).optional(),
  details: z.array(Detail).optional(),
});
const V1 = { "a2a-version": "1.0", "content-type": "application/json" };

function refusal(error: unknown): Outcome {
  const { message, data, details } = Refusal.parse(error);
  return { reason: (data ?? details)?.[0]?.reason ?? "none", words: message };
}

async function firstJson(response: Response): Promise<unknown> {
  if (!response.headers.get("content-type")?.startsWith("text/event-stream")) {
    const text = await response.text();
    return text === "" ? {} : JSON.parse(text);
  }
  assert.ok(response.body);
  let text = "";
  for await (const piece of response.body.pipeThrough(new TextDecoderStream())) {
    text += piece;
    const data = /^data: (.*)\n\n/m.exec(text)?.[1];
    // Leaves the stream.
    if (data !== undefined) return JSON.parse(data);
  }
  throw new Error(`a stream without an event: ${text}`);
}

const RpcAnswer = z.object({ result: z.unknown().optional(), error: z.unknown().optional() });

function jsonRpc({ url }: GuardedServer, agent: string): Wire {
  return {
    name: "JSON-RPC",
    ask: async (method, params, headers) => {
      const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });
      const response = await fetch(`${url}/agents/${agent}`, { method: "POST", headers: { ...V1, ...headers }, body });
      const { result, error } = RpcAnswer.parse(await firstJson(response));
      return error === undefined ? { result } : refusal(error);
    },
  };
}

/** A2A v1 §11.3 */
const ROUTES = new Map<string, (params: Params) => string>([
  ["SendMessage", () => "POST message:send"],
  ["SendStreamingMessage", () => "POST message:stream"],
  ["GetTask", ({ id }) => `GET tasks/${id}`],
  ["ListTasks", ({ contextId = "" }) => `GET tasks?contextId=${contextId}`],
  ["CancelTask", ({ id }) => `POST tasks/${id}:cancel`],
  ["SubscribeToTask", ({ id }) => `POST tasks/${id}:subscribe`],
  ["CreateTaskPushNotificationConfig", ({ taskId }) => `POST tasks/${taskId}/pushNotificationConfigs`],
  ["GetTaskPushNotificationConfig", ({ taskId, id }) => `GET tasks/${taskId}/pushNotificationConfigs/${id}`],
  ["ListTaskPushNotificationConfigs", ({ taskId }) => `GET tasks/${taskId}/pushNotificationConfigs`],
  ["DeleteTaskPushNotificationConfig", ({ taskId, id }) => `DELETE tasks/${taskId}/pushNotificationConfigs/${id}`],
]);
export const OPERATIONS = [...ROUTES.keys()];

function rest({ url }: GuardedServer, agent: string): Wire {
  return {
    name: "REST",
    ask: async (operation, params, headers) => {
      const [method = "", path = ""] = (ROUTES.get(operation)?.(params) ?? "").split(" ");
      const body = method === "POST" ? JSON.stringify(params) : null;
      const response = await fetch(`${url}/agents/${agent}/${path}`, { method, headers: { ...V1, ...headers }, body });
      const answer = await firstJson(response);
      return response.ok ? { result: answer } : refusal(z.object({ error: z.unknown() }).parse(answer).error);
    },
  };
}

const SERVICE = "lf.a2a.v1.A2AService";

function grpc({ grpcPort }: GuardedServer, agent: string): Wire {
  return {
    name: "gRPC",
    ask: async (operation, params, headers) => {
      const codec = await loadCodec();
      const method = codec.methods(SERVICE).find(({ name }) => name === operation);
      assert.ok(method, operation);
      const bytes = tcpBytes(await Deno.connect({ hostname: "127.0.0.1", port: grpcPort }));
      const client = new Http2Connection({ role: "client" }, bytes, { timers: PROCESS_TIMERS });
      const over = client.run();
      const metadata = Object.entries({ "agent-name": agent, ...headers }).map(([name, value]) =>
        [name.toLowerCase(), value] as const
      );
      const answer = await askGrpc(client, `/${SERVICE}/${operation}`, method.input.encode(params), { metadata });
      client.close("NO_ERROR", "done");
      await over;
      const [message] = answer.messages;
      const details = answer.trailers.get("grpc-status-details-bin");
      if (details === undefined) return { result: message === undefined ? {} : method.output.decode(message) };
      return refusal(codec.message("google.rpc.Status").decode(bytesOf(details)));
    },
  };
}

/** Each question on a socket of its own. */
function webSocket({ url }: GuardedServer, agent: string): Wire {
  return {
    name: "WebSocket",
    ask: async (method, params, headers) => {
      const socket = new WebSocket(`${url.replace("http", "ws")}/agents/${agent}/ws?A2A-Version=1.0`, { headers });
      const answered = Promise.withResolvers<string>();
      socket.onopen = () => socket.send(JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }));
      socket.onmessage = ({ data }) => answered.resolve(data);
      // Nothing is told to a page of why a socket does not open.
      socket.onerror = () => answered.resolve(JSON.stringify({ error: { message: "closed", data: [] } }));
      const { result, error } = RpcAnswer.parse(JSON.parse(await answered.promise));
      const closed = new Promise((resolve) => socket.onclose = resolve);
      if (socket.readyState === WebSocket.OPEN) {
        socket.close();
        await closed;
      }
      return error === undefined ? { result } : refusal(error);
    },
  };
}

/** All bindings to one agent. */
export function wiresTo(server: GuardedServer, agent = "desk"): readonly Wire[] {
  return [jsonRpc, rest, grpc, webSocket].map((open) => open(server, agent));
}
