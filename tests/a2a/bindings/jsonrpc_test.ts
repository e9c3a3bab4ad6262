import assert from "node:assert/strict";
import type { FindTarget } from "../../../src/a2a/bindings/binding.ts";
import { jsonRpcFailure, jsonRpcHandler } from "../../../src/a2a/bindings/jsonrpc.ts";
import { A2AError, ERRORS, isErrorReason } from "../../../src/a2a/errors.ts";
import type { Operation } from "../../../src/a2a/operations.ts";
import { CARD, fakeService, PUSH_CONFIG, taskIn } from "../fake_service.ts";
import { finding, MAX_BYTES, testDeps } from "./binding_deps.ts";

const URL = "http://agent.example/agents/echo";
const V1 = { "a2a-version": "1.0" };

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: {
    readonly id?: unknown;
    readonly result?: unknown;
    readonly error?: { readonly code: number; readonly message: string; readonly data?: unknown };
  };
}

function post(body: BodyInit, headers: Record<string, string> = {}): Request {
  return new Request(URL, { method: "POST", body, headers: { "content-type": "application/json", ...headers } });
}

async function ask(request: Request, find: FindTarget = finding(fakeService())): Promise<Answer> {
  const response = await jsonRpcHandler(testDeps())(request, find);
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text === "" ? {} : JSON.parse(text) };
}

const call = (method: string, params: unknown, more: object = {}) =>
  JSON.stringify({ jsonrpc: "2.0", id: 7, method, params, ...more });

const MESSAGE = { messageId: "m1", role: "ROLE_USER", parts: [{ text: "Hi" }] };
const MESSAGE_0_3 = { kind: "message", messageId: "m1", role: "user", parts: [{ kind: "text", text: "Hi" }] };
const PUSH_0_3 = { taskId: "t1", pushNotificationConfig: { id: "c1", url: "https://hook.example/a" } };

interface Row {
  readonly operation: Operation;
  readonly request: unknown;
  readonly v1: readonly [params: unknown, result: unknown];
  readonly v0_3: readonly [method: string, params: unknown, result: unknown];
}

const answer = [{ artifactId: "answer", parts: [{ text: "Hello" }] }];
const done = taskIn("TASK_STATE_COMPLETED", { artifacts: answer });
const legacyTask = (state: string, more: object = {}) => ({
  kind: "task",
  id: "t1",
  contextId: "x1",
  status: { state, timestamp: "2026-01-02T03:04:05.000Z" },
  ...more,
});
const legacyDone = legacyTask("completed", {
  artifacts: [{ artifactId: "answer", parts: [{ kind: "text", text: "Hello" }] }],
});

const ROWS: readonly Row[] = [
  {
    operation: "SendMessage",
    request: { message: MESSAGE, configuration: { historyLength: 2 } },
    v1: [{ message: MESSAGE, configuration: { historyLength: 2 } }, { task: done }],
    v0_3: ["message/send", { message: MESSAGE_0_3, configuration: { historyLength: 2 } }, legacyDone],
  },
  {
    operation: "GetTask",
    request: { id: "t1", historyLength: 3 },
    v1: [{ id: "t1", historyLength: 3 }, done],
    v0_3: ["tasks/get", { id: "t1", historyLength: 3 }, legacyDone],
  },
  {
    operation: "CancelTask",
    request: { id: "t1" },
    v1: [{ id: "t1" }, taskIn("TASK_STATE_CANCELED")],
    v0_3: ["tasks/cancel", { id: "t1" }, legacyTask("canceled")],
  },
  {
    operation: "CreateTaskPushNotificationConfig",
    request: PUSH_CONFIG,
    v1: [PUSH_CONFIG, PUSH_CONFIG],
    v0_3: ["tasks/pushNotificationConfig/set", PUSH_0_3, PUSH_0_3],
  },
  {
    operation: "GetTaskPushNotificationConfig",
    request: { taskId: "t1", id: "c1" },
    v1: [{ taskId: "t1", id: "c1" }, PUSH_CONFIG],
    v0_3: ["tasks/pushNotificationConfig/get", { id: "t1", pushNotificationConfigId: "c1" }, PUSH_0_3],
  },
  {
    operation: "ListTaskPushNotificationConfigs",
    request: { taskId: "t1" },
    v1: [{ taskId: "t1" }, { configs: [PUSH_CONFIG] }],
    v0_3: ["tasks/pushNotificationConfig/list", { id: "t1" }, [PUSH_0_3]],
  },
  {
    operation: "DeleteTaskPushNotificationConfig",
    request: { taskId: "t1", id: "c1" },
    v1: [{ taskId: "t1", id: "c1" }, null],
    v0_3: ["tasks/pushNotificationConfig/delete", { id: "t1", pushNotificationConfigId: "c1" }, null],
  },
];

