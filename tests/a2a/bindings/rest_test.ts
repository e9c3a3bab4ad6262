import assert from "node:assert/strict";
import { restFailure, restHandler } from "../../../src/a2a/bindings/rest.ts";
import { restRoute } from "../../../src/a2a/bindings/rest_route.ts";
import type { Profile } from "../../../src/a2a/error_wire.ts";
import { A2AError, ERRORS, isErrorReason, rowOf } from "../../../src/a2a/errors.ts";
import { CARD, type FakeService, fakeService, PUSH_CONFIG, taskIn } from "../fake_service.ts";
import { finding, MAX_BYTES, testDeps } from "./binding_deps.ts";

interface Sent {
  readonly body?: BodyInit | object;
  readonly headers?: Record<string, string>;
  readonly version?: string;
  readonly profile?: Profile;
}

/** Sends a request through the route table, as a server does. */
async function send(line: string, sent: Sent = {}, fake: FakeService = fakeService()): Promise<Response> {
  const [method = "", target = ""] = line.split(" ");
  const { body, headers = {}, version = "1.0", profile } = sent;
  const isText = typeof body === "string" || body instanceof Uint8Array || body === undefined;
  const request = new Request(`http://agent.example/v1${target}`, {
    method,
    headers: {
      "a2a-version": version,
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: isText ? body as BodyInit : JSON.stringify(body) }),
  });
  const route = restRoute(method, new URL(request.url).pathname.slice("/v1".length));
  assert.ok(route, `no route for ${line}`);
  return await restHandler(testDeps(profile))(request, route, finding(fake));
}

const MESSAGE = { messageId: "m1", role: "ROLE_USER", parts: [{ text: "Hi" }] };
const MESSAGE_0_3 = { messageId: "m1", role: "ROLE_USER", content: [{ text: "Hi" }] };
const answer = [{ artifactId: "answer", parts: [{ text: "Hello" }] }];
const done = taskIn("TASK_STATE_COMPLETED", { artifacts: answer });
const legacyDone = { ...done, artifacts: [{ artifactId: "answer", parts: [{ text: "Hello" }] }] };
const legacyConfig = {
  name: "tasks/t1/pushNotificationConfigs/c1",
  pushNotificationConfig: { id: "c1", url: "https://hook.example/a" },
};
const CONFIGS = "/tasks/t1/pushNotificationConfigs";

interface Row {
  readonly line: string;
  readonly body?: object;
  readonly version?: string;
  readonly asked: object;
  readonly status?: number;
  readonly answer: unknown;
}

