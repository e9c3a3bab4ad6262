import assert from "node:assert/strict";
import type { z } from "zod";
import { A2AError } from "../../src/a2a/errors.ts";
import { isInterrupted, isTerminal, TASK_STATES } from "../../src/a2a/task_state.ts";
import {
  GetTaskRequest,
  ListTaskPushNotificationConfigsResponse,
  ListTasksRequest,
  ListTasksResponse,
  Message,
  Part,
  SendMessageRequest,
  SendMessageResponse,
  StreamResponse,
  Task,
  TaskPushNotificationConfig,
} from "../../src/a2a/types.ts";

const ask = (message: Record<string, unknown>, rest: Record<string, unknown> = {}) => ({
  message: { messageId: "m", role: "ROLE_USER", parts: [{ text: "x" }], ...message },
  ...rest,
});
const long = "x".repeat(513);

/** What A2A v1 §3.3.2 and §5.7 want refused: [schema, input, field, what is said about it]. */
const REFUSED: readonly (readonly [string, z.ZodType, unknown, string, RegExp])[] = [
  ["SendMessageRequest", SendMessageRequest, {}, "message", /^is required$/],
  ["SendMessageRequest", SendMessageRequest, { message: "hi" }, "message", /^expected object, received string$/],
  ["SendMessageRequest", SendMessageRequest, ask({ messageId: undefined }), "message.messageId", /^is required$/],
  ["SendMessageRequest", SendMessageRequest, ask({ messageId: "" }), "message.messageId", /^must not be empty$/],
  ["SendMessageRequest", SendMessageRequest, ask({ messageId: long }), "message.messageId", /^at most 512/],
  ["SendMessageRequest", SendMessageRequest, ask({ messageId: 7 }), "message.messageId", /expected string/],
  ["SendMessageRequest", SendMessageRequest, ask({ role: undefined }), "message.role", /^is required$/],
  [
    "SendMessageRequest",
    SendMessageRequest,
    ask({ role: "user" }),
    "message.role",
    /^expected one of ROLE_USER, ROLE_A/,
  ],
  ["SendMessageRequest", SendMessageRequest, ask({ role: 0 }), "message.role", /^must be ROLE_USER or ROLE_AGENT$/],
  ["SendMessageRequest", SendMessageRequest, ask({ parts: undefined }), "message.parts", /^is required$/],
  ["SendMessageRequest", SendMessageRequest, ask({ parts: [] }), "message.parts", /^at least one part$/],
  ["SendMessageRequest", SendMessageRequest, ask({ parts: {} }), "message.parts", /^expected array/],
  [
    "SendMessageRequest",
    SendMessageRequest,
    ask({ parts: [{}] }),
    "message.parts.0",
    /exactly one of text, raw, url, d/,
  ],
  ["SendMessageRequest", SendMessageRequest, ask({ parts: [{ kind: "text" }] }), "message.parts.0", /exactly one/],
  [
    "SendMessageRequest",
    SendMessageRequest,
    ask({ parts: [{ text: "a" }, { text: "a", url: "b" }] }),
    "message.parts.1",
    /exactly one/,
  ],
  [
    "SendMessageRequest",
    SendMessageRequest,
    ask({ parts: [{ text: "a", data: null }] }),
    "message.parts.0",
    /exactly one/,
  ],
  ["SendMessageRequest", SendMessageRequest, ask({ parts: [{ text: 5 }] }), "message.parts.0.text", /expected string/],
  [
    "SendMessageRequest",
    SendMessageRequest,
    ask({ parts: [{ raw: "*" }] }),
    "message.parts.0.raw",
    /^expected base64$/,
  ],
  [
    "SendMessageRequest",
    SendMessageRequest,
    ask({ parts: [{ text: "a", metadata: [] }] }),
    "message.parts.0.metadata",
    /^expected an object$/,
  ],
  ["SendMessageRequest", SendMessageRequest, ask({ contextId: long }), "message.contextId", /^at most 512/],
  ["SendMessageRequest", SendMessageRequest, ask({ extensions: "urn:x" }), "message.extensions", /^expected array/],
  [
    "SendMessageRequest",
    SendMessageRequest,
    ask({ referenceTaskIds: [1] }),
    "message.referenceTaskIds.0",
    /expected st/,
  ],
  [
    "SendMessageRequest",
    SendMessageRequest,
    ask({}, { configuration: { historyLength: -1 } }),
    "configuration.historyLength",
    /^must not be negative$/,
  ],
  [
    "SendMessageRequest",
    SendMessageRequest,
    ask({}, { configuration: { returnImmediately: "yes" } }),
    "configuration.returnImmediately",
    /^expected boolean/,
  ],
  [
    "SendMessageRequest",
    SendMessageRequest,
    ask({}, { configuration: { taskPushNotificationConfig: { id: "c" } } }),
    "configuration.taskPushNotificationConfig.url",
    /^is required$/,
  ],
  ["GetTaskRequest", GetTaskRequest, {}, "id", /^is required$/],
  ["GetTaskRequest", GetTaskRequest, { id: "" }, "id", /^must not be empty$/],
  ["GetTaskRequest", GetTaskRequest, { id: "t", historyLength: 1.5 }, "historyLength", /expected int/],
  ["ListTasksRequest", ListTasksRequest, { pageSize: 0 }, "pageSize", /^must be 1 to 100$/],
  ["ListTasksRequest", ListTasksRequest, { pageSize: 101 }, "pageSize", /^must be 1 to 100$/],
  ["ListTasksRequest", ListTasksRequest, { status: "done" }, "status", /^expected one of TASK_STATE_SUBMITTED/],
  ["ListTasksRequest", ListTasksRequest, { statusTimestampAfter: "now" }, "statusTimestampAfter", /RFC 3339/],
  ["TaskPushNotificationConfig", TaskPushNotificationConfig, { url: "" }, "url", /^must not be empty$/],
  [
    "TaskPushNotificationConfig",
    TaskPushNotificationConfig,
    { url: "https://example.com", authentication: {} },
    "authentication.scheme",
    /^is required$/,
  ],
  ["Task", Task, { id: "t", status: {} }, "status.state", /^is required$/],
  [
    "StreamResponse",
    StreamResponse,
    { artifactUpdate: { taskId: "t", contextId: "c", artifact: { artifactId: "a", parts: [] } } },
    "artifactUpdate.artifact.parts",
    /^at least one part$/,
  ],
  ["StreamResponse", StreamResponse, { task: 1, message: 2 }, "task", /^expected object/],
  ["SendMessageResponse", SendMessageResponse, {}, "", /^holds exactly one of task, message$/],
];