for (const { operation, request, v1, v0_3 } of ROWS) {
  Deno.test(`jsonRpcHandler() answers ${operation} in 1.0`, async () => {
    const fake = fakeService();
    const { status, headers, body } = await ask(post(call(operation, v1[0]), V1), finding(fake));
    assert.deepEqual(body, { jsonrpc: "2.0", id: 7, result: v1[1] });
    assert.equal(status, 200);
    assert.equal(headers.get("content-type"), "application/json");
    assert.deepEqual(fake.asked.map(({ operation, request }) => ({ operation, request })), [{ operation, request }]);
  });

  Deno.test(`jsonRpcHandler() answers ${v0_3[0]} in 0.3`, async () => {
    const fake = fakeService();
    const { body } = await ask(post(call(v0_3[0], v0_3[1])), finding(fake));
    assert.deepEqual(body, { jsonrpc: "2.0", id: 7, result: v0_3[2] });
    assert.deepEqual(fake.asked.map(({ operation }) => operation), [operation]);
    for (const [name, value] of Object.entries(request as object)) {
      assert.deepEqual((fake.asked[0]?.request as Record<string, unknown>)[name], value, name);
    }
  });
}

Deno.test("jsonRpcHandler() answers ListTasks and GetExtendedAgentCard without params", async () => {
  const list = await ask(post(JSON.stringify({ jsonrpc: "2.0", id: 1, method: "ListTasks" }), V1));
  assert.deepEqual(list.body.result, { tasks: [done], nextPageToken: "", pageSize: 50, totalSize: 1 });
  const card = await ask(post(JSON.stringify({ jsonrpc: "2.0", id: 1, method: "GetExtendedAgentCard" }), V1));
  assert.deepEqual(card.body.result, CARD);
});

Deno.test("jsonRpcHandler() answers a 1.0 method without a version in 1.0", async () => {
  assert.deepEqual((await ask(post(call("GetTask", { id: "t1" })))).body.result, done);
});

Deno.test("jsonRpcHandler() hands older peers the public card that the finder knows", async () => {
  assert.deepEqual((await ask(post(call("agent/getCard", {})))).body.result, { name: "Echo", dialect: "a2a_v0_3" });
  assert.deepEqual((await ask(post(call("card/get", {})))).body.result, { name: "Echo", dialect: "hector_v1_rest" });
  const { service } = fakeService();
  const { body } = await ask(post(call("agent/getCard", {})), async (payload) => {
    const { call } = await finding({ service })(payload);
    return { service, call };
  });
  assert.equal(body.error?.code, -32601);
});

Deno.test("jsonRpcHandler() lets the finder read the params, and passes on who it found", async () => {
  const fake = fakeService();
  const heard: unknown[] = [];
  const caller = { tenant: "acme", subject: "ann", roles: ["admin"], anonymous: false };
  await ask(post(call("GetTask", { id: "t1", tenant: "acme" }), V1), (payload) => {
    heard.push(payload);
    return finding(fake, { caller, extensions: ["urn:x"] })(payload);
  });
  assert.deepEqual(heard, [{ id: "t1", tenant: "acme" }]);
  assert.deepEqual(fake.asked[0]?.call.caller, caller);
  assert.deepEqual(fake.asked[0]?.call.extensions, ["urn:x"]);
});

Deno.test("jsonRpcHandler() tells the service that it made up a message's id", async () => {
  const fake = fakeService();
  await ask(post(call("message/send", { message: { role: "user", parts: [{ text: "Hi" }] } })), finding(fake));
  await ask(post(call("SendMessage", { message: MESSAGE }), V1), finding(fake));
  assert.deepEqual(fake.asked.map(({ call }) => call.messageIdGenerated === true), [true, false]);
});

