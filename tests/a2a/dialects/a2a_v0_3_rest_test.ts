import assert from "node:assert/strict";
import { a2aV03Rest } from "../../../src/a2a/dialects/a2a_v0_3_rest.ts";
import { A2AError } from "../../../src/a2a/errors.ts";
import { type Operation, OPERATIONS, type Reply } from "../../../src/a2a/operations.ts";
import { type Part, SendMessageRequest, type StreamResponse, type TaskState } from "../../../src/a2a/types.ts";

const dialect = a2aV03Rest({ newId: () => "made-up" });

const PARTS: readonly (readonly [part: Part, legacy: unknown])[] = [
  [{ text: "Hi", metadata: { a: 1 } }, { text: "Hi", metadata: { a: 1 } }],
  [
    { raw: "Ynl0ZXM=", filename: "a.txt", mediaType: "text/plain" },
    { file: { fileWithBytes: "Ynl0ZXM=", mimeType: "text/plain", name: "a.txt" } },
  ],
  [{ url: "https://example.com/a" }, { file: { fileWithUri: "https://example.com/a" } }],
  [{ data: { data: { a: 1 } } }, { data: { data: { data: { a: 1 } } } }],
  [{ data: "x" }, { data: { data: { value: "x" } }, metadata: { data_part_compat: true } }],
];

for (const [part, legacy] of PARTS) {
  Deno.test(`a2aV03Rest() writes the part ${JSON.stringify(part)}`, () => {
    assert.deepEqual(dialect.writeEvent({ message: { messageId: "m", role: "ROLE_AGENT", parts: [part] } }, true), {
      message: { messageId: "m", role: "ROLE_AGENT", content: [legacy] },
    });
  });
}

Deno.test("a2aV03Rest() puts a message's parts under content, an artifact's under parts", () => {
  const message = { messageId: "m", role: "ROLE_USER", parts: [{ text: "Hi" }] } as const;
  const task = {
    id: "t",
    contextId: "c",
    status: { state: "TASK_STATE_CANCELED", message: { ...message, parts: [{ text: "Bye" }] } },
    history: [{ ...message, parts: [{ text: "Hi" }] }],
    artifacts: [{ artifactId: "a", parts: [{ text: "Ho" }] }],
  } satisfies Extract<Reply, { operation: "GetTask" | "CancelTask" }>["response"];
  const written = {
    id: "t",
    contextId: "c",
    status: {
      state: "TASK_STATE_CANCELLED",
      message: { messageId: "m", role: "ROLE_USER", content: [{ text: "Bye" }] },
    },
    history: [{ messageId: "m", role: "ROLE_USER", content: [{ text: "Hi" }] }],
    artifacts: [{ artifactId: "a", parts: [{ text: "Ho" }] }],
  };
  assert.deepEqual(dialect.write({ operation: "GetTask", response: task }), written);
  assert.deepEqual(dialect.write({ operation: "SendMessage", response: { task } }), { task: written });
  assert.deepEqual(dialect.writeEvent({ task }, false), { task: written });
  assert.deepEqual(
    dialect.write({
      operation: "ListTasks",
      response: { tasks: [task], nextPageToken: "", pageSize: 1, totalSize: 1 },
    }),
    { tasks: [written], nextPageToken: "", pageSize: 1, totalSize: 1 },
  );
});

const FINAL: readonly (readonly [TaskState, string, boolean, boolean])[] = [
  ["TASK_STATE_WORKING", "TASK_STATE_WORKING", false, false],
  ["TASK_STATE_INPUT_REQUIRED", "TASK_STATE_INPUT_REQUIRED", false, false],
  ["TASK_STATE_INPUT_REQUIRED", "TASK_STATE_INPUT_REQUIRED", true, true],
  ["TASK_STATE_COMPLETED", "TASK_STATE_COMPLETED", false, true],
  ["TASK_STATE_CANCELED", "TASK_STATE_CANCELLED", true, true],
];

for (const [state, name, last, final] of FINAL) {
  Deno.test(`a2aV03Rest() writes ${state} as ${name}, final: ${final} where last is ${last}`, () => {
    const event: StreamResponse = { statusUpdate: { taskId: "t", contextId: "c", status: { state } } };
    assert.deepEqual(dialect.writeEvent(event, last), {
      statusUpdate: { taskId: "t", contextId: "c", status: { state: name }, final },
    });
  });
}

Deno.test("a2aV03Rest() writes an artifact update", () => {
  const artifact = { artifactId: "a", name: "answer", parts: [{ text: "Hi" }] };
  const artifactUpdate = { taskId: "t", contextId: "c", artifact, append: false, lastChunk: true };
  assert.deepEqual(dialect.writeEvent({ artifactUpdate }, false), { artifactUpdate });
});

