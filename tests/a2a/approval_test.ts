import assert from "node:assert/strict";
import {
  approvalPart,
  type ApprovalRequest,
  approvalRequestsOf,
  approvalText,
  besideApprovals,
  decisionPart,
  decisionsOf,
  isNoAnswer,
  isUsualPrompt,
  noAnswerMessage,
  usualPrompt,
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

const [ONE, TWO] = [REQUEST, { ...REQUEST, id: "t:0:message:3", callId: "call_2", prompt: "And it?" }];

/** [what a message says, the calls that it asks about, what is left of it for who asks about them alone] */
const BESIDE: readonly (readonly [text: string, requests: readonly ApprovalRequest[], beside: string])[] = [
  [approvalText([ONE]), [ONE], ""],
  [approvalText([ONE, TWO]), [ONE, TWO], ""],
  [`That was unclear.\n\n${approvalText([ONE])}`, [ONE], "That was unclear."],
  [`writer asks:\n${approvalText([ONE, TWO])}`, [ONE, TWO], "writer asks:"],
  ["Shall I go on?", [ONE], "Shall I go on?"],
  [approvalText([ONE]), [ONE, TWO], approvalText([ONE])],
  [approvalText([ONE]), [], approvalText([ONE])],
];

for (const [text, requests, beside] of BESIDE) {
  Deno.test(`besideApprovals() of ${JSON.stringify(text)} with ${requests.length} requests`, () => {
    const parts = [{ text }, ...requests.map(approvalPart)];
    assert.equal(besideApprovals({ messageId: "m", role: "ROLE_AGENT", parts }), beside);
  });
}

/** [the tool, its prompt, whether they are the usual words] */
const WORDS = [
  ["pay", usualPrompt("pay", "{}"), true],
  ["pay", usualPrompt("pay", `{"sum":1…`), true],
  ["pay", usualPrompt("say", "{}"), false],
  ["pay", "May it pay?", false],
] as const;

for (const [tool, prompt, isUsual] of WORDS) {
  Deno.test(`isUsualPrompt() of ${tool}: ${prompt}`, () => assert.equal(isUsualPrompt({ tool, prompt }), isUsual));
}

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
