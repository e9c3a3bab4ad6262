import assert from "node:assert/strict";
import { z } from "zod";
import { buildCard } from "../../../src/a2a/card/build_card.ts";
import type { Operation } from "../../../src/a2a/operations.ts";
import { fakeService, TURN } from "../../a2a/fake_service.ts";
import { AGENT_URL, callWith, testClient } from "../../a2a/loopback.ts";
import { faceUnderTest } from "../../server/app_under_test.ts";
import { servedAgent } from "../../server/served_agent.ts";
import { OK, openPushHouse } from "../../task/push/receivers.ts";
import { type Face, type Params, Refused } from "./face.ts";
import { jsonRpcFace, restFace, restRequest, rpcBody } from "./http_face.ts";
import { httpAt } from "./legacy_face.ts";
import { must, mustInBoth, type MustTest, once } from "./must.ts";
import { grpcFace, webSocketFace } from "./other_faces.ts";
import { peer } from "./peers.ts";
import { desk, obedient, saying, send } from "./talk.ts";

/* A2A v1 §5, §9–§11: the forms in which all is told. */

const HOOK = "https://hook.example/a";

/** One of each operation, and of the ways in which they are refused, as they are told: ids and times made alike. */
async function transcript(face: Face): Promise<string[]> {
  const told: string[] = [];
  const names = new Map<string, string>();
  const plain = (value: unknown) =>
    JSON.stringify(value)
      .replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, (id) => names.get(id) ?? named(id))
      .replaceAll(/"timestamp":"[^"]*"/g, '"timestamp":"…"')
      .replaceAll(/must-\d+/g, "must");
  const named = (id: string) => {
    names.set(id, `id-${names.size}`);
    return names.get(id) ?? "";
  };
  const note = async (operation: Operation, params: Params) => {
    try {
      const isStream = operation === "SendStreamingMessage" || operation === "SubscribeToTask";
      const answer = isStream
        ? await Array.fromAsync(face.watch(operation, params))
        : await face.ask(operation, params);
      told.push(`${operation} ${plain(sorted(answer))}`);
    } catch (thrown) {
      if (!(thrown instanceof Refused)) throw thrown;
      told.push(`${operation} ${thrown.reason} [${thrown.fields}]`);
    }
  };
  await note("SendMessage", saying("hello"));
  await note("SendMessage", saying("talk"));
  await note("SendStreamingMessage", saying("ask", {}, { historyLength: 1 }));
  const { id } = await send(face, saying("ask", { contextId: "c" }));
  await note("GetTask", { id, historyLength: 1 });
  await note("ListTasks", { contextId: "c", includeArtifacts: true, status: "TASK_STATE_INPUT_REQUIRED" });
  await note("CreateTaskPushNotificationConfig", {
    taskId: id,
    id: "w",
    url: HOOK,
    authentication: { scheme: "Bearer" },
  });
  await note("GetTaskPushNotificationConfig", { taskId: id, id: "w" });
  await note("ListTaskPushNotificationConfigs", { taskId: id });
  await note("DeleteTaskPushNotificationConfig", { taskId: id, id: "w" });
  await note("CancelTask", { id });
  await note("CancelTask", { id });
  const { id: over } = await send(face, saying("hello"));
  const refused: [Operation, Params][] = [
    ["SendMessage", saying("more", { taskId: over })],
    ["SendMessage", saying("more", { taskId: "nobody" })],
    ["SendMessage", saying("more", { parts: [] })],
    ["SendStreamingMessage", saying("more", { role: "ROLE_UNSPECIFIED" })],
    ["SubscribeToTask", { id: over }],
    ["SubscribeToTask", { id: "nobody" }],
    ["GetTask", { id: "nobody" }],
    ["GetTask", { id: over, historyLength: -1 }],
    ["ListTasks", { pageSize: 1000 }],
    ["CancelTask", { id: over }],
    ["CreateTaskPushNotificationConfig", { taskId: over, url: "https://127.0.0.1/" }],
    ["GetTaskPushNotificationConfig", { taskId: over, id: "nobody" }],
    ["GetExtendedAgentCard", {}],
  ];
  for (const [operation, params] of refused) await note(operation, params);
  return told;
}