for (const reason of Object.keys(ERRORS).filter(isErrorReason)) {
  Deno.test(`jsonRpcHandler() words ${reason} for both generations`, async () => {
    const error = new A2AError(reason, "Because", { metadata: { a: "b" }, retryAfterSeconds: 1.5 });
    const fake = fakeService({ unary: () => Promise.reject(error) });
    const row: { jsonRpc: number; http: number; refusal?: boolean } = ERRORS[reason];
    const status = row.refusal === true ? row.http : 200;

    const v1 = await ask(post(call("GetTask", { id: "t1" }), V1), finding(fake));
    assert.equal(v1.status, status);
    assert.equal(v1.body.id, 7);
    assert.equal(v1.body.error?.code, row.jsonRpc);
    assert.equal(v1.body.error?.message, "Because");
    assert.deepEqual(Array.isArray(v1.body.error?.data) && v1.body.error.data[0], {
      "@type": "type.googleapis.com/google.rpc.ErrorInfo",
      reason,
      domain: "a2a-protocol.org",
      metadata: { a: "b" },
    });
    assert.equal(v1.headers.get("retry-after"), "2");

    const legacy = await ask(post(call("tasks/get", { id: "t1" })), finding(fake));
    assert.equal(legacy.status, status);
    assert.ok((legacy.body.error?.code ?? 0) < 0);
    assert.equal(legacy.body.error?.message, "Because");
  });
}

Deno.test("jsonRpcHandler() tells a stranger nothing of what broke, and the log everything", async () => {
  const cause = new Error("/srv/secret.db is locked");
  const fake = fakeService({ unary: () => Promise.reject(cause) });
  const deps = testDeps();
  const response = await jsonRpcHandler(deps)(post(call("GetTask", { id: "t1" }), V1), finding(fake));
  const text = await response.text();
  assert.equal(JSON.parse(text).error.code, -32603);
  assert.doesNotMatch(text, /secret/);
  assert.equal(deps.logged[0]?.cause, cause);
});

Deno.test("jsonRpcHandler() answers what the finder throws", async () => {
  const { status, body } = await ask(post(call("GetTask", { id: "t1" }), V1), () => {
    throw new A2AError("AGENT_NOT_FOUND", 'Agent "x" not found');
  });
  assert.equal(status, 404);
  assert.equal(body.error?.message, 'Agent "x" not found');
});

Deno.test("jsonRpcFailure() answers a request that was refused unread", async () => {
  const response = jsonRpcFailure(new A2AError("UNAUTHENTICATED", "Who are you?"), testDeps().dialects.a2a_v1.jsonrpc);
  assert.equal(response.status, 401);
  assert.equal((await response.json()).id, null);
});

const deep = (levels: number) => `${"[".repeat(levels)}${"]".repeat(levels)}`;
const utf8 = (text: string) => new TextEncoder().encode(text);

