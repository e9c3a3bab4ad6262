import assert from "node:assert/strict";
import { RESUME_EXTENSION } from "../../../src/a2a/extensions.ts";
import { A2AError } from "../../../src/a2a/errors.ts";
import type { StreamResponse, TaskState } from "../../../src/a2a/types.ts";
import { fakeService, NOW, replay, statusEvent, taskIn, textEvent, TURN } from "../fake_service.ts";
import { finding } from "./binding_deps.ts";
import { call, type Frame, MESSAGE, talk, type TalkOptions } from "./fake_socket.ts";

/** Frames of a seed, word for word. */
const SEED_000 = { content: "Real-time analysis" };
const SEED_002 = { message: { role: "ROLE_USER", content: [{ text: "Hello" }] } };
const LEGACY = { kind: "message", messageId: "m1", role: "user", parts: [{ kind: "text", text: "Hi" }] };

const hello = (frame: unknown, options: TalkOptions = {}) => talk(options).say(frame);
const codeOf = (frame: Frame | undefined) => (frame?.error as { readonly code?: unknown } | undefined)?.code;
const ending = (events: readonly StreamResponse[]) =>
  finding(
    fakeService({
      stream: () => replay([...TURN.slice(0, 3), ...events.map((event, at) => ({ seq: 10 + at, event }))]),
    }),
  );

Deno.test('socketExchange() answers {"content"} with the events of A2A 0.3', async () => {
  const fake = fakeService();
  const status = (state: string, more: object = {}) => ({
    kind: "status-update",
    taskId: "t1",
    contextId: "x1",
    status: { state, timestamp: NOW },
    ...more,
  });
  const text = (text: string, append: boolean) => ({
    kind: "artifact-update",
    taskId: "t1",
    contextId: "x1",
    artifact: { artifactId: "answer", parts: [{ kind: "text", text }] },
    append,
  });
  assert.deepEqual(await hello(SEED_000, { find: finding(fake) }), [
    { kind: "task", id: "t1", contextId: "x1", status: { state: "submitted", timestamp: NOW } },
    status("working", { final: false }),
    text("Hello", false),
    text(", world", true),
    status("completed", { final: true }),
  ]);
  assert.deepEqual(fake.asked.map(({ operation, request, call }) => [operation, request, call.messageIdGenerated]), [[
    "SendStreamingMessage",
    { message: { role: "ROLE_USER", messageId: "made-up", parts: [{ text: "Real-time analysis" }] } },
    true,
  ]]);
});

Deno.test('socketExchange() answers {"message"} with what the agent says, then done', async () => {
  const fake = fakeService();
  const delta = (text: string) => ({ response: { content: [{ text }] } });
  assert.deepEqual(await hello(SEED_002, { find: finding(fake) }), [
    delta("Hello"),
    delta(", world"),
    { done: true, task_id: "t1" },
  ]);
  assert.deepEqual((fake.asked[0]?.request as { message: unknown }).message, {
    role: "ROLE_USER",
    messageId: "made-up",
    parts: [{ text: "Hello" }],
  });
});

Deno.test("socketExchange() reads the session and the task beside a message", async () => {
  const fake = fakeService();
  for (
    const frame of [{ ...SEED_000, session_id: "x1", task_id: "t1" }, { ...SEED_002, session_id: "x1", task_id: "t1" }]
  ) {
    await hello(frame, { find: finding(fake) });
  }
  for (const { request } of fake.asked) {
    const { contextId, taskId } = (request as { message: { contextId: string; taskId: string } }).message;
    assert.deepEqual([contextId, taskId], ["x1", "t1"]);
  }
});

/** [state, how the last frame names it] */
const ENDS: readonly (readonly [TaskState, string | undefined])[] = [
  ["TASK_STATE_COMPLETED", undefined],
  ["TASK_STATE_FAILED", "failed"],
  ["TASK_STATE_CANCELED", "cancelled"],
  ["TASK_STATE_REJECTED", "rejected"],
  ["TASK_STATE_INPUT_REQUIRED", "input_required"],
  ["TASK_STATE_AUTH_REQUIRED", "auth_required"],
];

