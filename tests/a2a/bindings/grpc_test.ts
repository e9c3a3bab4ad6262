import assert from "node:assert/strict";
import { RESUME_EXTENSION } from "../../../src/a2a/extensions.ts";
import { A2AError, type ErrorReason, ERRORS, rowOf } from "../../../src/a2a/errors.ts";
import type { TaskState } from "../../../src/a2a/types.ts";
import { GRPC_STATUS } from "../../../src/lib/grpc/grpc_status.ts";
import { beginCall, messagesOf } from "../../lib/grpc/grpc_client.ts";
import { CARD, fakeService, PUSH_CONFIG, replay, statusEvent, taskIn, TURN } from "../fake_service.ts";
import { settle } from "./binding_deps.ts";
import { codec, grpcBinding, V03, V1 } from "./grpc_binding.ts";

const MESSAGE = { messageId: "m1", role: "ROLE_USER", parts: [{ text: "Hello" }] };
const OLD_MESSAGE = { messageId: "m1", role: "ROLE_USER", content: [{ text: "Hello" }] };
const NOW = "2026-01-02T03:04:05Z";
const DONE = { id: "t1", contextId: "x1", status: { state: "TASK_STATE_COMPLETED", timestamp: NOW } };
const ANSWER = [{ artifactId: "answer", parts: [{ text: "Hello" }] }];

/** A2A v1 §10: [rpc, request, what the service is asked, the answer]. */
const UNARY_V1: [rpc: string, request: unknown, asked: unknown, answer: unknown][] = [
  [
    "SendMessage",
    { message: MESSAGE, configuration: { historyLength: 0, returnImmediately: true }, metadata: { a: 1 } },
    { message: MESSAGE, configuration: { historyLength: 0, returnImmediately: true }, metadata: { a: 1 } },
    { task: { ...DONE, artifacts: ANSWER } },
  ],
  ["GetTask", { id: "t1", historyLength: 5 }, { id: "t1", historyLength: 5 }, { ...DONE, artifacts: ANSWER }],
  [
    "ListTasks",
    { contextId: "x1", pageSize: 7, includeArtifacts: true, status: "TASK_STATE_WORKING" },
    { contextId: "x1", pageSize: 7, includeArtifacts: true, status: "TASK_STATE_WORKING" },
    { tasks: [{ ...DONE, artifacts: ANSWER }], pageSize: 50, totalSize: 1 },
  ],
  ["CancelTask", { id: "t1" }, { id: "t1" }, { ...DONE, status: { state: "TASK_STATE_CANCELED", timestamp: NOW } }],
  ["CreateTaskPushNotificationConfig", PUSH_CONFIG, PUSH_CONFIG, PUSH_CONFIG],
  ["GetTaskPushNotificationConfig", { taskId: "t1", id: "c1" }, { taskId: "t1", id: "c1" }, PUSH_CONFIG],
  ["ListTaskPushNotificationConfigs", { taskId: "t1", pageSize: 3 }, { taskId: "t1", pageSize: 3 }, {
    configs: [PUSH_CONFIG],
  }],
  ["DeleteTaskPushNotificationConfig", { taskId: "t1", id: "c1" }, { taskId: "t1", id: "c1" }, {}],
  ["GetExtendedAgentCard", {}, {}, CARD],
];

for (const [rpc, request, asked, answer] of UNARY_V1) {
  Deno.test(`gRPC 1.0: ${rpc} reaches the service and comes back`, async () => {
    const fake = fakeService();
    const { pair, tell } = grpcBinding(fake.service);
    await using _pair = pair;
    const told = await tell(V1, rpc, request);
    assert.equal(told.status, 0, told.message);
    assert.deepEqual(fake.asked.map(({ operation, request }) => [operation, request]), [[rpc, asked]]);
    const { skills: _none, ...written } = { skills: [], ...(answer as object) };
    assert.deepEqual(told.messages, [written]);
  });
}

const OLD_PUSH = {
  name: "tasks/t1/pushNotificationConfigs/c1",
  pushNotificationConfig: { id: "c1", url: "https://hook.example/a" },
};

