import assert from "node:assert/strict";
import { A2AError, type ErrorReason } from "../../../src/a2a/errors.ts";
import { readPart } from "../../../src/a2a/dialects/tolerant_part.ts";
import { toTypedPart } from "../../../src/a2a/dialects/typed_part.ts";
import type { Part } from "../../../src/a2a/types.ts";
import { CARD } from "../fake_service.ts";
import { DIALECTS, DONE, framesOf, TASK_ID, taskIn, TOOL_CALL } from "./hector_tasks.ts";

const { rest, jsonrpc } = DIALECTS.hector_v2;
const text = (text: string) => ({ type: "text", text });
const said = (...parts: object[]) => ({ role: "agent", parts });
const ids = { task_id: TASK_ID, context_id: "c1" };

Deno.test("hector_v2: an answer is the message of the task's status", () => {
  const written = { ...ids, status: { state: "completed", message: said(text("Sunny")) } };
  for (const dialect of [rest, jsonrpc]) {
    assert.deepEqual(dialect.write({ operation: "SendMessage", response: { task: DONE } }), written);
    assert.deepEqual(dialect.write({ operation: "GetTask", response: DONE }), written);
    assert.deepEqual(
      dialect.write({
        operation: "ListTasks",
        response: { tasks: [DONE], nextPageToken: "n", pageSize: 50, totalSize: 1 },
      }),
      { tasks: [written], next_page_token: "n", page_size: 50, total_size: 1 },
    );
  }
});

Deno.test("hector_v2: an agent that answers without a task is done", () => {
  const message = { messageId: "m2", contextId: "c1", role: "ROLE_AGENT" as const, parts: [{ text: "Hi" }] };
  const written = { context_id: "c1", status: { state: "completed", message: said(text("Hi")) } };
  assert.deepEqual(jsonrpc.write({ operation: "SendMessage", response: { message } }), written);
  assert.deepEqual(jsonrpc.openStream()({ message }, true), [{ data: { type: "task.status_update", ...written } }]);
});

Deno.test("hector_v2: states are spelled with two L and underscores", () => {
  const stateOf = (state: Parameters<typeof taskIn>[0]) =>
    Object(jsonrpc.write({ operation: "CancelTask", response: taskIn(state) })).status;
  assert.deepEqual(stateOf("TASK_STATE_CANCELED"), { state: "cancelled" });
  assert.deepEqual(stateOf("TASK_STATE_INPUT_REQUIRED"), { state: "input_required" });
  assert.deepEqual(stateOf("TASK_STATE_SUBMITTED"), { state: "submitted" });
});

Deno.test("hector_v2: a stream's message holds the answer so far, and what the agent does is told once behind it", () => {
  const frame = (state: string, ...parts: object[]) => [{
    data: {
      type: "task.status_update",
      ...ids,
      status: { state, ...(parts.length === 0 ? {} : { message: said(...parts) }) },
    },
  }];
  const tool = { type: "data", mime_type: "application/json", data: TOOL_CALL.data };
  const picture = { type: "file", mime_type: "image/png", url: "https://x.example/sky.png" };
  assert.equal(jsonrpc.inEnvelope, false);
  assert.deepEqual(framesOf(jsonrpc), [
    frame("submitted"),
    frame("working"),
    frame("working", text("Sunny")),
    frame("working", text("Sunny"), tool),
    frame("working", text("Sunny, warm")),
    frame("working", text("Sunny, warm"), picture),
    [],
    frame("completed", text("Sunny, warm"), picture),
  ]);
});

/** [reason, code, message of the error, message that is told] */
const ERROR_ROWS: [reason: ErrorReason, code: number, told: string][] = [
  ["PARSE_ERROR", -32700, "Parse error"],
  ["INVALID_REQUEST", -32600, "Invalid request"],
  ["METHOD_NOT_FOUND", -32601, "Method not found"],
  ["INVALID_PARAMS", -32602, "Invalid params"],
  ["INTERNAL", -32603, "Internal error"],
  ["TASK_NOT_FOUND", -32001, "Words"],
  ["VERSION_NOT_SUPPORTED", -32004, "Words"],
];

for (const [reason, code, message] of ERROR_ROWS) {
  Deno.test(`hector_v2: ${reason} is ${code} "${message}" with its words in the detail`, () => {
    const error = new A2AError(reason, "Words");
    const written = { code, message, data: { detail: "Words", reason } };
    assert.deepEqual(jsonrpc.writeError(error), written);
    assert.deepEqual(rest.writeError(error), { error: written });
  });
}

Deno.test("hector_v2: a request that lacks a field is an invalid request", () => {
  const violations = [{ field: "message", description: "is required" }];
  assert.deepEqual(jsonrpc.writeError(new A2AError("INVALID_PARAMS", "Words", { violations })), {
    code: -32600,
    message: "Invalid request",
    data: { detail: "Missing required field: message" },
  });
});

Deno.test("hector_v2: a card has the names of both", () => {
  const card = Object(rest.write({ operation: "GetExtendedAgentCard", response: CARD }));
  assert.deepEqual(card.default_input_modes, card.defaultInputModes);
  assert.equal(card.preferred_transport, "jsonrpc");
});

const PARTS: Part[] = [
  { text: "Hi" },
  { text: "# Hi", mediaType: "text/markdown", metadata: { a: 1 } },
  { raw: "aGk=", filename: "a.png", mediaType: "image/png" },
  { url: "https://x.example/a.pdf", filename: "a.pdf", mediaType: "application/pdf" },
  { data: { a: [1, null] }, mediaType: "application/json" },
  { data: null, mediaType: "application/json" },
];

for (const part of PARTS) {
  Deno.test(`toTypedPart() writes ${JSON.stringify(part)} so that it is read the same`, () => {
    const value: unknown = JSON.parse(JSON.stringify(toTypedPart(part)));
    assert.deepEqual(JSON.parse(JSON.stringify(readPart({ path: "", value }, { nestedData: false }))), part);
  });
}
