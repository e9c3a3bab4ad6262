import assert from "node:assert/strict";
import { webSocketBinding } from "../../../src/a2a/bindings/websocket.ts";
import { METHODS } from "../../../src/a2a/methods.ts";
import { textOf } from "../../../src/a2a/parts.ts";
import { loadCodec } from "../../../src/a2a/proto/codec.ts";
import { ANONYMOUS } from "../../../src/a2a/service.ts";
import { grpcMethods } from "../../../src/a2a/bindings/grpc.ts";
import { grpcV03, grpcV1 } from "../../../src/a2a/bindings/grpc_spelling.ts";
import { grpcHandler } from "../../../src/lib/grpc/grpc_server.ts";
import { metadataOf } from "../../../src/lib/grpc/grpc_metadata.ts";
import { SILENT } from "../../../src/lib/log.ts";
import { PROCESS_TIMERS } from "../../../src/server/timers.ts";
import type { TaskService } from "../../../src/task/service.ts";
import { CARD } from "../../a2a/fake_service.ts";
import { beginCall, messagesOf } from "../../lib/grpc/grpc_client.ts";
import { http2Pair } from "../../lib/http2/http2_pair.ts";
import { bindings, faceUnderTest } from "../../server/app_under_test.ts";
import { servedAgent } from "../../server/served_agent.ts";
import { asking, callOf, echo, requestOf, type RunFunction } from "../../task/house.ts";
import { OK, openPushHouse } from "../../task/push/receivers.ts";
import { isRecord, reasonIn } from "../scenarios/peer.ts";
import { hitHttp2Client, hitHttp2Server } from "./http2_targets.ts";
import { mutateBytes, mutateJson, mutateText } from "./mutate.ts";
import type { Random } from "./random.ts";

/** One binding, and how a request to it is made up. */
export interface FuzzTarget {
  readonly name: string;
  /** Sends one request. Throws with what it sent if the answer is one that no peer should see. */
  hit(random: Random): Promise<void>;
}

const agent: RunFunction = (input, run) =>
  textOf(input.message).startsWith("ask") ? asking(input, run) : echo(input, run);

/** One house behind all bindings. What it logs as an error is a failure. */
export async function openTargets(): Promise<readonly FuzzTarget[]> {
  const { service } = openPushHouse(agent, OK);
  const idOf = async (text: string) => {
    const answer = await service.sendMessage(requestOf(text), callOf());
    return "task" in answer ? answer.task.id : "";
  };
  const ids = [await idOf("done"), await idOf("ask"), "nobody"];
  const logged: unknown[] = [];
  const log = { ...SILENT, error: (message: string, fields = {}) => void logged.push([message, fields]) };
  const place: Place = { ids, log, service, deps: { ...bindings(), log } };
  const all = [
    jsonRpc(place),
    rest(place),
    await grpc(place),
    webSocket(place),
    { name: "HTTP/2 server", hit: hitHttp2Server },
    { name: "HTTP/2 client", hit: hitHttp2Client },
  ];
  return all.map(({ name, hit }) => ({
    name,
    hit: async (random) => {
      await hit(random);
      const failures = logged.splice(0);
      assert.deepEqual(failures, []);
      assert.equal(Reflect.get({}, "polluted"), undefined, "prototypes are polluted");
    },
  }));
}

interface Place {
  readonly ids: readonly string[];
  readonly log: typeof SILENT;
  readonly service: TaskService;
  readonly deps: ReturnType<typeof bindings>;
}

const DIALECTS: readonly [string, ...string[]] = ["hector_v1", "hector_v1_rest", "hector_v2", "a2a_v0_3", "nope"];

/** Headers that choose how a request is read, most often as `version` has it. */
function headersOf(random: Random, version: string): Record<string, string> {
  return {
    "content-type": random.once(40) ? "text/plain" : "application/json",
    ...(random.once(4) ? {} : { "a2a-version": random.once(10) ? random.pick(["1.0", "0.3", "", "9.9"]) : version }),
    ...(random.once(6) ? { "x-hector-dialect": random.pick(DIALECTS) } : {}),
    ...(random.once(6) ? { "last-event-id": random.pick(["0", "2", "9", "-1", "x"]) } : {}),
    ...(random.once(6) ? { "a2a-extensions": "https://hector.dev/a2a/extensions/resume/v1" } : {}),
  };
}

function messageOf(random: Random, ids: readonly string[]): unknown {
  const text = random.pick(["hello", "ask", "done"]);
  const rest = {
    messageId: `m${random.int(1e9)}`,
    ...(random.once(3) ? { taskId: ids[random.int(ids.length)] } : {}),
    ...(random.once(3) ? { contextId: "c" } : {}),
    ...(random.once(3) ? { metadata: { a: [1, { b: null }] } } : {}),
  };
  switch (random.int(4)) {
    case 0:
      return { kind: "message", role: "user", parts: [{ kind: "text", text }], ...rest };
    case 1:
      return { role: "ROLE_USER", content: [{ text }, { file: { fileWithBytes: "AA==" } }], ...rest };
    case 2:
      return { role: "user", parts: [{ type: "text", text }, { type: "data", data: { a: 1 } }], ...rest };
    default:
      return { role: "ROLE_USER", parts: [{ text }, { raw: "AA==" }, { data: [1] }], ...rest };
  }
}