/** A2A 0.3 §3.2.2, and what its names become. */
const UNARY_V03: [rpc: string, request: unknown, operation: string, asked: unknown, answer: unknown][] = [
  [
    "SendMessage",
    { request: OLD_MESSAGE },
    "SendMessage",
    { message: MESSAGE },
    { task: { ...DONE, artifacts: ANSWER } },
  ],
  ["GetTask", { name: "tasks/t1", historyLength: 5 }, "GetTask", { id: "t1", historyLength: 5 }, {
    ...DONE,
    artifacts: ANSWER,
  }],
  [
    "CancelTask",
    { name: "tasks/t1" },
    "CancelTask",
    { id: "t1" },
    { ...DONE, status: { state: "TASK_STATE_CANCELLED", timestamp: NOW } },
  ],
  [
    "CreateTaskPushNotificationConfig",
    { parent: "tasks/t1", configId: "c1", config: OLD_PUSH },
    "CreateTaskPushNotificationConfig",
    PUSH_CONFIG,
    OLD_PUSH,
  ],
  [
    "GetTaskPushNotificationConfig",
    { name: "tasks/t1/pushNotificationConfigs/c1" },
    "GetTaskPushNotificationConfig",
    { taskId: "t1", id: "c1" },
    OLD_PUSH,
  ],
  [
    "ListTaskPushNotificationConfig",
    { parent: "tasks/t1" },
    "ListTaskPushNotificationConfigs",
    { taskId: "t1" },
    { configs: [OLD_PUSH] },
  ],
  [
    "DeleteTaskPushNotificationConfig",
    { name: "tasks/t1/pushNotificationConfigs/c1" },
    "DeleteTaskPushNotificationConfig",
    { taskId: "t1", id: "c1" },
    {},
  ],
];

for (const [rpc, request, operation, asked, answer] of UNARY_V03) {
  Deno.test(`gRPC 0.3: ${rpc} reaches the service and comes back`, async () => {
    const fake = fakeService();
    const { pair, tell } = grpcBinding(fake.service);
    await using _pair = pair;
    const told = await tell(V03, rpc, request);
    assert.equal(told.status, 0, told.message);
    assert.deepEqual(fake.asked.map(({ operation, request }) => [operation, request]), [[operation, asked]]);
    assert.deepEqual(told.messages, [answer]);
    assert.equal(fake.asked[0]?.call.protocolVersion, "0.3");
  });
}

Deno.test("gRPC 0.3: a configuration that does not say blocking does not wait, none at all does", async () => {
  const fake = fakeService();
  const { pair, tell } = grpcBinding(fake.service);
  await using _pair = pair;
  await tell(V03, "SendMessage", { request: OLD_MESSAGE, configuration: { historyLength: 3 } });
  await tell(V03, "SendMessage", { request: OLD_MESSAGE, configuration: { blocking: true } });
  await tell(V03, "SendMessage", { request: OLD_MESSAGE });
  assert.deepEqual(
    fake.asked.map(({ request }) =>
      codec.message("lf.a2a.v1.SendMessageRequest").decode(
        codec.message("lf.a2a.v1.SendMessageRequest").encode(request),
      )
    ).map((request) => JSON.stringify(request).includes('"returnImmediately":true')),
    [true, false, false],
  );
});

Deno.test("gRPC 0.3: a message without an id gets one, and the call says so", async () => {
  const fake = fakeService();
  const { pair, tell } = grpcBinding(fake.service);
  await using _pair = pair;
  assert.equal(
    (await tell(V03, "SendMessage", { request: { role: "ROLE_USER", content: [{ text: "x" }] } })).status,
    0,
  );
  assert.equal(fake.asked[0]?.call.messageIdGenerated, true);
});

Deno.test("gRPC 0.3: GetAgentCard answers the public card in the words of 0.3's proto", async () => {
  const { pair, tell } = grpcBinding(fakeService().service);
  await using _pair = pair;
  const { messages: [card] } = await tell(V03, "GetAgentCard", {});
  assert.deepEqual(card, {
    protocolVersion: "0.3.0",
    name: "Echo",
    description: "Says it again",
    url: "http://agent.example/rpc",
    preferredTransport: "JSONRPC",
    version: "1.0.0",
    capabilities: { streaming: true, pushNotifications: true },
    defaultInputModes: ["text/plain"],
    defaultOutputModes: ["text/plain"],
  });
});