for (const [name, schema, input, field, description] of REFUSED) {
  Deno.test(`${name} refuses ${JSON.stringify(input).slice(0, 90)} at "${field}"`, () => {
    const { error } = schema.safeParse(input);
    assert.ok(error !== undefined, "it was accepted");
    const [violation] = A2AError.from(error).violations;
    assert.equal(violation?.field, field);
    assert.match(violation?.description ?? "", description);
  });
}

Deno.test("SendMessageRequest reads what the official conformance kit sends: snake_case and unknown members", () => {
  const parsed = SendMessageRequest.parse({
    message: {
      message_id: "m",
      context_id: "",
      role: "ROLE_USER",
      parts: [{ text: "x", media_type: "text/plain", filename: "" }],
      unknown_member: { a: 1 },
    },
    configuration: { return_immediately: true, accepted_output_modes: ["text/plain"], history_length: "2" },
    extra: true,
  });
  assert.deepEqual(parsed, {
    message: { messageId: "m", role: "ROLE_USER", parts: [{ text: "x", mediaType: "text/plain" }] },
    configuration: { returnImmediately: true, acceptedOutputModes: ["text/plain"], historyLength: 2 },
  });
});

const PARTS: readonly unknown[] = [
  { text: "" },
  { raw: "" },
  { url: "https://example.com" },
  { data: null },
  { data: 0 },
  { data: [] },
  { data: {}, filename: "a.json", mediaType: "application/json", metadata: { a: null } },
];
for (const part of PARTS) {
  Deno.test(`Part takes ${JSON.stringify(part)} as it is`, () => assert.deepEqual(Part.parse(part), part));
}

Deno.test("Message keeps an id of 512 characters", () => {
  const message = { messageId: "x".repeat(512), role: "ROLE_AGENT", parts: [{ text: "x" }] };
  assert.deepEqual(Message.parse(message), message);
});

Deno.test("ListTasksRequest filters by no state where the state is unspecified", () => {
  assert.equal(ListTasksRequest.parse({ status: "TASK_STATE_UNSPECIFIED" }).status, undefined);
  assert.equal(ListTasksRequest.parse({ status: 5 }).status, "TASK_STATE_CANCELED");
});

Deno.test("ListTasksResponse fills in the defaults that a peer left out", () => {
  assert.deepEqual(ListTasksResponse.parse({}), { tasks: [], nextPageToken: "", pageSize: 0, totalSize: 0 });
  assert.deepEqual(ListTaskPushNotificationConfigsResponse.parse({ nextPageToken: "" }), {});
});

Deno.test("isTerminal() and isInterrupted() part the states as A2A v1 §4.1.3 does", () => {
  assert.deepEqual(TASK_STATES.filter(isTerminal), [
    "TASK_STATE_COMPLETED",
    "TASK_STATE_FAILED",
    "TASK_STATE_CANCELED",
    "TASK_STATE_REJECTED",
  ]);
  assert.deepEqual(TASK_STATES.filter(isInterrupted), ["TASK_STATE_INPUT_REQUIRED", "TASK_STATE_AUTH_REQUIRED"]);
});
