import assert from "node:assert/strict";
import { A2AError, ERRORS, isErrorReason } from "../../../src/a2a/errors.ts";
import { chunk, DIALECTS, DONE, framesOf, statusUpdate, TASK_ID, taskIn, TOOL_CALL } from "./hector_tasks.ts";
import { CARD } from "../fake_service.ts";

const { rest, jsonrpc } = DIALECTS.hector_v1;
const user = { role: "user", parts: [{ type: "text", text: "Weather?" }] };
const assistant = (text: string) => ({ role: "assistant", parts: [{ type: "text", text }] });

Deno.test("hector_v1: a sent message is answered with the task and all that was said", () => {
  for (const dialect of [rest, jsonrpc]) {
    assert.deepEqual(dialect.write({ operation: "SendMessage", response: { task: DONE } }), {
      task: {
        id: TASK_ID,
        session_id: "c1",
        status: { state: "completed" },
        messages: [user, assistant("Sunny")],
        artifacts: [],
        created_at: "2026-01-02T03:04:04.000Z",
        updated_at: "2026-01-02T03:04:05.000Z",
      },
    });
  }
});

Deno.test("hector_v1: what an agent gives besides text is an artifact, what it asks is said last", () => {
  const question = { messageId: "m2", role: "ROLE_AGENT" as const, parts: [{ text: "Where?" }] };
  const task = taskIn("TASK_STATE_INPUT_REQUIRED", {
    id: "t1",
    status: { state: "TASK_STATE_INPUT_REQUIRED", message: question },
    artifacts: [{
      artifactId: "a",
      parts: [{ text: "Hm" }, { raw: "aGk=", mediaType: "image/png", filename: "map.png" }],
    }],
  });
  const written = rest.write({ operation: "SendMessage", response: { task } });
  assert.deepEqual(written, {
    task: {
      id: "t1",
      session_id: "c1",
      status: { state: "input-required" },
      messages: [user, assistant("Hm"), assistant("Where?")],
      artifacts: [{
        id: "a",
        type: "image",
        parts: [{ type: "file", name: "map.png", mime_type: "image/png", data: "aGk=" }],
      }],
    },
  });
});

Deno.test("hector_v1: an agent that answers without a task answers with a message", () => {
  const message = { messageId: "m2", role: "ROLE_AGENT" as const, parts: [{ text: "Hi" }] };
  const written = rest.write({ operation: "SendMessage", response: { message } });
  assert.deepEqual(written, { message: assistant("Hi") });
  assert.deepEqual(rest.openStream()({ message: { ...message, taskId: "t1" } }, true), [
    { event: "message", data: { task_id: "t1", message: assistant("Hi") } },
  ]);
});

Deno.test("hector_v1: a task that is asked for has what A2A 0.3 shows beside it", () => {
  const written = rest.write({ operation: "GetTask", response: DONE });
  assert.deepEqual(Object.keys(Object(written)).sort(), ["artifacts", "contextId", "history", "id", "status", "task"]);
  assert.deepEqual(Object(written).status.state, "TASK_STATE_COMPLETED");
  assert.deepEqual(Object(written).task.status.state, "completed");
});

Deno.test("hector_v1: a stream is increments and changes of state", () => {
  const status = (state: string) => ({ event: "status", data: { task_id: TASK_ID, status: { state } } });
  const message = (part: object) => ({
    event: "message",
    data: { task_id: TASK_ID, message: { role: "assistant", parts: [part] } },
  });
  assert.deepEqual(framesOf(rest), [
    [status("submitted")],
    [status("working")],
    [message({ type: "text", text: "Sunny" })],
    [message({ type: "data", mime_type: "application/json", data: TOOL_CALL.data })],
    [message({ type: "text", text: ", warm" })],
    [{
      event: "artifact",
      data: {
        task_id: TASK_ID,
        artifact: {
          type: "image",
          parts: [{ type: "file", mime_type: "image/png", url: "https://x.example/sky.png" }],
        },
      },
    }],
    [],
    [status("completed")],
  ]);
});

