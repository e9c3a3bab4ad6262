import assert from "node:assert/strict";
import { A2AError } from "../../src/a2a/errors.ts";
import type { A2AService } from "../../src/a2a/service.ts";
import type { Task } from "../../src/a2a/types.ts";
import { appUnderTest } from "./app_under_test.ts";
import { fakeService, servedAgent } from "./served_agent.ts";

const V1 = { "a2a-version": "1.0", "content-type": "application/json" };

/** Answers every operation with a task whose id names agent and operation. */
function naming(agent: string): A2AService {
  const task = (operation: string): Task => ({
    id: `${agent}:${operation}`,
    contextId: "c",
    status: { state: "TASK_STATE_COMPLETED", timestamp: "2026-01-01T00:00:00.000Z" },
  });
  return fakeService({
    sendMessage: () => Promise.resolve({ task: task("send") }),
    sendStreamingMessage: async function* () {
      yield { seq: 1, event: { task: task("stream") } };
    },
    subscribeToTask: async function* ({ id }) {
      yield { seq: 1, event: { task: task(`subscribe:${id}`) } };
    },
    getTask: ({ id }) => Promise.resolve(task(`get:${id}`)),
    cancelTask: ({ id }) => Promise.resolve(task(`cancel:${id}`)),
    listTasks: () => Promise.resolve({ tasks: [task("list")], nextPageToken: "", pageSize: 50, totalSize: 1 }),
  });
}

const ask = appUnderTest([
  servedAgent("desk", "public", naming("desk")),
  servedAgent("lab", "public", naming("lab")),
  servedAgent("vault", "private", naming("vault")),
]);
const message = { messageId: "m", role: "ROLE_USER", parts: [{ text: "hi" }] };
const rpc = (method: string, params: Record<string, unknown> = {}) =>
  JSON.stringify({ jsonrpc: "2.0", id: 1, method, params: { message, id: "t", ...params } });

/** [method, path, headers besides A2A 1.0, body, what the answer must hold] */
const ROUTES: [
  method: string,
  path: string,
  headers: Record<string, string>,
  body: string | undefined,
  holds: string,
][] = [
  ["POST", "/agents/lab", {}, rpc("SendMessage"), "lab:send"],
  ["POST", "/v1/agents/lab", {}, rpc("SendMessage"), "lab:send"],
  ["POST", "/agents/lab/", {}, rpc("GetTask"), "lab:get:t"],
  ["POST", "/", {}, rpc("SendMessage"), "desk:send"],
  ["POST", "/rpc", {}, rpc("SendMessage"), "desk:send"],
  ["POST", "/?agent=lab", {}, rpc("SendMessage"), "lab:send"],
  ["POST", "/?name=lab", {}, rpc("SendMessage"), "lab:send"],
  ["POST", "/", { "agent-name": "lab" }, rpc("SendMessage"), "lab:send"],
  ["POST", "/", {}, rpc("SendMessage", { tenant: "lab" }), "lab:send"],
  ["POST", "/", {}, rpc("SendMessage", { name: "lab" }), "lab:send"],
  ["POST", "/", {}, rpc("SendMessage", { agent: "lab" }), "lab:send"],
  ["POST", "/?agent=lab", { "agent-name": "desk" }, rpc("SendMessage", { tenant: "desk" }), "lab:send"],
  ["POST", "/v1/agents/lab/message:send", {}, JSON.stringify({ message }), "lab:send"],
  ["POST", "/agents/lab/message:send", {}, JSON.stringify({ message }), "lab:send"],
  ["POST", "/agents/lab/message/send", {}, JSON.stringify({ message }), "lab:send"],
  ["POST", "/message:send", {}, JSON.stringify({ message }), "desk:send"],
  ["POST", "/v1/message:send", {}, JSON.stringify({ message }), "desk:send"],
  ["POST", "/lab/message:send", {}, JSON.stringify({ message }), "lab:send"],
  ["POST", "/v1/agents/lab/message:stream", {}, JSON.stringify({ message }), "lab:stream"],
  ["POST", "/agents/lab/message/stream", {}, JSON.stringify({ message }), "lab:stream"],
  ["POST", "/v1/agents/lab/message:sendStream", {}, JSON.stringify({ message }), "lab:stream"],
  ["GET", "/v1/agents/lab/tasks", {}, undefined, "lab:list"],
  ["GET", "/agents/lab/tasks", {}, undefined, "lab:list"],
  ["GET", "/tasks", {}, undefined, "desk:list"],
  ["GET", "/v1/tasks", {}, undefined, "desk:list"],
  ["GET", "/lab/tasks", {}, undefined, "lab:list"],
  ["GET", "/agents/lab/tasks/t", {}, undefined, "lab:get:t"],
  ["GET", "/agents/lab/tasks/a%3Ab", {}, undefined, "lab:get:a:b"],
  ["POST", "/agents/lab/tasks/t:cancel", {}, undefined, "lab:cancel:t"],
  ["POST", "/v1/agents/lab/tasks/t/cancel", {}, undefined, "lab:cancel:t"],
  ["GET", "/agents/lab/tasks/t:subscribe", {}, undefined, "lab:subscribe:t"],
  ["POST", "/agents/lab/tasks/t:subscribe", {}, undefined, "lab:subscribe:t"],
  ["POST", "/agents/lab/tasks/t/resubscribe", {}, undefined, "lab:subscribe:t"],
];

