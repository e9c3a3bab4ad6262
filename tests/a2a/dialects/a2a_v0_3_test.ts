import assert from "node:assert/strict";
import { legacyPushNotificationToV1StreamResponse } from "@a2a-js/sdk/compat/v0_3";
import { a2aV03JsonRpc } from "../../../src/a2a/dialects/a2a_v0_3.ts";
import { A2AError, type ErrorReason } from "../../../src/a2a/errors.ts";
import { type Operation, OPERATIONS, type Reply } from "../../../src/a2a/operations.ts";
import type { Part, StreamResponse, Task, TaskState } from "../../../src/a2a/types.ts";
import { arbitrary } from "../arbitrary.ts";

const dialect = a2aV03JsonRpc({ newId: () => "made-up" });

const PARTS: readonly (readonly [part: Part, legacy: unknown])[] = [
  [{ text: "Hi" }, { kind: "text", text: "Hi" }],
  [{ text: "Hi", metadata: { a: 1 } }, { kind: "text", text: "Hi", metadata: { a: 1 } }],
  [
    { raw: "Ynl0ZXM=", filename: "a.txt", mediaType: "text/plain" },
    { kind: "file", file: { bytes: "Ynl0ZXM=", name: "a.txt", mimeType: "text/plain" } },
  ],
  [{ url: "https://example.com/a" }, { kind: "file", file: { uri: "https://example.com/a" } }],
  [{ data: { a: null } }, { kind: "data", data: { a: null } }],
  [{ data: [1] }, { kind: "data", data: { value: [1] }, metadata: { data_part_compat: true } }],
  [{ data: null }, { kind: "data", data: { value: null }, metadata: { data_part_compat: true } }],
  [
    { text: "# Hi", mediaType: "text/markdown", metadata: { a: 1 } },
    {
      kind: "text",
      text: "# Hi",
      metadata: { a: 1, "https://hector.dev/a2a/part/v1": { mediaType: "text/markdown" } },
    },
  ],
];

for (const [part, legacy] of PARTS) {
  Deno.test(`a2aV03JsonRpc() writes the part ${JSON.stringify(part)}`, () => {
    const event: StreamResponse = { message: { messageId: "m", role: "ROLE_AGENT", parts: [part] } };
    assert.deepEqual(dialect.writeEvent(event, true), {
      kind: "message",
      messageId: "m",
      role: "agent",
      parts: [legacy],
    });
  });
}

const TASK: Task = {
  id: "t1",
  contextId: "c1",
  status: {
    state: "TASK_STATE_INPUT_REQUIRED",
    message: { messageId: "m2", role: "ROLE_AGENT", parts: [{ text: "Where to?" }] },
    timestamp: "2026-11-01T10:00:00.000Z",
  },
  artifacts: [{ artifactId: "a1", name: "draft", parts: [{ text: "…" }] }],
  history: [{ messageId: "m1", contextId: "c1", taskId: "t1", role: "ROLE_USER", parts: [{ text: "Book" }] }],
  metadata: { snake_case: 1 },
};

const TASK_03 = {
  kind: "task",
  id: "t1",
  contextId: "c1",
  status: {
    state: "input-required",
    message: { kind: "message", messageId: "m2", role: "agent", parts: [{ kind: "text", text: "Where to?" }] },
    timestamp: "2026-11-01T10:00:00.000Z",
  },
  artifacts: [{ artifactId: "a1", name: "draft", parts: [{ kind: "text", text: "…" }] }],
  history: [{
    kind: "message",
    messageId: "m1",
    contextId: "c1",
    taskId: "t1",
    role: "user",
    parts: [{ kind: "text", text: "Book" }],
  }],
  metadata: { snake_case: 1 },
};

const CONFIG = { taskId: "t1", id: "c", url: "https://example.com", authentication: { scheme: "Bearer" } };
const CONFIG_03 = {
  taskId: "t1",
  pushNotificationConfig: { id: "c", url: "https://example.com", authentication: { schemes: ["Bearer"] } },
};