Deno.test("hector_v1: a stream says why before it says that it failed", () => {
  const events = [{ task: taskIn("TASK_STATE_WORKING") }, statusUpdate("TASK_STATE_FAILED", [{ text: "No model" }])];
  const [, last = []] = framesOf(rest, events);
  assert.deepEqual(last.map(({ event }) => event), ["message", "status"]);
  const [, given = []] = framesOf(rest, [{ task: taskIn("TASK_STATE_WORKING") }, chunk({ data: { n: 1 } }, false)]);
  assert.deepEqual(Object(given[0]?.data).artifact.type, "data");
});

/** [reason, metadata, code, message] */
const ERROR_ROWS: [reason: string, metadata: Record<string, string>, code: string, message: string][] = [
  ["AGENT_NOT_FOUND", { agent: "x" }, "AGENT_NOT_FOUND", "Agent 'x' not found"],
  ["AGENT_NOT_FOUND", {}, "AGENT_NOT_FOUND", "Words"],
  ["TASK_NOT_FOUND", {}, "TASK_NOT_FOUND", "Words"],
  ["SESSION_NOT_FOUND", {}, "SESSION_NOT_FOUND", "Words"],
  ["METHOD_NOT_FOUND", {}, "INVALID_REQUEST", "Words"],
  ["INVALID_PARAMS", {}, "INVALID_REQUEST", "Words"],
  ["UNAUTHENTICATED", {}, "AUTH_REQUIRED", "Words"],
  ["PERMISSION_DENIED", {}, "AUTH_FORBIDDEN", "Words"],
  ["RATE_LIMITED", {}, "SERVICE_UNAVAILABLE", "Words"],
  ["UNAVAILABLE", {}, "SERVICE_UNAVAILABLE", "Words"],
  ["INTERNAL", {}, "INTERNAL_ERROR", "Words"],
];

for (const [reason, metadata, code, message] of ERROR_ROWS) {
  Deno.test(`hector_v1: ${reason} ${JSON.stringify(metadata)} is told as ${code}`, () => {
    assert.ok(isErrorReason(reason));
    const error = new A2AError(reason, "Words", { metadata });
    const details = metadata.agent === undefined ? {} : { details: { agent_id: metadata.agent } };
    assert.deepEqual(rest.writeError(error), { error: { code, message, ...details } });
    assert.equal(rest.errorStatus(error), ERRORS[reason].http);
    assert.equal(Object(jsonrpc.writeError(error)).code, ERRORS[reason].jsonRpc);
  });
}

Deno.test("hector_v1: a subscription goes on behind last_event_id, whatever its type", () => {
  const read = (body: object) => rest.read("SubscribeToTask", { id: "t1", ...body }).lastEventId;
  assert.equal(read({ last_event_id: "7" }), "7");
  assert.equal(read({ lastEventId: 7 }), "7");
  assert.equal(read({ last_event_id: { x: 1 } }), undefined);
  assert.equal(read({}), undefined);
});

Deno.test("hector_v1: a card tells whether a credential is needed, and of which kind", () => {
  const open = Object(rest.write({ operation: "GetExtendedAgentCard", response: CARD }));
  assert.deepEqual(open.authentication, { required: false, schemes: [] });
  assert.deepEqual(Object.keys(open.capabilities), [
    "streaming",
    "multiTurn",
    "toolUse",
    "orchestration",
    "supportedInputFormats",
    "supportedOutputFormats",
  ]);
  const secured = Object(rest.write({
    operation: "GetExtendedAgentCard",
    response: {
      ...CARD,
      securitySchemes: {
        jwt: { httpAuthSecurityScheme: { scheme: "bearer" } },
        key: { apiKeySecurityScheme: { location: "header", name: "X-API-Key" } },
      },
      securityRequirements: [{ schemes: { jwt: {} } }],
    },
  }));
  assert.deepEqual(secured.authentication, { required: true, schemes: ["bearer", "apiKey"] });
});