/** Params that would do for about any method. */
function paramsOf(random: Random, ids: readonly string[]): Record<string, unknown> {
  const id = ids[random.int(ids.length)];
  return {
    id,
    taskId: id,
    ...(random.once(2) ? { message: messageOf(random, ids) } : {}),
    ...(random.once(4) ? { configuration: { historyLength: 1, blocking: true, acceptedOutputModes: ["text"] } } : {}),
    ...(random.once(6) ? { pageSize: 2, status: "TASK_STATE_COMPLETED", contextId: "c" } : {}),
    ...(random.once(8) ? { pushNotificationConfig: { url: "https://a.example/" } } : {}),
  };
}

const METHOD_NAMES = [...METHODS];

/** Most often, what is wrong is within the params. */
function rpcCall(random: Random, ids: readonly string[]) {
  const [method, { generation }] = METHOD_NAMES[random.int(METHOD_NAMES.length)] ?? ["", { generation: "v1" }];
  const envelope = { jsonrpc: "2.0", id: random.int(100), method };
  const params = paramsOf(random, ids);
  const text = random.once(5)
    ? mutateJson({ ...envelope, params }, random)
    : `${JSON.stringify(envelope).slice(0, -1)},"params":${mutateJson(params, random)}}`;
  return { headers: headersOf(random, generation === "v1" ? "1.0" : "0.3"), text };
}

/** An answer's first event is enough: the rest of a stream may never come. */
async function firstOf(response: Response): Promise<string> {
  if (response.headers.get("content-type")?.startsWith("text/event-stream") !== true) return await response.text();
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  const { value = "" } = await reader?.read() ?? {};
  await reader?.cancel();
  return /^data: ?(.*)$/m.exec(value)?.[1] ?? "";
}

/** Checks what an error says; `error` is JSON-RPC's, REST's or 0.3's. */
function checkError(error: unknown): void {
  if (!isRecord(error)) return;
  const reason = reasonIn(error.data ?? error.details);
  assert.notEqual(reason ?? error.code, "INTERNAL");
  assert.notEqual(error.code, -32603, JSON.stringify(error));
}

/** Does it, and says of a failure what was sent. */
async function telling(sent: unknown, act: () => Promise<void>): Promise<void> {
  try {
    await act();
  } catch (cause) {
    throw new Error(`${cause}\nsent: ${JSON.stringify(sent)}`, { cause });
  }
}

function faceOf({ deps, service }: Place) {
  return faceUnderTest([servedAgent("desk", "public", service)], { bindings: deps });
}

function jsonRpc(place: Place): FuzzTarget {
  const face = faceOf(place);
  return {
    name: "JSON-RPC",
    hit: async (random) => {
      const { headers, text: body } = rpcCall(random, place.ids);
      await telling({ headers, body }, async () => {
        const response = await face(
          new Request("http://agents.example/agents/desk", { method: "POST", headers, body }),
        );
        const text = await firstOf(response);
        assert.ok(response.status < 500, `${response.status} ${text}`);
        if (response.status === 204 || text === "") return;
        const answer: unknown = JSON.parse(text);
        if (isRecord(answer)) checkError(answer.error);
      });
    },
  };
}

const ROUTES: readonly [string, ...string[]] = [
  "POST /message:send",
  "POST /message:send",
  "POST /message:stream",
  "POST /message/send",
  "POST /message:sendStream",
  "GET /tasks",
  "GET /tasks/ID",
  "DELETE /tasks/ID",
  "POST /tasks/ID:cancel",
  "POST /tasks/ID:subscribe",
  "POST /tasks/ID/cancel",
  "POST /tasks/ID/pushNotificationConfigs",
  "GET /tasks/ID/pushNotificationConfigs/c",
  "GET /extendedAgentCard",
  "POST /sessions",
  "GET /sessions",
];
const VERBS: readonly [string, ...string[]] = ["GET", "POST", "DELETE", "PUT"];
const QUERIES: readonly [string, ...string[]] = [
  "historyLength=1",
  "historyLength=-1",
  "pageSize=2",
  "pageSize=x",
  "status=TASK_STATE_WORKING",
  "statusTimestampAfter=2026-01-01T00:00:00Z",
  "includeArtifacts=true",
  "pageToken=abc",
  "A2A-Version=1.0",
  "dialect=hector_v1",
  "agent=desk",
  "__proto__=1",
  "a=%ff",
];