for (const [method, path, headers, body, holds] of ROUTES) {
  Deno.test(`${method} ${path} ${JSON.stringify(headers)} asks ${holds}`, async () => {
    const response = await ask(path, {
      method,
      headers: { ...V1, ...headers },
      ...(body === undefined ? {} : { body }),
    });
    const text = await response.text();
    assert.equal(response.status, 200, text);
    assert.ok(text.includes(`"${holds}"`), text);
  });
}

Deno.test("DELETE …/tasks/{id} cancels and says nothing", async () => {
  const response = await ask("/agents/lab/tasks/t", { method: "DELETE", headers: V1 });
  assert.equal(response.status, 204);
  assert.equal(await response.text(), "");
});

/** [method, path, body, status, reason] */
const REFUSALS: [method: string, path: string, body: string | undefined, status: number, reason: string][] = [
  ["GET", "/agents/nobody", undefined, 404, "AGENT_NOT_FOUND"],
  ["GET", "/agents/vault", undefined, 404, "AGENT_NOT_FOUND"],
  ["POST", "/agents/vault/message:send", JSON.stringify({ message }), 404, "AGENT_NOT_FOUND"],
  ["GET", "/v1/agents/vault/tasks/t", undefined, 404, "AGENT_NOT_FOUND"],
  ["GET", "/no/such/route", undefined, 404, "METHOD_NOT_FOUND"],
  ["PUT", "/agents/lab/tasks", undefined, 405, "METHOD_NOT_ALLOWED"],
  ["PUT", "/agents/lab", undefined, 405, "METHOD_NOT_ALLOWED"],
  ["DELETE", "/health", undefined, 405, "METHOD_NOT_ALLOWED"],
  ["PATCH", "/", undefined, 405, "METHOD_NOT_ALLOWED"],
  ["PUT", "/api/config/", undefined, 405, "METHOD_NOT_ALLOWED"],
  ["GET", "/agents/lab/tasks/%zz", undefined, 400, "INVALID_REQUEST"],
  ["POST", "/agents/lab/message:send", "{", 400, "PARSE_ERROR"],
  ["POST", "/agents/lab/message:send", JSON.stringify({ message: { ...message, parts: [] } }), 400, "INVALID_PARAMS"],
  ["POST", "/agents/lab/message:send", "x".repeat(20_000), 413, "PAYLOAD_TOO_LARGE"],
];