for (const [state, status] of ENDS) {
  Deno.test(`socketExchange() ends a plain message whose task is ${state}`, async () => {
    const find = ending([statusEvent(state)]);
    assert.equal((await hello(SEED_000, { find })).at(-1)?.final, true);
    const frames = await hello(SEED_002, { find });
    assert.deepEqual(frames.at(-1), { done: true, task_id: "t1", ...(status === undefined ? {} : { status }) });
    assert.equal(frames.filter(({ done }) => done === true).length, 1);
  });
}

Deno.test("socketExchange() ends a plain message that is answered without a task, or by a finished one", async () => {
  const words: StreamResponse = { message: { messageId: "m2", role: "ROLE_AGENT", parts: [{ text: "Hi" }] } };
  const spoken = { response: { content: [{ text: "Hi" }] } };
  const only = (event: StreamResponse) => finding(fakeService({ stream: () => replay([{ seq: 1, event }]) }));
  assert.deepEqual(await hello(SEED_002, { find: only(words) }), [spoken, { done: true }]);
  const task = taskIn("TASK_STATE_COMPLETED", { artifacts: [{ artifactId: "a", parts: [{ text: "Hi" }] }] });
  assert.deepEqual(await hello(SEED_002, { find: only({ task }) }), [spoken, { done: true, task_id: "t1" }]);
});

/** [name, method, params, headers, members of every result] */
const STREAMS: readonly (readonly [string, string, unknown, Record<string, string>, RegExp])[] = [
  ["1.0 by its method", "SendStreamingMessage", { message: MESSAGE }, {}, /^(task|statusUpdate|artifactUpdate)$/],
  [
    "1.0 by header",
    "SendStreamingMessage",
    { message: MESSAGE },
    { "a2a-version": "1.0" },
    /^(task|statusUpdate|artifactUpdate)$/,
  ],
  [
    "0.3 by its method",
    "message/stream",
    { message: LEGACY },
    {},
    /^(kind|id|contextId|taskId|status|final|artifact|append)$/,
  ],
  [
    "0.3 by header",
    "message/stream",
    { message: LEGACY },
    { "a2a-version": "0.3" },
    /^(kind|id|contextId|taskId|status|final|artifact|append)$/,
  ],
  ["a subscription", "SubscribeToTask", { id: "t1" }, {}, /^(task|statusUpdate|artifactUpdate)$/],
  [
    "a subscription of 0.3",
    "tasks/resubscribe",
    { id: "t1" },
    {},
    /^(kind|id|contextId|taskId|status|final|artifact|append)$/,
  ],
];

for (const [name, method, params, headers, members] of STREAMS) {
  Deno.test(`socketExchange() answers a stream with one JSON-RPC response an event: ${name}`, async () => {
    const frames = await hello(call(method, params, "s1"), { headers });
    assert.equal(frames.length, TURN.length);
    for (const frame of frames) {
      assert.deepEqual(Object.keys(frame), ["jsonrpc", "id", "result"]);
      assert.equal(frame.id, "s1");
      for (const member of Object.keys(frame.result as object)) assert.match(member, members);
    }
  });
}

