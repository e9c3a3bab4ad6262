import { z } from "zod";
import { webSocketBinding } from "../../src/a2a/bindings/websocket.ts";
import { loadCodec } from "../../src/a2a/proto/codec.ts";
import { isInterrupted, isTerminal } from "../../src/a2a/task_state.ts";
import { StreamResponse } from "../../src/a2a/types.ts";
import { SILENT } from "../../src/lib/log.ts";
import { OPEN } from "../../src/guard/open.ts";
import { NOBODY } from "../../src/guard/identity.ts";
import type { ServedAgent } from "../../src/server/directory.ts";
import { finder } from "../../src/server/find_target.ts";
import { createGrpcFace } from "../../src/server/grpc_face.ts";
import { PROCESS_TIMERS } from "../../src/server/timers.ts";
import { ask as askGrpc, bytesOf } from "../lib/grpc/grpc_client.ts";
import { http2Pair } from "../lib/http2/http2_pair.ts";
import type { RunFunction } from "../task/house.ts";
import { openHouse } from "../task/house.ts";
import { appUnderTest, bindings } from "../server/app_under_test.ts";
import { servedAgent } from "../server/served_agent.ts";

type Params = Readonly<Record<string, unknown>>;

/** What came over the wire: the answer of an operation, or the reason (or the JSON-RPC code) for which there is none. */
export interface Outcome {
  readonly result?: unknown;
  readonly refusal?: string;
  readonly events?: readonly StreamResponse[];
}

/** One binding of A2A 1.0, from the bytes of a request to the real task service and back. */
export interface Wire {
  readonly name: string;
  ask(operation: string, params: Params, headers?: Readonly<Record<string, string>>): Promise<Outcome>;
}

const HEADERS = { "content-type": "application/json", "a2a-version": "1.0" };

const Detail = z.object({ reason: z.string().optional() });
const RpcAnswer = z.object({
  id: z.literal(7),
  result: z.unknown().optional(),
  error: z.object({ code: z.number(), data: z.array(Detail).optional() }).optional(),
});
const RestError = z.object({ error: z.object({ status: z.string(), details: z.array(Detail).optional() }) });

function reasonOf(details: readonly z.infer<typeof Detail>[] | undefined, otherwise: string): string {
  return details?.find(({ reason }) => reason !== undefined)?.reason ?? otherwise;
}

function dataLines(text: string): unknown[] {
  return text.split("\n").filter((line) => line.startsWith("data:")).map((line) => JSON.parse(line.slice(5)));
}

function isStream(response: Response): boolean {
  return response.headers.get("content-type")?.startsWith("text/event-stream") === true;
}

type Ask = ReturnType<typeof appUnderTest>;

function jsonRpc(app: Ask): Wire {
  return {
    name: "JSON-RPC",
    ask: async (method, params, headers = {}) => {
      const body = JSON.stringify({ jsonrpc: "2.0", id: 7, method, params });
      const response = await app("/agents/desk", { method: "POST", headers: { ...HEADERS, ...headers }, body });
      const text = await response.text();
      const answers = (isStream(response) ? dataLines(text) : [JSON.parse(text)]).map((each) => RpcAnswer.parse(each));
      const refused = answers.find(({ error }) => error !== undefined)?.error;
      if (refused !== undefined) return { refusal: reasonOf(refused.data, `${refused.code}`) };
      if (!isStream(response)) return { result: answers[0]?.result };
      return { events: answers.map(({ result }) => StreamResponse.parse(result)) };
    },
  };
}

/** [operation, HTTP method, path] as A2A v1 §11.3 has them. */
const ROUTES = new Map<string, readonly [method: string, path: (params: Params) => string]>([
  ["SendMessage", ["POST", () => "message:send"]],
  ["SendStreamingMessage", ["POST", () => "message:stream"]],
  ["GetTask", ["GET", ({ id }) => `tasks/${id}`]],
  ["ListTasks", ["GET", () => "tasks"]],
  ["CancelTask", ["POST", ({ id }) => `tasks/${id}:cancel`]],
  ["SubscribeToTask", ["POST", ({ id }) => `tasks/${id}:subscribe`]],
  ["CreateTaskPushNotificationConfig", ["POST", ({ taskId }) => `tasks/${taskId}/pushNotificationConfigs`]],
  ["ListTaskPushNotificationConfigs", ["GET", ({ taskId }) => `tasks/${taskId}/pushNotificationConfigs`]],
  ["GetExtendedAgentCard", ["GET", () => "extendedAgentCard"]],
]);

function rest(app: Ask): Wire {
  return {
    name: "REST",
    ask: async (operation, params, headers = {}) => {
      const [method, path] = ROUTES.get(operation) ?? ["GET", () => operation];
      const query = new URLSearchParams(Object.entries(params).map(([name, value]) => [name, String(value)]));
      const isGet = method === "GET";
      const response = await app(`/agents/desk/${path(params)}${isGet ? `?${query}` : ""}`, {
        method,
        headers: { ...HEADERS, ...headers },
        ...(isGet ? {} : { body: JSON.stringify(params) }),
      });
      const text = await response.text();
      if (isStream(response)) return { events: dataLines(text).map((each) => StreamResponse.parse(each)) };
      if (response.ok) return { result: JSON.parse(text) };
      const { error } = RestError.parse(JSON.parse(text));
      return { refusal: reasonOf(error.details, error.status) };
    },
  };
}