const ROWS: readonly Row[] = [
  { line: "POST /message:send", body: { message: MESSAGE }, asked: { message: MESSAGE }, answer: { task: done } },
  { line: "GET /tasks/t1?historyLength=2", asked: { id: "t1", historyLength: 2 }, answer: done },
  { line: "GET /tasks/t1?history_length=2", asked: { id: "t1", historyLength: 2 }, answer: done },
  { line: "GET /tasks/t1?id=t9&unknown=1&historyLength=", asked: { id: "t1" }, answer: done },
  {
    line: "GET /tasks?contextId=x1&status=TASK_STATE_WORKING&pageSize=5&pageToken=p&historyLength=0" +
      "&statusTimestampAfter=2026-01-01T00:00:00Z&includeArtifacts=true",
    asked: {
      contextId: "x1",
      status: "TASK_STATE_WORKING",
      pageSize: 5,
      pageToken: "p",
      historyLength: 0,
      statusTimestampAfter: "2026-01-01T00:00:00.000Z",
      includeArtifacts: true,
    },
    answer: { tasks: [done], nextPageToken: "", pageSize: 50, totalSize: 1 },
  },
  {
    line: "GET /tasks?context_id=x1&page_size=5&include_artifacts=false",
    asked: { contextId: "x1", pageSize: 5, includeArtifacts: false },
    answer: { tasks: [done], nextPageToken: "", pageSize: 50, totalSize: 1 },
  },
  { line: "POST /tasks/t1:cancel", asked: { id: "t1" }, answer: taskIn("TASK_STATE_CANCELED") },
  {
    line: "POST /tasks/t1:cancel",
    body: { id: "t9", metadata: { why: "late" } },
    asked: { id: "t1", metadata: { why: "late" } },
    answer: taskIn("TASK_STATE_CANCELED"),
  },
  { line: "DELETE /tasks/t1", asked: { id: "t1" }, status: 204, answer: undefined },
  {
    line: `POST ${CONFIGS}`,
    body: { ...PUSH_CONFIG, taskId: "t9" },
    asked: PUSH_CONFIG,
    status: 201,
    answer: PUSH_CONFIG,
  },
  { line: `GET ${CONFIGS}/c1`, asked: { taskId: "t1", id: "c1" }, answer: PUSH_CONFIG },
  { line: `GET ${CONFIGS}?pageSize=3`, asked: { taskId: "t1", pageSize: 3 }, answer: { configs: [PUSH_CONFIG] } },
  { line: `DELETE ${CONFIGS}/c1`, asked: { taskId: "t1", id: "c1" }, status: 204, answer: undefined },
  { line: "GET /extendedAgentCard", asked: {}, answer: CARD },
  {
    line: "POST /message:send",
    version: "0.3",
    body: { message: MESSAGE_0_3, configuration: { blocking: true } },
    asked: { message: MESSAGE, configuration: { returnImmediately: false } },
    answer: { task: legacyDone },
  },
  { line: "GET /tasks/t1?historyLength=2", version: "0.3", asked: { id: "t1", historyLength: 2 }, answer: legacyDone },
  {
    line: "POST /tasks/t1:cancel",
    version: "0.3",
    asked: { id: "t1" },
    answer: taskIn("TASK_STATE_CANCELED", {
      // A2A 0.3's proto has two L.
      status: { state: "TASK_STATE_CANCELLED" as never, timestamp: "2026-01-02T03:04:05.000Z" },
    }),
  },
  {
    line: `POST ${CONFIGS}`,
    version: "0.3",
    body: { parent: "tasks/t1", configId: "c1", config: legacyConfig },
    asked: PUSH_CONFIG,
    status: 201,
    answer: legacyConfig,
  },
  { line: `GET ${CONFIGS}`, version: "0.3", asked: { taskId: "t1" }, answer: { configs: [legacyConfig] } },
  { line: `DELETE ${CONFIGS}/c1`, version: "0.3", asked: { taskId: "t1", id: "c1" }, status: 204, answer: undefined },
];
for (const { line, body, version = "1.0", asked, status = 200, answer } of ROWS) {
  Deno.test(`restHandler() answers ${line} in ${version} with ${status}`, async () => {
    const fake = fakeService();
    const response = await send(line, { version, ...(body === undefined ? {} : { body }) }, fake);
    const text = await response.text();
    assert.equal(response.status, status, text);
    assert.deepEqual(text === "" ? undefined : JSON.parse(text), answer);
    assert.deepEqual(fake.asked[0]?.request, asked);
  });
}

const MEDIA_TYPES: readonly (readonly [headers: Record<string, string>, profile: Profile, expected: string])[] = [
  [{}, "1.0.1", "application/a2a+json"],
  [{ accept: "*/*" }, "1.0.1", "application/a2a+json"],
  [{ accept: "application/json" }, "1.0.1", "application/json"],
  [{ accept: "application/a2a+json, application/json" }, "1.0.1", "application/a2a+json"],
  [{ "content-type": "application/json" }, "1.0.1", "application/json"],
  [{ "content-type": "application/json; charset=utf-8" }, "1.0.1", "application/json"],
  [{ "content-type": "application/a2a+json" }, "1.0.1", "application/a2a+json"],
  [{ accept: "application/a2a+json" }, "1.0.0", "application/json"],
];
for (const [headers, profile, expected] of MEDIA_TYPES) {
  Deno.test(`restHandler() answers ${JSON.stringify(headers)} in profile ${profile} as ${expected}`, async () => {
    const line = headers["content-type"] === undefined ? "GET /tasks/t1" : "POST /tasks/t1:cancel";
    const body = headers["content-type"] === undefined ? {} : { body: "{}" };
    const response = await send(line, { headers, profile, ...body });
    assert.equal(response.headers.get("content-type"), expected);
    const fake = fakeService({ unary: () => Promise.reject(new A2AError("TASK_NOT_FOUND", "No")) });
    const failure = await send(line, { headers, profile, ...body }, fake);
    assert.equal(failure.headers.get("content-type"), expected);
  });
}

Deno.test("restHandler() answers 0.3 as application/json always", async () => {
  const response = await send("GET /tasks/t1", { version: "0.3", headers: { accept: "application/a2a+json" } });
  assert.equal(response.headers.get("content-type"), "application/json");
});

for (const reason of Object.keys(ERRORS).filter(isErrorReason)) {
  Deno.test(`restHandler() words ${reason} as google.rpc.Status, and plainly for 0.3`, async () => {
    const error = new A2AError(reason, "Because", { retryAfterSeconds: 2 });
    const fake = fakeService({ unary: () => Promise.reject(error) });
    const { http, grpc, v1_0_0 } = rowOf(reason);

    const response = await send("GET /tasks/t1", {}, fake);
    const { error: status } = await response.json();
    assert.equal(response.status, http);
    assert.equal(response.headers.get("retry-after"), "2");
    assert.deepEqual([status.code, status.status, status.message], [http, grpc, "Because"]);
    assert.equal(status.details[0].reason, reason);

    const older = await send("GET /tasks/t1", { profile: "1.0.0" }, fake);
    assert.equal(older.status, v1_0_0?.http ?? http);
    await older.body?.cancel();

    const legacy = await send("GET /tasks/t1", { version: "0.3" }, fake);
    assert.ok(legacy.status >= 400);
    const { code, message } = await legacy.json();
    assert.ok(code < 0);
    assert.equal(message, "Because");
  });
}