/** What is no request at all, or none of ours. */
const MALFORMED: readonly (readonly [name: string, body: BodyInit, code: number, id: unknown])[] = [
  ["an empty body", "", -32700, null],
  ["blanks", " \n", -32700, null],
  ["half an object", '{"jsonrpc":"2.0","id":1', -32700, null],
  ["NaN", '{"jsonrpc":"2.0","id":NaN,"method":"GetTask"}', -32700, null],
  ["a trailing comma", '{"jsonrpc":"2.0","id":1,"method":"GetTask",}', -32700, null],
  ["bytes that are no UTF-8", Uint8Array.of(0x7b, 0xff, 0xfe, 0x7d), -32700, null],
  ["UTF-16", new Uint8Array(Uint16Array.from('{"jsonrpc":"2.0"}', (char) => char.charCodeAt(0)).buffer), -32700, null],
  ["10,000 levels", call("GetTask", { id: "t1" }).replace('"t1"', deep(10_000)), -32600, null],
  ["an empty batch", "[]", -32600, null],
  ["a batch", `[${call("GetTask", { id: "t1" })}]`, -32600, null],
  ["a text", '"GetTask"', -32600, null],
  ["null", "null", -32600, null],
  ["no jsonrpc", '{"id":1,"method":"GetTask"}', -32600, 1],
  ["JSON-RPC 1.0", '{"jsonrpc":"1.0","id":1,"method":"GetTask"}', -32600, 1],
  ["no method", '{"jsonrpc":"2.0","id":1}', -32600, 1],
  ["a method that is no text", '{"jsonrpc":"2.0","id":"a","method":["GetTask"]}', -32600, "a"],
  ["an object as id", '{"jsonrpc":"2.0","id":{"a":1},"method":"GetTask"}', -32600, null],
  ["a boolean as id", '{"jsonrpc":"2.0","id":true,"method":"GetTask"}', -32600, null],
  ["an id too large for a number", '{"jsonrpc":"2.0","id":1e999,"method":"GetTask"}', -32600, null],
  ["an id that a number would change", '{"jsonrpc":"2.0","id":9007199254740993,"method":"GetTask"}', -32600, null],
  ["an id of 2000 characters", `{"jsonrpc":"2.0","id":"${"x".repeat(2000)}","method":"GetTask"}`, -32600, null],
  [
    "a task's id that is no Unicode",
    String.raw`{"jsonrpc":"2.0","id":1,"method":"GetTask","params":{"id":"\udfff"}}`,
    -32602,
    1,
  ],
  ["an unknown method", '{"jsonrpc":"2.0","id":1,"method":"Nope"}', -32601, 1],
  ["a method of Object.prototype", '{"jsonrpc":"2.0","id":1,"method":"constructor"}', -32601, 1],
  ["__proto__ as method", '{"jsonrpc":"2.0","id":1,"method":"__proto__"}', -32601, 1],
  ["params by position", '{"jsonrpc":"2.0","id":1,"method":"GetTask","params":["t1"]}', -32602, 1],
  ["params that are a text", '{"jsonrpc":"2.0","id":1,"method":"message/send","params":"x"}', -32602, 1],
  ["a missing id of a task", call("GetTask", {}), -32602, 7],
  ["a message without parts", call("SendMessage", { message: { ...MESSAGE, parts: [] } }), -32602, 7],
  ["bad base64", call("SendMessage", { message: { ...MESSAGE, parts: [{ raw: "%%%" }] } }), -32602, 7],
  ["two contents", call("SendMessage", { message: { ...MESSAGE, parts: [{ text: "a", url: "b" }] } }), -32602, 7],
  ["an unknown role", call("SendMessage", { message: { ...MESSAGE, role: "ROLE_KING" } }), -32602, 7],
  ["an unknown part of 0.3", call("message/send", { message: { ...MESSAGE_0_3, parts: [{ kind: "?" }] } }), -32602, 7],
  ["a duplicate member, the last of which counts", '{"jsonrpc":"2.0","id":1,"id":2,"method":"Nope"}', -32601, 2],
];
for (const [name, body, code, id] of MALFORMED) {
  Deno.test(`jsonRpcHandler() refuses ${name} with ${code}`, async () => {
    const fake = fakeService();
    const { status, body: answer } = await ask(post(body), finding(fake));
    assert.equal(answer.error?.code, code, answer.error?.message);
    assert.deepEqual(answer.id, id);
    assert.equal(status, 200);
    assert.equal(fake.asked.length, 0);
  });
}

const ACCEPTED: readonly (readonly [name: string, body: BodyInit, id: unknown])[] = [
  ["a byte order mark", utf8(`\uFEFF${call("GetTask", { id: "t1" })}`), 7],
  ["an id that is a text", call("GetTask", { id: "t1" }, { id: "a\r\nb" }), "a\r\nb"],
  ["an empty id", call("GetTask", { id: "t1" }, { id: "" }), ""],
  ["an id that is null", call("GetTask", { id: "t1" }, { id: null }), null],
  ["an id with a fraction", call("GetTask", { id: "t1" }, { id: 1.5 }), 1.5],
  ["an id below zero", call("GetTask", { id: "t1" }, { id: -3 }), -3],
  ["members that nobody knows", call("GetTask", { id: "t1", nobody: { knows: 1 } }, { extra: true }), 7],
  ["snake_case", call("GetTask", { id: "t1", history_length: 1 }), 7],
  [
    "lone surrogates in its own id",
    String.raw`{"jsonrpc":"2.0","id":"\ud800","method":"GetTask","params":{"id":"t1"}}`,
    "\ud800",
  ],
];
for (const [name, body, id] of ACCEPTED) {
  Deno.test(`jsonRpcHandler() accepts ${name}`, async () => {
    const { body: answer } = await ask(post(body, V1));
    assert.deepEqual(answer.error, undefined);
    assert.deepEqual(answer.id, id);
  });
}