Deno.test("gRPC 0.3: names that are none are refused with their field", async () => {
  const { pair, tell } = grpcBinding(fakeService().service);
  await using _pair = pair;
  for (const name of ["", "t1", "tasks/", "tasks/a/b", "tasks/t1/pushNotificationConfigs/"]) {
    const told = await tell(V03, "GetTask", { name });
    assert.equal(told.status, GRPC_STATUS.INVALID_ARGUMENT, name);
    assert.match(told.message, /^Invalid parameters: name: expected "tasks\/\{id\}"/);
  }
});

for (
  const [generation, rpc, request] of [
    [V1, "SendStreamingMessage", { message: MESSAGE }],
    [V1, "SubscribeToTask", { id: "t1" }],
    [V03, "SendStreamingMessage", { request: OLD_MESSAGE }],
    [V03, "TaskSubscription", { name: "tasks/t1" }],
  ] as const
) {
  Deno.test(`gRPC ${generation}: ${rpc} streams every event, and its last number in the trailers`, async () => {
    const { pair, tell } = grpcBinding(fakeService().service);
    await using _pair = pair;
    const told = await tell(generation, rpc, request);
    assert.equal(told.status, 0, told.message);
    assert.deepEqual(told.messages.map((event) => Object.keys(event as object)[0]), [
      "task",
      "statusUpdate",
      "artifactUpdate",
      "artifactUpdate",
      "statusUpdate",
    ]);
    assert.equal(JSON.stringify(told.messages).includes('"final":true'), generation === V03);
    assert.equal(told.answer.trailers.get("last-event-id"), "8");
    assert.equal(told.answer.head.get("a2a-extensions"), undefined);
  });
}

Deno.test("a stream goes on behind the number that last-event-id or the extension's metadata names", async () => {
  const fake = fakeService();
  const { pair, tell } = grpcBinding(fake.service);
  await using _pair = pair;
  const byMetadata = await tell(V1, "SubscribeToTask", { id: "t1" }, { "last-event-id": "4" });
  assert.equal(byMetadata.messages.length, 2);
  const byMessage = await tell(V1, "SendStreamingMessage", {
    message: MESSAGE,
    metadata: { [RESUME_EXTENSION]: { afterSeq: 2 } },
  });
  assert.equal(byMessage.messages.length, 3);
  assert.deepEqual(fake.asked.map(({ call }) => call.afterSeq), [4, 2]);
  const wrong = await tell(V1, "SendStreamingMessage", {
    message: MESSAGE,
    metadata: { [RESUME_EXTENSION]: { afterSeq: -2 } },
  });
  assert.equal(wrong.status, GRPC_STATUS.INVALID_ARGUMENT);
});

for (
  const [generation, rpc, request] of [
    [V1, "SubscribeToTask", { id: "t1" }],
    [V03, "TaskSubscription", { name: "tasks/t1" }],
  ] as const
) {
  Deno.test(`gRPC ${generation}: who asks for the resume extension finds the number within every event`, async () => {
    const { pair, tell } = grpcBinding(fakeService().service);
    await using _pair = pair;
    const told = await tell(generation, rpc, request, { "a2a-extensions": RESUME_EXTENSION });
    const numbers = told.messages.map((event) => {
      const [payload] = Object.values(event as Record<string, { metadata?: Record<string, unknown> }>);
      return payload?.metadata?.[RESUME_EXTENSION];
    });
    assert.deepEqual(numbers, TURN.map(({ seq }) => ({ seq })));
    assert.equal(told.answer.head.get("a2a-extensions"), RESUME_EXTENSION);
  });
}

for (const reason of Object.keys(ERRORS) as ErrorReason[]) {
  Deno.test(`${reason} is told with its code and ErrorInfo`, async () => {
    const error = new A2AError(reason, `It is ${reason}`, { metadata: { taskId: "t1" } });
    const { pair, tell } = grpcBinding(fakeService({ unary: () => Promise.reject(error) }).service);
    await using _pair = pair;
    for (const [generation, request] of [[V1, { id: "t1" }], [V03, { name: "tasks/t1" }]] as const) {
      const told = await tell(generation, "GetTask", request);
      const code = GRPC_STATUS[rowOf(reason).grpc];
      assert.deepEqual([told.status, told.message], [code, `It is ${reason}`]);
      assert.deepEqual(told.details, {
        code,
        message: `It is ${reason}`,
        details: [{
          "@type": "type.googleapis.com/google.rpc.ErrorInfo",
          reason,
          domain: "a2a-protocol.org",
          metadata: { taskId: "t1" },
        }],
      });
    }
  });
}