const REFUSED: readonly (readonly [name: string, line: string, sent: Sent, status: number])[] = [
  ["no JSON", "POST /message:send", { body: "{" }, 400],
  ["a list", "POST /message:send", { body: "[]" }, 400],
  ["a text", "POST /message:send", { body: '"Hi"' }, 400],
  ["no body", "POST /message:send", {}, 400],
  ["no UTF-8", "POST /message:send", { body: Uint8Array.of(0xff) }, 400],
  ["10,000 levels", "POST /message:send", { body: `{"a":${"[".repeat(10_000)}${"]".repeat(10_000)}}` }, 400],
  ["a body that is too large", "POST /message:send", { body: `"${"x".repeat(MAX_BYTES)}"` }, 413],
  ["a form", "POST /message:send", {
    body: "a=b",
    headers: { "content-type": "application/x-www-form-urlencoded" },
  }, 415],
  ["a compressed body", "POST /message:send", { body: "{}", headers: { "content-encoding": "gzip" } }, 415],
  ["bad base64", "POST /message:send", { body: { message: { ...MESSAGE, parts: [{ raw: "%" }] } } }, 400],
  ["an unsupported version", "GET /tasks/t1", { version: "7.1" }, 400],
  ["a negative history", "GET /tasks/t1?historyLength=-1", {}, 400],
  ["a history that is no number", "GET /tasks/t1?historyLength=many", {}, 400],
  ["two histories", "GET /tasks/t1?historyLength=1&historyLength=2", {}, 400],
  ["a page of 1000", "GET /tasks?pageSize=1000", {}, 400],
  ["an unknown state", "GET /tasks?status=BUSY", {}, 400],
  ["a timestamp that is none", "GET /tasks?statusTimestampAfter=yesterday", {}, 400],
  ["a boolean that is none", "GET /tasks?includeArtifacts=perhaps", {}, 400],
];
for (const [name, line, sent, status] of REFUSED) {
  Deno.test(`restHandler() refuses ${name} with ${status}`, async () => {
    const fake = fakeService();
    const response = await send(line, sent, fake);
    assert.equal(response.status, status);
    assert.equal((await response.json()).error.code, status);
    assert.equal(fake.asked.length, 0);
  });
}

Deno.test("restHandler() tells a stranger nothing of what broke, and the log everything", async () => {
  const deps = testDeps();
  const fake = fakeService({ unary: () => Promise.reject(new Error("secret")) });
  const request = new Request("http://agent.example/tasks/t1", { headers: { "a2a-version": "1.0" } });
  const route = restRoute("GET", "/tasks/t1");
  assert.ok(route);
  const response = await restHandler(deps)(request, route, finding(fake));
  assert.equal(response.status, 500);
  assert.doesNotMatch(await response.text(), /secret/);
  assert.match(String(deps.logged[0]?.cause), /secret/);
});

Deno.test("restHandler() lets the finder read query and body", async () => {
  const heard: unknown[] = [];
  const handler = restHandler(testDeps());
  const find = (payload: unknown) => {
    heard.push(payload);
    return finding(fakeService())(payload);
  };
  await handler(new Request("http://x/tasks?tenant=acme&a=1&a=2"), { operation: "ListTasks", pathParams: {} }, find);
  await handler(
    new Request("http://x/message:send", {
      method: "POST",
      body: JSON.stringify({ tenant: "acme", message: MESSAGE }),
      headers: { "content-type": "application/json", "a2a-version": "1.0" },
    }),
    { operation: "SendMessage", pathParams: {} },
    find,
  );
  assert.deepEqual(heard, [{ tenant: "acme", a: ["1", "2"] }, { tenant: "acme", message: MESSAGE }]);
});

Deno.test("restFailure() answers a request that was refused unrouted, with what it takes", async () => {
  const error = new A2AError("METHOD_NOT_ALLOWED", "No", { metadata: { allow: "GET" } });
  const response = restFailure(error, testDeps().dialects.a2a_v1.rest, new Request("http://x/"));
  assert.equal(response.status, 405);
  assert.equal(response.headers.get("allow"), "GET");
  assert.equal((await response.json()).error.status, "UNIMPLEMENTED");
});