function rest(place: Place): FuzzTarget {
  const face = faceOf(place);
  return {
    name: "REST",
    hit: async (random) => {
      const { ids } = place;
      const prefix = random.pick(["/agents/desk", "/v1/agents/desk", "/agents/desk/v1", "", "/v1"]);
      const [verb = "", route = ""] = random.pick(ROUTES).replace("ID", ids[random.int(ids.length)] ?? "").split(" ");
      const known = prefix + route;
      const path = random.once(8) ? mutateText(known, random).replace(/^\/*/, "/") : known;
      const query = random.once(2) ? "" : `?${random.pick(QUERIES)}&${mutateText(random.pick(QUERIES), random)}`;
      const method = random.once(12) ? random.pick(VERBS) : verb;
      const body = method === "GET" || method === "DELETE" ? undefined : mutateJson(paramsOf(random, ids), random);
      const headers = headersOf(random, prefix.endsWith("/v1") ? "0.3" : "1.0");
      await telling({ method, path, query, headers, body }, async () => {
        const url = new URL(`http://agents.example${path}${query}`);
        const response = await face(new Request(url, { method, headers, ...(body === undefined ? {} : { body }) }));
        const text = await firstOf(response);
        assert.ok(response.status < 500, `${response.status} ${text}`);
        if (response.status === 204 || text === "" || text === "[DONE]") return;
        const answer: unknown = JSON.parse(text);
        if (isRecord(answer)) checkError(answer.error ?? (response.ok ? undefined : answer));
      });
    },
  };
}

async function grpc({ ids, log, service }: Place): Promise<FuzzTarget> {
  const codec = await loadCodec();
  const find = (
    _payload: unknown,
    { metadata, signal }: { metadata: ReadonlyMap<string, string>; signal: AbortSignal },
  ) => ({
    service,
    call: {
      signal,
      caller: ANONYMOUS,
      extensions: metadata.has("a2a-extensions") ? [metadata.get("a2a-extensions") ?? ""] : [],
    },
    card: () => CARD,
  });
  const options = { codec, profile: "1.0.1", log, find } as const;
  const spellings = [grpcV1("1.0.1"), grpcV03({ newId: () => "made-up" })];
  const methods = new Map(spellings.flatMap((spelling) => [...grpcMethods(spelling, options)]));
  const onError = (error: unknown) => log.error("gRPC", { error });
  const { client } = http2Pair({
    onStream: grpcHandler({ methods, maxMessageBytes: 100_000, timers: PROCESS_TIMERS, onError }),
  });
  const codecs = spellings.flatMap(({ service }) =>
    codec.methods(service).map((method) => ({ path: `/${service}/${method.name}`, method }))
  );
  return {
    name: "gRPC",
    hit: async (random) => {
      const { path, method } = codecs[random.int(codecs.length)] ?? { path: "" };
      const id = ids[random.int(ids.length)];
      const parts = [{ text: "hello" }, { raw: "AA==" }, { data: { a: [1] } }];
      const words = path.startsWith("/lf")
        ? { id, taskId: id, message: { messageId: `m${random.int(1e9)}`, role: "ROLE_USER", parts }, pageSize: 2 }
        : {
          name: `tasks/${id}`,
          parent: `tasks/${id}`,
          message: { messageId: "m", role: "ROLE_USER", content: parts.slice(0, 1) },
        };
      const bytes = mutateBytes(method?.input.encode(words) ?? new Uint8Array(0), random);
      const { "content-type": _type, ...metadata } = headersOf(random, path.startsWith("/lf") ? "1.0" : "0.3");
      await telling({ path, metadata, bytes: bytes.toHex() }, async () => {
        const stream = await beginCall(client, path, { messages: [bytes], metadata: Object.entries(metadata) });
        const { done } = await messagesOf(stream).next();
        if (done !== true) return stream.reset("CANCEL");
        const trailers = metadataOf(stream.trailers.length === 0 ? await stream.head() : stream.trailers);
        const status = Number(trailers.get("grpc-status"));
        assert.ok(status >= 0 && status !== 2 && status !== 13, `${status} ${trailers.get("grpc-message")}`);
      });
    },
  };
}

function webSocket({ ids, deps, service }: Place): FuzzTarget {
  const converse = webSocketBinding(deps);
  const find = () => ({
    service,
    call: { signal: new AbortController().signal, caller: ANONYMOUS, extensions: [] },
    publicCard: () => CARD,
  });
  const good = JSON.stringify({ jsonrpc: "2.0", id: "good", method: "GetTask", params: { id: ids[0] } });
  return {
    name: "WebSocket",
    hit: async (random) => {
      const { headers, text } = rpcCall(random, ids);
      const plain = random.once(2) ? { message: "hello" } : { content: "hello", role: "user" };
      const frame = random.once(3) ? mutateJson(plain, random) : text;
      await telling({ headers, frame }, async () => {
        const isGood = Promise.withResolvers<void>();
        const frames: unknown[] = [];
        const send = (text: string) => {
          const told: unknown = JSON.parse(text);
          if (isRecord(told) && told.id === "good") isGood.resolve();
          else frames.push(told);
        };
        const close = (code: number) => isGood.reject(new Error(`closed with ${code}`));
        const request = new Request("http://agents.example/ws", { headers });
        const conversation = converse({ send, close, bufferedAmount: 0 }, { request, find });
        conversation.receive(frame);
        conversation.receive(good);
        await isGood.promise;
        await new Promise((resolve) => setImmediate(resolve));
        conversation.gone();
        for (const told of frames) if (isRecord(told)) checkError(told.error);
      });
    },
  };
}
