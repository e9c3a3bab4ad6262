import assert from "node:assert/strict";
import {
  approvalPart,
  type ApprovalRequest,
  approvalRequestsOf,
  decisionPart,
  decisionsOf,
  isNoAnswer,
  noAnswerMessage,
} from "../../src/a2a/approval.ts";
import { Message } from "../../src/a2a/types.ts";

const REQUEST: ApprovalRequest = {
  id: "t:0:message:2",
  callId: "call_1",
  tool: "write_file",
  input: { path: "a.txt", content: "x" },
  prompt: "May it?",
};

Deno.test("approvalPart() carries the names of both earlier generations and is read back", () => {
  const part = approvalPart(REQUEST);
  assert.deepEqual(part.data, {
    type: "tool_approval",
    interaction_type: "tool_approval",
    id: "t:0:message:2",
    tool_call_id: "call_1",
    tool_name: "write_file",
    tool_input: { path: "a.txt", content: "x" },
    prompt: "May it?",
    options: ["approve", "deny"],
  });
  assert.deepEqual(approvalRequestsOf({ parts: [{ text: "?" }, part] }), [REQUEST]);
});

Deno.test("approvalRequestsOf() leaves out a peer's own data that looks alike", () => {
  const { data } = approvalPart(REQUEST);
  assert.deepEqual(approvalRequestsOf({ parts: [{ data }] }), []);
});

for (const decision of [{ approved: true }, { approved: false }, { approved: false, reason: "too dear" }] as const) {
  Deno.test(`decisionPart() is read back: ${JSON.stringify(decision)}`, () => {
    assert.deepEqual(decisionsOf({ parts: [decisionPart(REQUEST, decision)] }), [{ callId: "call_1", decision }]);
  });
}

Deno.test("noAnswerMessage() is a message, and no message of a user is one", () => {
  const message = Message.parse(noAnswerMessage("Nobody answered", "m"));
  assert.ok(isNoAnswer(message));
  assert.ok(!isNoAnswer({ ...message, role: "ROLE_USER" }));
});