Deno.test("profile 1.0.0 tells the codes of its own table", async () => {
  const error = new A2AError("UNSUPPORTED_OPERATION", "No");
  const { pair, tell } = grpcBinding(fakeService({ unary: () => Promise.reject(error) }).service, {}, "1.0.0");
  await using _pair = pair;
  assert.equal((await tell(V1, "GetTask", { id: "t1" })).status, GRPC_STATUS.UNIMPLEMENTED);
});

Deno.test("broken fields are told one by one, with their paths", async () => {
  const { pair, tell } = grpcBinding(fakeService().service);
  await using _pair = pair;
  const told = await tell(V1, "SendMessage", { message: { messageId: "m", parts: [{ text: "x" }, {}] } });
  assert.equal(told.status, GRPC_STATUS.INVALID_ARGUMENT);
  const text = JSON.stringify(told.details);
  assert.match(text, /"@type":"type.googleapis.com\/google.rpc.BadRequest"/);
  for (const field of ["message.role", "message.parts.1"]) assert.ok(text.includes(`"field":"${field}"`), text);
});

Deno.test("details that no client would take are cut down to the reason", async () => {
  const violations = Array.from({ length: 500 }, (_, at) => ({ field: `field.${at}`, description: "is wrong" }));
  const error = new A2AError("INVALID_PARAMS", "Invalid parameters", { violations });
  const { pair, tell } = grpcBinding(fakeService({ unary: () => Promise.reject(error) }).service);
  await using _pair = pair;
  const told = await tell(V1, "GetTask", { id: "t1" });
  const header = told.answer.trailers.get("grpc-status-details-bin") ?? "";
  assert.ok(header.length > 0 && header.length < 6000, `${header.length}`);
  assert.match(JSON.stringify(told.details), /"reason":"INVALID_PARAMS"/);
});

Deno.test("what goes wrong inside is told to the log alone", async () => {
  const { pair, tell, logged } = grpcBinding(
    fakeService({ unary: () => Promise.reject(new Error("the password is 1234")) }).service,
  );
  await using _pair = pair;
  const told = await tell(V1, "GetTask", { id: "t1" });
  assert.deepEqual([told.status, told.message], [GRPC_STATUS.INTERNAL, "Internal error"]);
  assert.equal(JSON.stringify(told.details).includes("1234"), false);
  assert.equal(logged.length, 1);
});

Deno.test("an error in the middle of a stream comes behind the events before it", async () => {
  const { pair, tell } = grpcBinding(
    fakeService({
      stream: async function* () {
        yield* replay(TURN.slice(0, 2));
        throw new A2AError("UNAVAILABLE", "The server stops");
      },
    }).service,
  );
  await using _pair = pair;
  const told = await tell(V1, "SubscribeToTask", { id: "t1" });
  assert.deepEqual([told.messages.length, told.status, told.message], [2, GRPC_STATUS.UNAVAILABLE, "The server stops"]);
});

Deno.test("a stream that stops before its end is UNAVAILABLE, and says from where to go on", async () => {
  const { pair, tell } = grpcBinding(fakeService({ stream: () => replay(TURN.slice(0, 3)) }).service);
  await using _pair = pair;
  for (const [generation, request] of [[V1, { message: MESSAGE }], [V03, { request: OLD_MESSAGE }]] as const) {
    const told = await tell(generation, "SendStreamingMessage", request);
    assert.deepEqual([told.messages.length, told.status], [3, GRPC_STATUS.UNAVAILABLE]);
    assert.match(told.message, /take it up again after event 4$/);
    assert.equal(told.answer.trailers.get("last-event-id"), "4");
  }
});

Deno.test("a turn is over when its peer has to answer, a subscription is not", async () => {
  const events = [{ seq: 3, event: statusEvent("TASK_STATE_INPUT_REQUIRED") }];
  const { pair, tell } = grpcBinding(fakeService({ stream: () => replay(events) }).service);
  await using _pair = pair;
  assert.equal((await tell(V1, "SendStreamingMessage", { message: MESSAGE })).status, GRPC_STATUS.OK);
  assert.equal((await tell(V1, "SubscribeToTask", { id: "t1" })).status, GRPC_STATUS.UNAVAILABLE);
});

Deno.test("who asks for what comes behind the last event hears that there is nothing", async () => {
  const { pair, tell } = grpcBinding(fakeService().service);
  await using _pair = pair;
  const told = await tell(V1, "SubscribeToTask", { id: "t1" }, { "last-event-id": "8" });
  assert.deepEqual([told.messages, told.status], [[], GRPC_STATUS.OK]);
});