/** The same members in the same order, without those that protobuf does not tell from absent ones. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== "object") return value;
  const isTold = (member: unknown) => member !== "" && !(Array.isArray(member) && member.length === 0);
  const members = Object.entries(value).filter(([, member]) => isTold(member)).toSorted(([a], [b]) => a < b ? -1 : 1);
  return members.length === 0 ? null : Object.fromEntries(members.map(([name, member]) => [name, sorted(member)]));
}

const SNAKE = /"[a-z]+_[a-z_]+":/;
const ErrorInfo = z.object({
  "@type": z.literal("type.googleapis.com/google.rpc.ErrorInfo"),
  reason: z.literal("TASK_NOT_FOUND"),
  domain: z.literal("a2a-protocol.org"),
});

export const BINDING: readonly MustTest[] = [
  ...once(54, "four bindings tell every operation and every refusal alike", async () => {
    const faces = [jsonRpcFace, restFace, grpcFace, webSocketFace];
    const [first = [], ...others] = await Promise.all(
      faces.map((open) => transcript(open(openPushHouse(obedient, OK).service))),
    );
    assert.equal(first.length, 24);
    for (const told of others) assert.deepEqual(told, first);
  }),
  ...once(55, "each interface of a card is where it says, in the binding and version that it says", async () => {
    const { service } = fakeService();
    const parts = {
      id: "desk",
      name: "Desk",
      description: "",
      version: "1",
      skills: [],
      baseUrl: "http://agents.example",
    };
    const card = buildCard(parts);
    const app = faceUnderTest([{ ...servedAgent("desk", "public", service), card: () => card }]);
    const offered = card.supportedInterfaces.filter(({ protocolBinding }) => protocolBinding !== "GRPC");
    assert.ok(offered.length >= 4);
    for (const one of offered) {
      const agent = { ...card, supportedInterfaces: [one] };
      const { client } = testClient({ agent, fetch: (url, init) => app(new Request(url, init)) });
      assert.equal((await client.getTask({ id: "t1" }, callWith())).id, "t1");
      const events = await Array.fromAsync(client.subscribeToTask({ id: "t1" }, callWith()));
      assert.equal(events.length, TURN.length);
    }
    assert.ok(card.supportedInterfaces.every(({ protocolVersion }) => /^\d+\.\d+$/.test(protocolVersion)));
  }),
  ...once(55, "a card names gRPC where there is gRPC", () => {
    const parts = {
      id: "desk",
      name: "Desk",
      description: "",
      version: "1",
      skills: [],
      baseUrl: "http://agents.example",
    };
    const { supportedInterfaces } = buildCard({
      ...parts,
      grpc: { address: "agents.example:50051", isDefault: false },
    });
    const [grpc] = supportedInterfaces.filter(({ protocolBinding }) => protocolBinding === "GRPC");
    assert.deepEqual(grpc, {
      url: "agents.example:50051",
      protocolBinding: "GRPC",
      protocolVersion: "1.0",
      tenant: "desk",
    });
  }),
  ...mustInBoth(56, "what is unknown in a request is ignored", async (open) => {
    const request = { ...saying("hello", { colour: "red" }), shape: "round" };
    assert.equal((await send(desk(open), request)).status.state, "TASK_STATE_COMPLETED");
  }),
  ...once(56, "objects have camelCase names, enums by name, times in UTC to the millisecond", async () => {
    const fetch = httpAt(openPushHouse(obedient, OK).service);
    const headers = { "content-type": "application/json", "a2a-version": "1.0" };
    const rpc = await fetch(AGENT_URL, { method: "POST", headers, body: rpcBody("SendMessage", saying("hello")) });
    const rest = await fetch(`${AGENT_URL}/message:send`, {
      method: "POST",
      headers,
      body: JSON.stringify(saying("hello")),
    });
    for (const text of [await rpc.text(), await rest.text()]) {
      assert.doesNotMatch(text, SNAKE);
      assert.match(text, /"state":"TASK_STATE_COMPLETED"/);
      assert.match(text, /"role":"ROLE_USER"/);
      assert.match(text, /"timestamp":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"/);
    }
    const list = await fetch(`${AGENT_URL}/tasks?contextId=nobody`, { method: "GET", headers });
    assert.deepEqual(await list.json(), { tasks: [], nextPageToken: "", pageSize: 50, totalSize: 0 });
  }),
  ...must(57, "a list of extensions is one parameter, its values parted by commas", async (open) => {
    const fake = fakeService();
    const headers = { "a2a-extensions": "urn:a:1, urn:b:2" };
    await open(fake.service).ask("GetTask", { id: "t1" }, { headers });
    assert.deepEqual(fake.asked[0]?.call.extensions, ["urn:a:1", "urn:b:2"]);
  }),
  ...once(57, "our client sends its extensions in one header", async () => {
    const { client, sent } = peer(fakeService().service, { offers: [["JSONRPC", "1.0"]] });
    await client.getTask({ id: "t1" }, callWith({ extensions: ["urn:a:1", "urn:b:2"] }));
    assert.match(sent[1]?.headers.get("a2a-extensions") ?? "", /urn:a:1, urn:b:2$/);
  }),
  ...once(58, "JSON-RPC has error objects with typed data, REST google.rpc.Status", async () => {
    const fetch = httpAt(openPushHouse(obedient, OK).service);
    const headers = { "content-type": "application/json", "a2a-version": "1.0" };
    const rpc = await fetch(AGENT_URL, { method: "POST", headers, body: rpcBody("GetTask", { id: "nobody" }) });
    const { jsonrpc, id, error } = await rpc.json();
    assert.deepEqual([rpc.status, jsonrpc, id, error.code], [200, "2.0", "must", -32001]);
    ErrorInfo.parse(error.data[0]);
    const rest = await fetch(`${AGENT_URL}/tasks/nobody`, { method: "GET", headers });
    const body = await rest.json();
    assert.deepEqual([rest.status, body.error.code, body.error.status], [404, 404, "NOT_FOUND"]);
    ErrorInfo.parse(body.error.details[0]);
  }),
  ...once(58, "a JSON-RPC envelope that is none is refused with the code of JSON-RPC 2.0", async () => {
    const fetch = httpAt(openPushHouse(obedient, OK).service);
    const rows: [body: string, code: number][] = [
      ["{", -32700],
      ["[]", -32600],
      ['{"jsonrpc":"1.0","id":1,"method":"GetTask"}', -32600],
      ['{"jsonrpc":"2.0","id":1,"method":"Nothing"}', -32601],
      ['{"jsonrpc":"2.0","id":1,"method":"GetTask","params":{}}', -32602],
    ];
    for (const [body, code] of rows) {
      const headers = { "content-type": "application/json", "a2a-version": "1.0" };
      const { error } = await (await fetch(AGENT_URL, { method: "POST", headers, body })).json();
      assert.equal(error.code, code, body);
    }
  }),
  ...once(59, "paths and queries are decoded: ids with any character, numbers, booleans, enums", async () => {
    const fake = fakeService();
    const face = restFace(fake.service);
    await face.ask("GetTask", { id: "a/b:c ü%", historyLength: 3 });
    await face.ask("ListTasks", {
      contextId: "x&y",
      status: "TASK_STATE_WORKING",
      pageSize: 7,
      includeArtifacts: true,
    });
    assert.deepEqual(fake.asked.map(({ request }) => request), [
      { id: "a/b:c ü%", historyLength: 3 },
      { contextId: "x&y", status: "TASK_STATE_WORKING", pageSize: 7, includeArtifacts: true },
    ]);
  }),
  ...once(59, "our client writes them so", async () => {
    const { client, sent } = peer(fakeService().service, { offers: [["HTTP+JSON", "1.0"]] });
    await client.getTask({ id: "a/b:c ü%", historyLength: 3 }, callWith());
    await client.listTasks({ contextId: "x&y", pageSize: 7, includeArtifacts: true }, callWith());
    const expected = [
      restRequest("GetTask", { id: "a/b:c ü%", historyLength: 3 }),
      restRequest("ListTasks", { contextId: "x&y", pageSize: 7, includeArtifacts: true }),
    ];
    for (const [at, request] of expected.entries()) {
      const { pathname, search } = new URL(request.url);
      assert.equal(`${sent[at + 1]?.url.pathname}${sent[at + 1]?.url.search}`, `/agents/echo${pathname}${search}`);
    }
  }),
];