/** [name, method, params, options, what the answer must hold] */
const UNARY: readonly (readonly [string, string, unknown, TalkOptions, RegExp])[] = [
  ["1.0", "GetTask", { id: "t1" }, {}, /"state":"TASK_STATE_COMPLETED"/],
  ["0.3", "tasks/get", { id: "t1" }, {}, /"kind":"task".*"state":"completed"/],
  ["1.0 by header", "SendMessage", { message: MESSAGE }, { headers: { "a2a-version": "1.0" } }, /"result":\{"task":/],
  [
    "1.0 by query",
    "SendMessage",
    { message: MESSAGE },
    { url: "ws://agent.example/ws?A2A-Version=1.0" },
    /"result":\{"task":/,
  ],
  [
    "0.3 by query",
    "message/send",
    { message: LEGACY },
    { url: "ws://agent.example/ws?A2A-Version=0.3" },
    /"kind":"task"/,
  ],
  [
    "a dialect by query",
    "message/send",
    { message: LEGACY },
    { url: "ws://agent.example/ws?dialect=hector_v1_rest" },
    /"response":\{"role":"ROLE_ASSISTANT"/,
  ],
  ["the public card", "card/get", {}, {}, /"result":\{"name":"Echo"/],
  ["nothing", "DeleteTaskPushNotificationConfig", { taskId: "t1", id: "c1" }, {}, /"result":null/],
];

for (const [name, method, params, options, holds] of UNARY) {
  Deno.test(`socketExchange() answers a JSON-RPC request with one response: ${name}`, async () => {
    const [answer, ...more] = await hello(call(method, params), options);
    assert.deepEqual([answer?.jsonrpc, answer?.id, more], ["2.0", 7, []]);
    assert.match(JSON.stringify(answer), holds);
  });
}

Deno.test("socketExchange() wraps the frames of every dialect, for ids are what tells answers apart", async () => {
  for (const dialect of ["hector_v1", "hector_v1_rest", "hector_v2"]) {
    const frames = await hello(call("message/stream", { message: LEGACY }), {
      headers: { "x-hector-dialect": dialect },
    });
    assert.ok(frames.length > 1, dialect);
    for (const { id, result } of frames) {
      assert.equal(id, 7);
      assert.equal(typeof result, "object");
    }
  }
});

Deno.test("socketExchange() refuses a version that is not spoken, in every form", async () => {
  const headers = { "a2a-version": "9.9" };
  assert.equal(codeOf((await hello(call("GetTask", { id: "t1" }), { headers }))[0]), -32009);
  assert.match(JSON.stringify(await hello(SEED_000, { headers })), /^\[\{"error":\{"code":-32004,.*9\.9/);
  assert.match(
    JSON.stringify(await hello(SEED_002, { headers })),
    /^\[\{"error":\{"code":"FAILED_PRECONDITION",.*9\.9/,
  );
});

/** [frame, code, id]: answered as JSON-RPC, for nothing says otherwise. */
const MALFORMED: readonly (readonly [name: string, frame: string, code: number, id: unknown])[] = [
  ["nothing", "", -32700, null],
  ["half an object", '{"jsonrpc":"2.0","id":1', -32700, null],
  ["two objects", "{}{}", -32700, null],
  ["10,000 levels", `${"[".repeat(10_000)}${"]".repeat(10_000)}`, -32600, null],
  ["a text", '"Hi"', -32600, null],
  ["null", "null", -32600, null],
  ["a batch", `[${JSON.stringify(call("GetTask", { id: "t1" }))}]`, -32600, null],
  ["an empty object", "{}", -32600, null],
  ["an id alone", '{"id":3}', -32600, 3],
  ["JSON-RPC 1.0", '{"jsonrpc":"1.0","id":1,"method":"GetTask"}', -32600, 1],
  ["no method", '{"jsonrpc":"2.0","id":1}', -32600, 1],
  ["no jsonrpc", '{"id":1,"method":"GetTask","params":{"id":"t1"}}', -32600, 1],
  ["an object as id", '{"jsonrpc":"2.0","id":{},"method":"GetTask"}', -32600, null],
  ["an unknown method", '{"jsonrpc":"2.0","id":1,"method":"constructor"}', -32601, 1],
  ["params by position", '{"jsonrpc":"2.0","id":1,"method":"GetTask","params":["t1"]}', -32602, 1],
  ["a missing id of a task", '{"jsonrpc":"2.0","id":1,"method":"GetTask"}', -32602, 1],
  ["a stream of nothing", '{"jsonrpc":"2.0","id":1,"method":"SendStreamingMessage","params":{}}', -32602, 1],
];

for (const [name, frame, code, id] of MALFORMED) {
  Deno.test(`socketExchange() answers ${name} with ${code}`, async () => {
    const { say, closed } = talk();
    const [answer, ...more] = await say(frame);
    assert.deepEqual([codeOf(answer), answer?.id, more], [code, id, []]);
    assert.equal(closed(), undefined);
    assert.equal((await say(call("GetTask", { id: "t1" }))).length, 1);
  });
}

/** [frame, error code]: plain messages are refused in the words of their own form. */
const REFUSED: readonly (readonly [name: string, frame: unknown, code: unknown])[] = [
  ["content that is a number", { content: 5 }, -32602],
  ["no content", { content: [] }, -32602],
  ["an unknown part", { content: [{ smell: "sweet" }] }, -32602],
  ["a message without parts", { message: { role: "user" } }, "INVALID_ARGUMENT"],
  ["an unknown role", { message: { role: "ROLE_KING", content: "Hi" } }, "INVALID_ARGUMENT"],
  ["two sessions", { message: { role: "user", content: "Hi", contextId: "a" }, session_id: "b" }, "INVALID_ARGUMENT"],
];

for (const [name, frame, code] of REFUSED) {
  Deno.test(`socketExchange() refuses a plain message: ${name}`, async () => {
    const fake = fakeService();
    const [answer, ...more] = await hello(frame, { find: finding(fake) });
    assert.deepEqual([codeOf(answer), more, fake.asked], [code, [], []]);
    assert.equal(answer?.done, undefined);
  });
}

Deno.test("socketExchange() carries out a request without an id, and says nothing of it", async () => {
  const fake = fakeService();
  const { say } = talk({ find: finding(fake) });
  for (const method of ["GetTask", "SubscribeToTask", "Nope"]) {
    assert.deepEqual(await say({ jsonrpc: "2.0", method, params: { id: "t1" } }), []);
  }
  assert.deepEqual(
    fake.asked.map(({ operation, call }) => [operation, operation === "GetTask" || call.signal.aborted]),
    [
      ["GetTask", true],
      ["SubscribeToTask", true],
    ],
  );
});

Deno.test("socketExchange() tells of a failure in the middle of a stream with its id", async () => {
  const find = finding(fakeService({
    stream: async function* () {
      yield* replay(TURN.slice(0, 2));
      throw new A2AError("UNAVAILABLE", "The store is gone");
    },
  }));
  const frames = await hello(call("SendStreamingMessage", { message: MESSAGE }, "s"), { find });
  assert.deepEqual(frames.map(({ id }) => id), ["s", "s", "s"]);
  assert.match(JSON.stringify(frames[2]), /"error":.*The store is gone/);
  assert.match(JSON.stringify((await hello(SEED_002, { find })).at(-1)), /"error":\{"code":"UNAVAILABLE"/);
});

const SEQS = TURN.map(({ seq }) => seq);
const asking = (value: unknown) => ({ metadata: { [RESUME_EXTENSION]: value } });

Deno.test("socketExchange() numbers responses beside the result, for peers that ask for it", async () => {
  const stream = call("SendStreamingMessage", { message: MESSAGE });
  const fake = fakeService();
  const byUpgrade = await hello(stream, { find: finding(fake, { extensions: [RESUME_EXTENSION] }) });
  assert.deepEqual(byUpgrade.map(({ seq }) => seq), SEQS);
  const byRequest = await hello(call("SendStreamingMessage", { message: MESSAGE, ...asking({}) }));
  assert.deepEqual(byRequest.map(({ seq }) => seq), SEQS);
  assert.deepEqual(byRequest.map(({ result }) => result), (await hello(stream)).map(({ result }) => result));
  const legacy = await hello(call("message/stream", { message: LEGACY, ...asking({}) }));
  assert.deepEqual(legacy.map(({ seq }) => seq), SEQS);
});

Deno.test("socketExchange() takes a stream up behind afterSeq", async () => {
  const fake = fakeService();
  const frames = await hello(call("SubscribeToTask", { id: "t1", ...asking({ afterSeq: 4 }) }), {
    find: finding(fake),
  });
  assert.deepEqual(frames.map(({ seq }) => seq), [5, 8]);
  assert.equal(fake.asked[0]?.call.afterSeq, 4);
  assert.equal(codeOf((await hello(call("SubscribeToTask", { id: "t1", ...asking({ afterSeq: "4" }) })))[0]), -32602);
});

Deno.test("socketExchange() takes up a stream of a dialect that tells an event in the light of those before", async () => {
  const headers = { "x-hector-dialect": "hector_v1_rest" };
  const frames = await hello(call("tasks/resubscribe", { id: "t1", ...asking({ afterSeq: 4 }) }), { headers });
  assert.deepEqual(frames.map(({ result, seq }) => [result, seq]), [[
    { response: { content: [{ text: ", world" }] } },
    5,
  ]]);
});

Deno.test("socketExchange() gives each stream a writer of its own", async () => {
  const { say } = talk();
  const first = await say(SEED_002);
  assert.deepEqual(await say(SEED_002), first);
});

Deno.test("socketExchange() says a text that was written anew only once", async () => {
  const frames = await hello(SEED_002, {
    find: ending([textEvent("Hello again", false), statusEvent("TASK_STATE_COMPLETED")]),
  });
  const said = frames.flatMap(({ response }) =>
    (response as { content: { text: string }[] } | undefined)?.content ?? []
  );
  assert.equal(said.map(({ text }) => text).join(""), "Hello again");
});