Deno.test("jsonRpcHandler() names the field that is wrong", async () => {
  const { body } = await ask(post(call("SendMessage", { message: { ...MESSAGE, parts: [{ raw: "%" }] } }), V1));
  const data = body.error?.data as { "@type": string; fieldViolations?: { field: string }[] }[];
  const request = data.find((detail) => detail["@type"].endsWith("BadRequest"));
  assert.deepEqual(request?.fieldViolations?.map(({ field }) => field), ["message.parts.0.raw"]);
});

const MEDIA_TYPES: readonly (readonly [headers: Record<string, string>, status: number])[] = [
  [{ "content-type": "application/json" }, 200],
  [{ "content-type": "application/json; charset=utf-8" }, 200],
  [{ "content-type": 'Application/JSON;charset="UTF-8"' }, 200],
  [{ "content-type": "application/a2a+json" }, 200],
  [{ "content-type": "application/json; charset=latin1" }, 415],
  [{ "content-type": "application/jsonp" }, 415],
  [{ "content-type": "text/plain" }, 415],
  [{ "content-type": "application/x-www-form-urlencoded" }, 415],
  [{ "content-type": "application/json", "content-encoding": "gzip" }, 415],
];
for (const [headers, status] of MEDIA_TYPES) {
  Deno.test(`jsonRpcHandler() answers ${JSON.stringify(headers)} with ${status}`, async () => {
    const answer = await ask(post(call("GetTask", { id: "t1" }), headers));
    assert.equal(answer.status, status);
    assert.equal(answer.body.error?.code, status === 200 ? undefined : -32005);
  });
}

Deno.test("jsonRpcHandler() refuses a body without a media type: a foreign page could send it unasked", async () => {
  const request = new Request(URL, { method: "POST", body: utf8(call("GetTask", { id: "t1" })) });
  assert.equal((await ask(request)).status, 415);
});

Deno.test("jsonRpcHandler() refuses a body that is too large with 413", async () => {
  const { status, body } = await ask(post(call("GetTask", { id: "x".repeat(MAX_BYTES) }), V1));
  assert.equal(status, 413);
  assert.match(body.error?.message ?? "", /100000 bytes/);
});

const VERSIONS: readonly (readonly [version: string, method: string, code: number | undefined])[] = [
  ["1.0", "GetTask", undefined],
  ["1.0.1", "GetTask", undefined],
  ["0.3", "tasks/get", undefined],
  ["", "tasks/get", undefined],
  ["", "GetTask", undefined],
  ["1.0", "tasks/get", -32601],
  ["99.0", "GetTask", -32009],
  ["one", "GetTask", -32009],
];
for (const [version, method, code] of VERSIONS) {
  Deno.test(`jsonRpcHandler() answers ${method} in version "${version}" with ${code ?? "a result"}`, async () => {
    assert.equal((await ask(post(call(method, { id: "t1" }), { "a2a-version": version }))).body.error?.code, code);
    const inQuery = new Request(`${URL}?A2A-Version=${version}`, post(call(method, { id: "t1" })));
    assert.equal((await ask(inQuery)).body.error?.code, code);
  });
}

Deno.test("jsonRpcHandler() carries out a request without an id and says nothing", async () => {
  const fake = fakeService();
  const { status, body } = await ask(post(call("SendMessage", { message: MESSAGE }, { id: undefined })), finding(fake));
  assert.equal(status, 204);
  assert.deepEqual(body, {});
  assert.deepEqual(fake.asked.map(({ operation }) => operation), ["SendMessage"]);
});

Deno.test("jsonRpcHandler() answers a request without an id that fails, with id null", async () => {
  const { status, body } = await ask(post(call("message/ssend", {}, { id: undefined })));
  assert.equal(status, 200);
  assert.equal(body.error?.code, -32601);
  assert.equal(body.id, null);
});