/** [what it asks, the state that the task is in meanwhile, the status, what is said] */
const SILENT_ENDS: [what: string, state: TaskState, status: number, message: RegExp][] = [
  ["SubscribeToTask", "TASK_STATE_WORKING", GRPC_STATUS.UNAVAILABLE, /take it up again after event 4$/],
  ["SubscribeToTask", "TASK_STATE_INPUT_REQUIRED", GRPC_STATUS.UNAVAILABLE, /take it up again after event 4$/],
  ["SubscribeToTask", "TASK_STATE_COMPLETED", GRPC_STATUS.OK, /^$/],
  ["SendStreamingMessage", "TASK_STATE_WORKING", GRPC_STATUS.UNAVAILABLE, /take it up again after event 4$/],
];
for (const [rpc, state, status, message] of SILENT_ENDS) {
  Deno.test(`a resumed ${rpc} that hears nothing before the server stops ends with ${status} while the task is ${state}`, async () => {
    const { service } = fakeService({ unary: () => taskIn(state), stream: () => replay([]) });
    const { pair, tell } = grpcBinding(service);
    await using _pair = pair;
    const request = rpc === "SubscribeToTask" ? { id: "t1" } : { message: MESSAGE };
    const told = await tell(V1, rpc, request, { "last-event-id": "4" });
    assert.deepEqual([told.messages, told.status], [[], status]);
    assert.match(told.message, message);
    assert.equal(/"retryDelay":"1s"/.test(JSON.stringify(told.details ?? "")), status === GRPC_STATUS.UNAVAILABLE);
  });
}

/** A2A v1 §3.6: [service, a2a-version, whether it is taken]. */
const VERSIONS: [generation: string, version: string, isTaken: boolean][] = [
  [V1, "1.0", true],
  [V1, "1.0.7", true],
  [V1, "", true],
  [V1, "0.3", false],
  [V1, "2.0", false],
  [V03, "0.3", true],
  [V03, "0.3.1", true],
  [V03, "", true],
  [V03, "1.0", false],
];
for (const [generation, version, isTaken] of VERSIONS) {
  Deno.test(`${generation} with a2a-version ${JSON.stringify(version)} is ${isTaken ? "taken" : "refused"}`, async () => {
    const { pair, tell } = grpcBinding(fakeService().service);
    await using _pair = pair;
    const request = generation === V1 ? { id: "t1" } : { name: "tasks/t1" };
    const told = await tell(generation, "GetTask", request, { "a2a-version": version });
    assert.equal(told.status, isTaken ? GRPC_STATUS.OK : GRPC_STATUS.FAILED_PRECONDITION);
    if (!isTaken) assert.match(JSON.stringify(told.details), /"reason":"VERSION_NOT_SUPPORTED"/);
  });
}

Deno.test("a caller that goes away leaves the stream at once, and the task is not asked to stop", async () => {
  let left = () => {};
  const leaving = new Promise<void>((resolve) => left = resolve);
  const fake = fakeService({
    stream: async function* (_operation, { signal }) {
      yield { seq: 1, event: { task: taskIn("TASK_STATE_WORKING") } };
      await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
      left();
    },
  });
  const { pair, logged } = grpcBinding(fake.service);
  await using _pair = pair;
  const request = codec.message("lf.a2a.v1.SubscribeToTaskRequest").encode({ id: "t1" });
  const stream = await beginCall(pair.client, "/lf.a2a.v1.A2AService/SubscribeToTask", { messages: [request] });
  await messagesOf(stream).next();
  stream.reset("CANCEL");
  await leaving;
  await settle();
  assert.deepEqual(fake.asked.map(({ operation }) => operation), ["SubscribeToTask"]);
  assert.deepEqual(logged, []);
});

Deno.test("bytes that are no request are INVALID_ARGUMENT", async () => {
  const { pair } = grpcBinding(fakeService().service);
  await using _pair = pair;
  const { ask } = await import("../../lib/grpc/grpc_client.ts");
  const answer = await ask(pair.client, "/lf.a2a.v1.A2AService/GetTask", Uint8Array.of(0x0a, 0x05, 0x61));
  assert.equal(answer.trailers.get("grpc-status"), "3");
});
