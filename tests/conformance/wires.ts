import { z } from "zod";
import { StreamResponse } from "../../src/a2a/types.ts";
import type { RunFunction } from "../task/house.ts";
import { openHouse } from "../task/house.ts";
import { appUnderTest } from "../server/app_under_test.ts";
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

/** Both HTTP bindings over one agent of one house. */
export function wiresTo(run: RunFunction): readonly Wire[] {
  const app = appUnderTest([servedAgent("desk", "public", openHouse(run).service)]);
  return [jsonRpc(app), rest(app)];
}
