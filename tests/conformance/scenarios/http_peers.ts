import assert from "node:assert/strict";
import {
  type Heard,
  isRecord,
  type Json,
  type Operation,
  type Peer,
  type Place,
  reasonIn,
  Refused,
  type Request,
  type StreamingOperation,
  withPlace,
} from "./peer.ts";
import { readSse } from "./read_sse.ts";
import type { Spelling } from "./spelling.ts";

/** Where the server is now: it may start again elsewhere. */
export interface Address {
  readonly http: string;
  readonly grpc: number;
}

export type AddressNow = () => Address;

function headersOf({ version }: Spelling, place?: Place): Record<string, string> {
  return {
    "content-type": "application/json",
    "a2a-version": version,
    ...(place?.by === "header" ? { "last-event-id": `${place.afterSeq}` } : {}),
  };
}

/** What a JSON-RPC response holds; throws Refused for an error. */
export function resultOf(answer: unknown, id: number): unknown {
  assert.ok(isRecord(answer), JSON.stringify(answer));
  const { jsonrpc, id: answered, result, error } = answer;
  assert.deepEqual([jsonrpc, answered], ["2.0", id]);
  if (error === undefined) return result;
  assert.ok(isRecord(error) && typeof error.code === "number");
  throw new Refused(reasonIn(error.data) ?? `${error.code}`, error);
}

function isStream({ headers }: Response): boolean {
  return headers.get("content-type")?.startsWith("text/event-stream") === true;
}

/** A2A over JSON-RPC, from the bytes of a request on. */
export function jsonRpcPeer(address: AddressNow, spelling: Spelling): Peer {
  let lastId = 0;
  const post = async (operation: Operation, request: Request, place?: Place) => {
    const id = ++lastId;
    const params = spelling.params(operation, withPlace(request, place));
    const method = spelling.method(operation);
    const body = JSON.stringify({ jsonrpc: "2.0", id, method, params });
    const response = await fetch(address().http, { method: "POST", headers: headersOf(spelling, place), body });
    return { id, response };
  };
  return {
    binding: "JSON-RPC",
    version: spelling.version,
    async ask(operation, request) {
      const { id, response } = await post(operation, request);
      assert.ok(!isStream(response));
      return spelling.answer(operation, resultOf(await response.json(), id));
    },
    async *listen(operation, request, place) {
      const { id, response } = await post(operation, request, place);
      if (!isStream(response)) {
        resultOf(await response.json(), id);
        throw new Error("a streaming method gave one answer");
      }
      assert.ok(response.body);
      for await (const { id: seq, data } of readSse(response.body)) {
        const result = resultOf(JSON.parse(data), id);
        yield { seq: seq === undefined ? undefined : Number(seq), event: spelling.event(result) };
      }
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

type Route = readonly [method: "GET" | "POST" | "DELETE", path: (request: Json) => string, inPath: readonly string[]];
const CONFIGS = (request: Json) => `tasks/${encodeURIComponent(String(request.taskId))}/pushNotificationConfigs`;
const TASK = ({ id }: Json) => `tasks/${encodeURIComponent(String(id))}`;

/** A2A v1 §11.3; those of 0.3 are the same below `v1/`. */
const ROUTES: Readonly<Record<Operation, Route>> = {
  SendMessage: ["POST", () => "message:send", []],
  SendStreamingMessage: ["POST", () => "message:stream", []],
  GetTask: ["GET", TASK, ["id", "name"]],
  ListTasks: ["GET", () => "tasks", ["name"]],
  CancelTask: ["POST", (request) => `${TASK(request)}:cancel`, ["id"]],
  SubscribeToTask: ["POST", (request) => `${TASK(request)}:subscribe`, ["id"]],
  CreateTaskPushNotificationConfig: ["POST", CONFIGS, ["taskId"]],
  GetTaskPushNotificationConfig: [
    "GET",
    (request) => `${CONFIGS(request)}/${encodeURIComponent(String(request.id))}`,
    ["taskId", "id", "name"],
  ],
  ListTaskPushNotificationConfigs: ["GET", CONFIGS, ["taskId", "parent"]],
  DeleteTaskPushNotificationConfig: [
    "DELETE",
    (request) => `${CONFIGS(request)}/${encodeURIComponent(String(request.id))}`,
    ["taskId", "id", "name"],
  ],
  GetExtendedAgentCard: ["GET", () => "extendedAgentCard", ["name"]],
};

function restUrl(base: string, path: string, { version }: Spelling): string {
  // A2A 0.3 §5.5.1: its extended card is at `/v1/card`.
  return version === "1.0" ? `${base}/${path}` : `${base}/v1/${path.replace("extendedAgentCard", "card")}`;
}

function failure(body: unknown): Refused {
  // A2A v1 §11.6 has the error within `error`; 0.3 has no form of its own, and hector gives JSON-RPC's.
  const error = isRecord(body) && isRecord(body.error) ? body.error : body;
  assert.ok(isRecord(error), JSON.stringify(body));
  return new Refused(reasonIn(error.details ?? error.data) ?? String(error.status ?? error.code), error);
}

/** A2A over HTTP+JSON, from the bytes of a request on. */
export function restPeer(address: AddressNow, spelling: Spelling): Peer {
  const fetchRoute = async (operation: Operation, request: Request, place?: Place) => {
    const [method, path, inPath] = ROUTES[operation];
    const payload = spelling.body(operation, withPlace(request, place));
    const left = Object.entries(payload).filter(([name]) => !inPath.includes(name));
    const url = restUrl(address().http, path(payload), spelling);
    const query = new URLSearchParams(left.map(([name, value]) => [name, String(value)]));
    const response = await fetch(method === "POST" || left.length === 0 ? url : `${url}?${query}`, {
      method,
      headers: headersOf(spelling, place),
      ...(method === "POST" ? { body: JSON.stringify(Object.fromEntries(left)) } : {}),
    });
    if (response.ok) return response;
    throw failure(await response.json());
  };
  return {
    binding: "REST",
    version: spelling.version,
    async ask(operation, request) {
      const response = await fetchRoute(operation, request);
      assert.ok(!isStream(response));
      const text = await response.text();
      return spelling.answer(operation, text === "" ? null : JSON.parse(text));
    },
    async *listen(operation: StreamingOperation, request, place): AsyncGenerator<Heard, void, undefined> {
      const response = await fetchRoute(operation, request, place);
      assert.ok(isStream(response) && response.body);
      for await (const { id, event, data } of readSse(response.body)) {
        if (event === "error") throw failure(JSON.parse(data));
        yield { seq: id === undefined ? undefined : Number(id), event: spelling.event(JSON.parse(data)) };
      }
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}