const REPLIES: readonly (readonly [Reply, unknown])[] = [
  [{ operation: "SendMessage", response: { task: TASK } }, TASK_03],
  [
    {
      operation: "SendMessage",
      response: { message: { messageId: "m", role: "ROLE_AGENT", parts: [{ text: "Hi" }] } },
    },
    { kind: "message", messageId: "m", role: "agent", parts: [{ kind: "text", text: "Hi" }] },
  ],
  [{ operation: "GetTask", response: TASK }, TASK_03],
  [{ operation: "CancelTask", response: { id: "t", status: { state: "TASK_STATE_CANCELED" } } }, {
    kind: "task",
    id: "t",
    contextId: "",
    status: { state: "canceled" },
  }],
  [
    { operation: "ListTasks", response: { tasks: [TASK], nextPageToken: "", pageSize: 50, totalSize: 1 } },
    { tasks: [TASK_03], nextPageToken: "", pageSize: 50, totalSize: 1 },
  ],
  [{ operation: "CreateTaskPushNotificationConfig", response: CONFIG }, CONFIG_03],
  [{ operation: "GetTaskPushNotificationConfig", response: CONFIG }, CONFIG_03],
  [{ operation: "ListTaskPushNotificationConfigs", response: { configs: [CONFIG] } }, [CONFIG_03]],
  [{ operation: "ListTaskPushNotificationConfigs", response: {} }, []],
  [{ operation: "DeleteTaskPushNotificationConfig", response: null }, null],
];

for (const [reply, result] of REPLIES) {
  Deno.test(`a2aV03JsonRpc() answers ${reply.operation} with ${JSON.stringify(result)?.slice(0, 60)}`, () => {
    assert.deepEqual(dialect.write(reply), result);
  });
}

/** [state, its name in 0.3, whether a status update of it is final in itself]. */
const STATES: readonly (readonly [TaskState, string, boolean])[] = [
  ["TASK_STATE_UNSPECIFIED", "unknown", false],
  ["TASK_STATE_SUBMITTED", "submitted", false],
  ["TASK_STATE_WORKING", "working", false],
  ["TASK_STATE_COMPLETED", "completed", true],
  ["TASK_STATE_FAILED", "failed", true],
  ["TASK_STATE_CANCELED", "canceled", true],
  ["TASK_STATE_INPUT_REQUIRED", "input-required", false],
  ["TASK_STATE_REJECTED", "rejected", true],
  ["TASK_STATE_AUTH_REQUIRED", "auth-required", false],
];

for (const [state, name, final] of STATES) {
  Deno.test(`a2aV03JsonRpc() writes a status update of ${state} as ${name}, final: ${final}`, () => {
    const event: StreamResponse = { statusUpdate: { taskId: "t", contextId: "c", status: { state } } };
    const written = { kind: "status-update", taskId: "t", contextId: "c", status: { state: name } };
    assert.deepEqual(dialect.writeEvent(event, false), { ...written, final });
    assert.deepEqual(dialect.writeEvent(event, true), { ...written, final: true });
  });
}

Deno.test("a2aV03JsonRpc() writes an artifact update", () => {
  const artifact = { artifactId: "a", parts: [{ text: "Hi" }] };
  assert.deepEqual(
    dialect.writeEvent(
      { artifactUpdate: { taskId: "t", contextId: "c", artifact, append: true, lastChunk: true } },
      false,
    ),
    {
      kind: "artifact-update",
      taskId: "t",
      contextId: "c",
      artifact: { artifactId: "a", parts: [{ kind: "text", text: "Hi" }] },
      append: true,
      lastChunk: true,
    },
  );
});

Deno.test("a2aV03JsonRpc() writes what an independent reader of 0.3 understands", () => {
  for (let seed = 0; seed < 60; seed++) {
    const event = arbitrary(seed).event();
    const { payload } = legacyPushNotificationToV1StreamResponse(
      JSON.parse(JSON.stringify(dialect.writeEvent(event, true))),
    );
    assert.ok(payload !== undefined && payload.$case in event, `${payload?.$case}`);
    if (payload.$case === "task" && "task" in event) {
      assert.equal(payload.value.id, event.task.id);
      assert.equal(payload.value.history.length, event.task.history?.length ?? 0);
      assert.equal(payload.value.artifacts.length, event.task.artifacts?.length ?? 0);
    }
  }
});