const SERVICE = "lf.a2a.v1.A2AService";
const GrpcStatus = z.object({ details: z.array(Detail).optional() });

/** Headers are metadata here. Throws for what protobuf cannot say, such as two members of one oneof. */
function grpc(agent: ServedAgent): Wire {
  const opened = (async () => {
    const onStream = await createGrpcFace({
      directory: () => ({ agents: new Map([[agent.id, agent]]), defaultAgent: undefined }),
      baseUrl: () => "http://agents.example",
      profile: "1.0.1",
      newId: () => crypto.randomUUID(),
      body: { maxBytes: 100_000, timeoutMs: 60_000 },
      unreadyBecause: () => undefined,
      guard: OPEN,
      timers: PROCESS_TIMERS,
      log: SILENT,
    });
    return http2Pair({ onStream }).client;
  })();
  return {
    name: "gRPC",
    ask: async (operation, params, headers = {}) => {
      const codec = await loadCodec();
      const method = codec.methods(SERVICE).find(({ name }) => name === operation);
      if (method === undefined) throw new TypeError(`${SERVICE} has no ${operation}`);
      const metadata = Object.entries({ "a2a-version": "1.0", ...headers });
      const path = `/${SERVICE}/${operation}`;
      const answer = await askGrpc(await opened, path, method.input.encode(params), { metadata });
      const status = answer.trailers.get("grpc-status") ?? "none";
      const details = answer.trailers.get("grpc-status-details-bin");
      if (status !== "0") {
        const told = details === undefined ? {} : codec.message("google.rpc.Status").decode(bytesOf(details));
        return { refusal: reasonOf(GrpcStatus.parse(told).details, status) };
      }
      const messages = answer.messages.map((message) => method.output.decode(message));
      const isStream = operation === "SendStreamingMessage" || operation === "SubscribeToTask";
      return isStream ? { events: messages.map((each) => StreamResponse.parse(each)) } : { result: messages[0] };
    },
  };
}

/** Whether nothing follows on a stream: a socket stays open behind it. */
function isLast(operation: string, event: StreamResponse): boolean {
  if ("message" in event) return true;
  if ("artifactUpdate" in event) return false;
  const { state } = "task" in event ? event.task.status : event.statusUpdate.status;
  return isTerminal(state) || (operation === "SendStreamingMessage" && isInterrupted(state));
}

/** Each question on a socket of its own; headers are those of its upgrade. */
function webSocket(agent: ServedAgent): Wire {
  const deps = bindings();
  const directory = () => ({ agents: new Map([[agent.id, agent]]), defaultAgent: undefined });
  const findDeps = { directory, bindings: deps, cardForm: "negotiated", cardsSince: () => new Date(0) } as const;
  const converse = webSocketBinding(deps);
  return {
    name: "WebSocket",
    ask: async (method, params, headers = {}) => {
      const request = new Request("http://agents.example/ws", { headers: { ...HEADERS, ...headers } });
      const find = finder({ request, identity: NOBODY }, agent.id, {
        ...findDeps,
        baseUrl: () => "http://agents.example",
      });
      const isStream = method === "SendStreamingMessage" || method === "SubscribeToTask";
      const events: StreamResponse[] = [];
      const { promise, resolve, reject } = Promise.withResolvers<Outcome>();
      const send = (text: string) => {
        const { error, result } = RpcAnswer.parse(JSON.parse(text));
        if (error !== undefined) return resolve({ refusal: reasonOf(error.data, `${error.code}`) });
        if (!isStream) return resolve({ result });
        const event = StreamResponse.parse(result);
        events.push(event);
        if (isLast(method, event)) resolve({ events });
      };
      const close = (code: number, reason: string) => reject(new Error(`closed with ${code}: ${reason}`));
      const conversation = converse({ send, close, bufferedAmount: 0 }, { request, find });
      conversation.receive(JSON.stringify({ jsonrpc: "2.0", id: 7, method, params }));
      return await promise.finally(() => conversation.gone());
    },
  };
}

function served(run: RunFunction): ServedAgent {
  return servedAgent("desk", "public", openHouse(run).service);
}

/** Both HTTP bindings over one agent of one house. */
export function wiresTo(run: RunFunction): readonly Wire[] {
  const app = appUnderTest([served(run)]);
  return [jsonRpc(app), rest(app)];
}

/** All four bindings over one agent of one house. */
export function allWiresTo(run: RunFunction): readonly Wire[] {
  const agent = served(run);
  const app = appUnderTest([agent]);
  return [jsonRpc(app), rest(app), grpc(agent), webSocket(agent)];
}
