import assert from "node:assert/strict";
import { A2AError, type ErrorReason, ERRORS } from "../../../src/a2a/errors.ts";
import { CARD } from "../fake_service.ts";
import { DIALECTS, DONE, framesOf, statusUpdate, TASK_ID, taskIn } from "./hector_tasks.ts";

const { rest, jsonrpc } = DIALECTS.hector_v1_rest;
const legacy = DIALECTS.a2a_v0_3;
const said = (...content: object[]) => ({ role: "ROLE_ASSISTANT", content });

Deno.test("hector_v1_rest: a sent message is answered with the response, and the task as A2A 0.3 has it", () => {
  const reply = { operation: "SendMessage", response: { task: DONE } } as const;
  const own = { response: said({ text: "Sunny" }), task_id: TASK_ID };
  assert.deepEqual(rest.write(reply), { ...own, ...Object(legacy.rest.write(reply)) });
  assert.deepEqual(jsonrpc.write(reply), { ...own, ...Object(legacy.jsonrpc.write(reply)) });
});

Deno.test("hector_v1_rest: an agent that answers without a task answers with a response alone", () => {
  const message = { messageId: "m2", role: "ROLE_AGENT" as const, parts: [{ text: "Hi" }] };
  const written = Object(rest.write({ operation: "SendMessage", response: { message } }));
  assert.deepEqual([written.response, written.task_id], [said({ text: "Hi" }), undefined]);
});

Deno.test("hector_v1_rest: a task's status is a word, and its result the answer", () => {
  const written = Object(rest.write({ operation: "GetTask", response: DONE }));
  assert.deepEqual(written.task, { id: TASK_ID, status: "completed", result: said({ text: "Sunny" }) });
  assert.equal(written.status.state, "TASK_STATE_COMPLETED");
  const canceled = Object(rest.write({ operation: "CancelTask", response: taskIn("TASK_STATE_CANCELED") }));
  assert.deepEqual(canceled.task, { id: TASK_ID, status: "cancelled" });
  assert.deepEqual(canceled.status.state, "TASK_STATE_CANCELLED");
});

Deno.test("hector_v1_rest: a stream is what is new of the answer, and over REST says that it is done", () => {
  const delta = (part: object) => ({ data: { response: { content: [part] } } });
  const picture = { file: { fileWithUri: "https://x.example/sky.png", mimeType: "image/png" } };
  const frames = [[], [], [delta({ text: "Sunny" })], [], [delta({ text: ", warm" })], [delta(picture)], []];
  assert.deepEqual(framesOf(rest), [...frames, [{ data: "[DONE]" }]]);
  assert.deepEqual(framesOf(jsonrpc), [...frames, []]);
});

Deno.test("hector_v1_rest: a failure's words are the last of a stream", () => {
  const events = [{ task: taskIn("TASK_STATE_WORKING") }, statusUpdate("TASK_STATE_FAILED", [{ text: "No model" }])];
  assert.deepEqual(framesOf(rest, events)[1], [
    { data: { response: { content: [{ text: "No model" }] } } },
    { data: "[DONE]" },
  ]);
});

/** [reason, code over REST] */
const CODES: [reason: ErrorReason, code: string][] = [
  ["INVALID_PARAMS", "INVALID_ARGUMENT"],
  ["UNAUTHENTICATED", "UNAUTHENTICATED"],
  ["PERMISSION_DENIED", "PERMISSION_DENIED"],
  ["TASK_NOT_FOUND", "NOT_FOUND"],
  ["METHOD_NOT_FOUND", "NOT_FOUND"],
  ["INTERNAL", "INTERNAL"],
  ["UNAVAILABLE", "UNAVAILABLE"],
];

for (const [reason, code] of CODES) {
  Deno.test(`hector_v1_rest: ${reason} is told as ${code}`, () => {
    const error = new A2AError(reason, "Words");
    assert.deepEqual(rest.writeError(error), { error: { code, message: "Words" } });
    assert.equal(rest.errorStatus(error), ERRORS[reason].http);
    assert.equal(Object(jsonrpc.writeError(error)).code, ERRORS[reason].jsonRpc);
  });
}

Deno.test("hector_v1_rest: an error tells which agent, which fields and when to come back", () => {
  const missing = new A2AError("AGENT_NOT_FOUND", 'Agent "x" not found', { metadata: { agent: "x" } });
  assert.deepEqual(rest.writeError(missing), {
    error: { code: "NOT_FOUND", message: "Agent not found: x", details: { name: "x" } },
  });
  const limited = new A2AError("RATE_LIMITED", "Rate limit exceeded. Try again in 60 seconds.", {
    retryAfterSeconds: 60,
  });
  assert.equal(rest.errorStatus(limited), 429);
  assert.deepEqual(rest.writeError(limited), {
    error: {
      code: "RESOURCE_EXHAUSTED",
      message: "Rate limit exceeded. Try again in 60 seconds.",
      details: { retry_after_seconds: 60 },
    },
  });
  const violations = [{ field: "message", description: "is required" }];
  const invalid = new A2AError("INVALID_PARAMS", "Words", { violations });
  assert.deepEqual(Object(rest.writeError(invalid)).error.details, { fields: violations });
});

Deno.test("hector_v1_rest: a card stands in `agent`, beside the one that everybody reads", () => {
  const written = Object(rest.write({ operation: "GetExtendedAgentCard", response: CARD }));
  assert.equal(written.name, CARD.name);
  assert.deepEqual(written.agent, {
    name: CARD.name,
    description: CARD.description,
    version: CARD.version,
    capabilities: ["chat", "tools", "streaming"],
    supported_content_types: ["text"],
  });
});
