import assert from "node:assert/strict";
import { asApprovalRequest, asQuestion, HITL_EXTENSION, hitlPayloadOf, readAnswer } from "../../src/a2a/hitl.ts";
import { agentMessage } from "../../src/a2a/parts.ts";
import { Message } from "../../src/a2a/types.ts";

/* Held to the published examples: https://github.com/kagent-dev/kagent/blob/main/docs/architecture/human-in-the-loop.md */

const MESSAGE = agentMessage([{ text: "Approval required for delete_file" }], { messageId: "message-789" });

Deno.test("asApprovalRequest() writes the payload of the published example", () => {
  const request = { id: "approval-1", callId: "call-1", tool: "delete_file", input: { path: "/tmp/x" }, prompt: "" };
  const message = asApprovalRequest(MESSAGE, "Deleting this file requires approval", [request]);
  assert.deepEqual(Message.parse(message), message);
  assert.deepEqual(message.extensions, [HITL_EXTENSION]);
  assert.deepEqual(hitlPayloadOf(message), {
    type: "tool_approval_request",
    hint: "Deleting this file requires approval",
    tools: [{ id: "approval-1", call_id: "call-1", name: "delete_file", args: { path: "/tmp/x" } }],
  });
});

Deno.test("asQuestion() asks one question that any text answers", () => {
  assert.deepEqual(hitlPayloadOf(asQuestion(MESSAGE, "q", "Which database?")), {
    type: "ask_user_request",
    id: "q",
    questions: [{ question: "Which database?", choices: [], multiple: false }],
  });
});

Deno.test("readAnswer() joins what was chosen, for the question with that id alone", () => {
  const payload = { type: "ask_user_response", id: "q", answers: [{ answer: ["A", "B"] }] };
  assert.equal(readAnswer(payload, "q"), "A, B");
  assert.equal(readAnswer(payload, "other"), undefined);
  assert.equal(readAnswer({ ...payload, answers: [] }, "q"), undefined);
  assert.equal(readAnswer(undefined, "q"), undefined);
});

Deno.test("hitlPayloadOf() wants the message to declare the extension", () => {
  const message = asQuestion(MESSAGE, "q", "?");
  assert.equal(hitlPayloadOf({ ...message, extensions: [] }), undefined);
  assert.equal(hitlPayloadOf(MESSAGE), undefined);
});