Deno.test("a2aV03Rest() writes push configurations as resources", () => {
  const config = { taskId: "t", id: "c", url: "https://example.com", token: "k" };
  const written = {
    name: "tasks/t/pushNotificationConfigs/c",
    pushNotificationConfig: { id: "c", url: "https://example.com", token: "k" },
  };
  assert.deepEqual(dialect.write({ operation: "GetTaskPushNotificationConfig", response: config }), written);
  assert.deepEqual(
    dialect.write({
      operation: "ListTaskPushNotificationConfigs",
      response: { configs: [config], nextPageToken: "n" },
    }),
    { configs: [written], nextPageToken: "n" },
  );
  assert.deepEqual(dialect.write({ operation: "ListTaskPushNotificationConfigs", response: {} }), { configs: [] });
  assert.deepEqual(dialect.write({ operation: "DeleteTaskPushNotificationConfig", response: null }), {});
});

const REQUESTS: readonly (readonly [title: string, Operation, raw: unknown, request: unknown])[] = [
  [
    "the spelling of the proto",
    "SendMessage",
    {
      message: {
        messageId: "m",
        role: "ROLE_USER",
        content: [
          { text: "Hi" },
          { data: { data: { a: 1 } } },
          { file: { fileWithBytes: "Ynl0ZXM", mimeType: "text/plain" } },
          { file: { file_with_uri: "https://example.com", name: "a" } },
        ],
      },
      configuration: { blocking: true, pushNotification: { url: "https://example.com" } },
    },
    {
      message: {
        messageId: "m",
        role: "ROLE_USER",
        parts: [
          { text: "Hi" },
          { data: { a: 1 } },
          { raw: "Ynl0ZXM=", mediaType: "text/plain" },
          { url: "https://example.com", filename: "a" },
        ],
      },
      configuration: { returnImmediately: false, taskPushNotificationConfig: { url: "https://example.com" } },
    },
  ],
  [
    "the README's example",
    "SendMessage",
    { message: { parts: [{ text: "Analyze system architecture" }], role: "user" } },
    { message: { messageId: "made-up", role: "ROLE_USER", parts: [{ text: "Analyze system architecture" }] } },
  ],
  ["a query", "GetTask", { historyLength: "3", id: "t" }, { id: "t", historyLength: "3" }],
  ["an empty body", "CancelTask", { id: "t" }, { id: "t" }],
  [
    "a query of filters",
    "ListTasks",
    { status: "TASK_STATE_CANCELLED", pageSize: "10", includeArtifacts: "true", tenant: "acme" },
    { tenant: "acme", status: "TASK_STATE_CANCELED", pageSize: "10", includeArtifacts: true },
  ],
  ["a query that says no", "ListTasks", { includeArtifacts: "false" }, { includeArtifacts: false }],
  [
    "a push configuration named by its resource",
    "CreateTaskPushNotificationConfig",
    { taskId: "t", name: "tasks/t/pushNotificationConfigs/c", pushNotificationConfig: { url: "https://example.com" } },
    { id: "c", url: "https://example.com", taskId: "t" },
  ],
  [
    "a push configuration in the proto's request",
    "CreateTaskPushNotificationConfig",
    {
      taskId: "t",
      parent: "tasks/t",
      configId: "c",
      config: { name: "x", pushNotificationConfig: { url: "https://example.com" } },
    },
    { id: "c", url: "https://example.com", taskId: "t" },
  ],
  ["a push configuration's path", "GetTaskPushNotificationConfig", { taskId: "t", id: "c" }, { taskId: "t", id: "c" }],
  [
    "a page of push configurations",
    "ListTaskPushNotificationConfigs",
    { taskId: "t", pageSize: "5", pageToken: "p" },
    { taskId: "t", pageSize: "5", pageToken: "p" },
  ],
];

for (const [title, operation, raw, request] of REQUESTS) {
  Deno.test(`a2aV03Rest() reads ${title} (${operation})`, () => {
    const reading = dialect.read(operation, raw);
    assert.deepEqual(reading.request, request);
    assert.equal(OPERATIONS.get(operation)?.schema.safeParse(reading.request).success, true);
  });
}

Deno.test("a2aV03Rest() tells a made-up message id from the peer's own", () => {
  const body = { message: { role: "user", parts: [{ text: "x" }] } };
  assert.equal(dialect.read("SendMessage", body).messageIdGenerated, true);
  assert.equal(
    SendMessageRequest.parse(dialect.read("SendMessage", body).request).message.messageId,
    "made-up",
  );
});

Deno.test("a2aV03Rest() answers errors as 0.3 does", () => {
  const error = new A2AError("INVALID_PARAMS", "Bad", {
    violations: [{ field: "message.content", description: "at least one part" }],
    metadata: { a: "b" },
    retryAfterSeconds: 2,
  });
  assert.deepEqual(dialect.writeError(error), {
    code: -32602,
    message: "Bad",
    data: {
      reason: "INVALID_PARAMS",
      metadata: { a: "b" },
      fieldViolations: [{ field: "message.content", description: "at least one part" }],
      retryAfterSeconds: 2,
    },
  });
  assert.equal(dialect.errorStatus(error), 400);
  assert.equal(dialect.errorStatus(new A2AError("TASK_NOT_CANCELABLE", "No")), 409);
  assert.equal(dialect.errorStatus(new A2AError("TASK_NOT_FOUND", "No")), 404);
  assert.equal(dialect.mediaType, "application/json");
});