/** [operation, what a peer sends, the core request]. */
const REQUESTS: readonly (readonly [Operation, unknown, unknown])[] = [
  ["GetTask", { id: "t", historyLength: 2, metadata: {} }, { id: "t", historyLength: 2 }],
  ["GetTask", { task_id: "t", history_length: 0 }, { id: "t", historyLength: 0 }],
  ["CancelTask", { id: "t", metadata: { why: "x" } }, { id: "t", metadata: { why: "x" } }],
  ["SubscribeToTask", { id: "t" }, { id: "t" }],
  ["ListTasks", {}, {}],
  ["ListTasks", null, {}],
  [
    "ListTasks",
    {
      contextId: "c",
      status: "input-required",
      page_size: 5,
      pageToken: "p",
      includeArtifacts: true,
      historyLength: 1,
    },
    {
      contextId: "c",
      status: "TASK_STATE_INPUT_REQUIRED",
      pageSize: 5,
      pageToken: "p",
      includeArtifacts: true,
      historyLength: 1,
    },
  ],
  [
    "CreateTaskPushNotificationConfig",
    { taskId: "t", pushNotificationConfig: { url: "https://example.com" } },
    { taskId: "t", id: "t", url: "https://example.com" },
  ],
  ["GetTaskPushNotificationConfig", { id: "t" }, { taskId: "t", id: "t" }],
  ["GetTaskPushNotificationConfig", { id: "t", pushNotificationConfigId: "c" }, { taskId: "t", id: "c" }],
  ["ListTaskPushNotificationConfigs", { id: "t" }, { taskId: "t" }],
  ["DeleteTaskPushNotificationConfig", { id: "t", pushNotificationConfigId: "c" }, { taskId: "t", id: "c" }],
  ["GetExtendedAgentCard", undefined, {}],
];

for (const [operation, raw, request] of REQUESTS) {
  Deno.test(`a2aV03JsonRpc() reads ${operation} ${JSON.stringify(raw)}`, () => {
    const reading = dialect.read(operation, raw);
    assert.deepEqual(reading.request, request);
    const parsed = OPERATIONS.get(operation)?.schema.safeParse(reading.request);
    assert.deepEqual(parsed?.data, request);
  });
}

const REFUSED: readonly (readonly [Operation, unknown, field: string])[] = [
  ["GetTask", [], ""],
  ["GetTask", "t", ""],
  ["GetTask", { id: 5 }, "id"],
  ["CancelTask", { id: "t", metadata: 1 }, "metadata"],
  ["ListTasks", { status: "busy" }, "status"],
  ["CreateTaskPushNotificationConfig", { taskId: "t", pushNotificationConfig: "x" }, "pushNotificationConfig"],
  ["CreateTaskPushNotificationConfig", { taskId: "t", pushNotificationConfig: {} }, "pushNotificationConfig.url"],
];

for (const [operation, raw, field] of REFUSED) {
  Deno.test(`a2aV03JsonRpc() refuses ${operation} ${JSON.stringify(raw)} at "${field}"`, () => {
    assert.throws(() => dialect.read(operation, raw), (thrown: unknown) => {
      assert.ok(thrown instanceof A2AError);
      assert.deepEqual([thrown.reason, thrown.violations[0]?.field], ["INVALID_PARAMS", field]);
      return true;
    });
  });
}

/** [reason, code in 0.3, HTTP status of the answer]. */
const ERRORS_03: readonly (readonly [ErrorReason, number, number])[] = [
  ["TASK_NOT_FOUND", -32001, 200],
  ["EXTENSION_SUPPORT_REQUIRED", -32004, 200],
  ["VERSION_NOT_SUPPORTED", -32004, 200],
  ["INVALID_PARAMS", -32602, 200],
  ["UNAUTHENTICATED", -32600, 401],
];

for (const [reason, code, status] of ERRORS_03) {
  Deno.test(`a2aV03JsonRpc() answers ${reason} with ${code} and HTTP ${status}`, () => {
    const error = new A2AError(reason, "No");
    assert.deepEqual(dialect.writeError(error), { code, message: "No", data: { reason } });
    assert.equal(dialect.errorStatus(error), status);
  });
}