for (const [method, path, body, status, reason] of REFUSALS) {
  Deno.test(`${method} ${path} is refused with ${status} ${reason}`, async () => {
    const response = await ask(path, { method, headers: V1, ...(body === undefined ? {} : { body }) });
    const text = await response.text();
    assert.equal(response.status, status, text);
    assert.ok(text.includes(reason) || JSON.parse(text).error.code === status, text);
    assert.doesNotMatch(text, /\.ts:|file:\/\//);
  });
}

Deno.test("a private agent is answered with the same words as none, over JSON-RPC too", async () => {
  const told = async (agent: string) =>
    (await (await ask(`/agents/${agent}`, { method: "POST", headers: V1, body: rpc("SendMessage") })).text())
      .replaceAll(agent, "X");
  assert.equal(await told("vault"), await told("nobody"));
});

Deno.test("a Host that must not be served is refused before anything is read", async () => {
  const guarded = appUnderTest([servedAgent("desk")], {
    checkHost: () => {
      throw new A2AError("PERMISSION_DENIED", "Host is not served here");
    },
  });
  const response = await guarded("/v1/agents");
  assert.equal(response.status, 403);
  assert.match(await response.text(), /not served here/);
});

Deno.test("GET /health tells both spellings of health, version and uptime", async () => {
  const response = await ask("/health");
  assert.equal(response.status, 200);
  assert.deepEqual(await response.json(), {
    status: "ok",
    healthy: true,
    version: "9.9.9",
    uptime: 7,
    studio_mode: false,
  });
});

/** [seconds, as Go's time.Duration writes it] */
const UPTIMES: [seconds: number, text: string][] = [[7, "7s"], [62, "1m2s"], [3600, "1h0m0s"], [8130, "2h15m30s"]];

for (const [seconds, text] of UPTIMES) {
  Deno.test(`GET /health tells older clients that it is healthy since ${text}`, async () => {
    const health = { version: "9.9.9", uptimeSeconds: () => seconds, unreadyBecause: () => undefined };
    const aged = appUnderTest([], { health });
    const expected = { status: "healthy", version: "9.9.9", uptime: text };
    assert.deepEqual(await (await aged("/health?dialect=hector_v1_rest")).json(), expected);
    const headers = { "x-hector-dialect": "hector_v1_rest" };
    assert.deepEqual(await (await aged("/health", { headers })).json(), expected);
  });
}

Deno.test("GET /api/schema is the configuration's JSON Schema with a name", async () => {
  const body = await (await ask("/api/schema")).json();
  assert.deepEqual(body, {
    $id: "https://hector.dev/schemas/config.json",
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "Hector Configuration Schema",
    description: "Complete configuration schema for Hector v2",
    type: "object",
  });
});

/** [path, headers, what the answer holds]: what is refused before a binding reads it */
const WORDS: [path: string, headers: Record<string, string>, holds: RegExp][] = [
  ["/agents/nobody", {}, /"code":"AGENT_NOT_FOUND","message":"Agent 'nobody' not found"/],
  ["/v1/agents/nobody", {}, /"code":"NOT_FOUND","message":"Agent not found: nobody"/],
  ["/agents/nobody", { "a2a-version": "1.0" }, /"reason":"AGENT_NOT_FOUND"/],
  ["/agents/nobody", { "a2a-version": "0.3" }, /"code":-32602/],
  ["/agents/nobody", { "a2a-version": "7" }, /"reason":"AGENT_NOT_FOUND"/],
  ["/no/such/route", {}, /"reason":"METHOD_NOT_FOUND"/],
  ["/no/such/route", { "x-hector-dialect": "hector_v1" }, /"code":"INVALID_REQUEST"/],
];

for (const [path, headers, holds] of WORDS) {
  Deno.test(`GET ${path} ${JSON.stringify(headers)} is refused in the words of its peer`, async () => {
    const response = await ask(path, { headers });
    assert.equal(response.status, 404);
    assert.match(await response.text(), holds);
  });
}

Deno.test("GET /ready is 503 with the reason while the server takes no traffic", async () => {
  assert.equal((await ask("/ready")).status, 200);
  const health = { version: "", uptimeSeconds: () => 0, unreadyBecause: () => "draining" };
  const response = await appUnderTest([], { health })("/ready");
  assert.equal(response.status, 503);
  assert.deepEqual(await response.json(), { status: "not ready", reason: "draining" });
});

Deno.test("GET /v1/agents lists the visible agents with id, name and total", async () => {
  for (const path of ["/v1/agents", "/agents"]) {
    const body = await (await ask(path)).json();
    assert.equal(body.total, 2);
    assert.deepEqual(body.agents.map((card: { id: string; name: string }) => [card.id, card.name]), [
      ["desk", "desk"],
      ["lab", "lab"],
    ]);
  }
  assert.equal((await (await ask("/agents?format=array")).json()).length, 2);
  assert.equal((await (await ask("/agents?dialect=hector_v1")).json()).length, 2);
});

Deno.test("an unknown version is refused on cards and on calls", async () => {
  for (const path of ["/agents/lab", "/v1/agents"]) {
    const response = await ask(path, { headers: { "a2a-version": "9.9" } });
    assert.equal(response.status, 400);
    assert.match(await response.text(), /VERSION_NOT_SUPPORTED/);
  }
});
