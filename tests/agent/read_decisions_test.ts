import assert from "node:assert/strict";
import { type ApprovalRequest, decisionPart, noAnswerMessage } from "../../src/a2a/approval.ts";
import { HITL_EXTENSION } from "../../src/a2a/hitl.ts";
import type { Message, Part } from "../../src/a2a/types.ts";
import type { JsonObject } from "../../src/lib/json.ts";
import { readDecisions } from "../../src/agent/read_decisions.ts";

const C1: ApprovalRequest = { id: "id-1", callId: "c1", tool: "pay", input: {}, prompt: "" };
const C2: ApprovalRequest = { ...C1, id: "id-2", callId: "c2" };

function said(parts: Part[], over: Partial<Message> = {}): Message {
  return { messageId: "m", role: "ROLE_USER", parts, ...over };
}

function data(data: JsonObject): Part {
  return { data };
}

function hitl(payload: JsonObject, over: Partial<Message> = {}): Message {
  const metadata = { [HITL_EXTENSION]: payload };
  return said([{ text: "Approved" }], { extensions: [HITL_EXTENSION], metadata, ...over });
}

function response(...approvals: JsonObject[]): JsonObject {
  return { type: "tool_approval_response", approvals };
}

/** [what it is, the answer, what it decides by request id: true, false, or false with its reason] */
const ANSWERS: [what: string, answer: Message, decided: Record<string, boolean | string>][] = [
  ["a part for each call", said([decisionPart(C1, { approved: true }), decisionPart(C2, { approved: false })]), {
    "id-1": true,
    "id-2": false,
  }],
  ["a part for one of them", said([decisionPart(C2, { approved: false, reason: "late" })]), { "id-2": "late" }],
  ["the request's own id", said([data({ decision: "approve", tool_call_id: "id-2" })]), { "id-2": true }],
  ["a part without a name where two wait", said([data({ decision: "approve" })]), {}],
  ["a call that does not wait", said([data({ decision: "approve", tool_call_id: "c9" })]), {}],
  ["a decision that is none", said([data({ decision: "approved?", tool_call_id: "c1" })]), {}],
  ["yes in a data part", said([data({ answer: "approve all" })]), {}],
  [
    "two parts that contradict",
    said([
      data({ decision: "approve", tool_call_id: "c1" }),
      data({ decision: "deny", tool_call_id: "c1" }),
    ]),
    {},
  ],
  [
    "two parts that say the same",
    said([
      data({ decision: "approve", tool_call_id: "c1" }),
      data({ decision: "approve", tool_call_id: "id-1" }),
    ]),
    {},
  ],
  ["a part, whatever the text beside it", said([{ text: "approve all" }, decisionPart(C1, { approved: false })]), {
    "id-1": false,
  }],
  ["plain text", said([{ text: "approve c1" }]), { "id-1": true }],
  ["the words of an agent", said([{ text: "approve all" }], { role: "ROLE_AGENT" }), {}],
  ["a part of an agent", said([decisionPart(C1, { approved: true })], { role: "ROLE_AGENT" }), {}],
  ["no answer in time", noAnswerMessage("Too late", "m"), { "id-1": "Too late", "id-2": "Too late" }],
  [
    "the extension",
    hitl(response({ id: "id-1", approved: true }, { id: "id-2", approved: false, rejection_reason: "x" })),
    {
      "id-1": true,
      "id-2": "x",
    },
  ],
  ["the extension that leaves one out", hitl(response({ id: "id-1", approved: true })), {}],
  [
    "the extension that says one twice",
    hitl(response({ id: "id-1", approved: true }, { id: "id-1", approved: true })),
    {},
  ],
  [
    "the extension with one too many",
    hitl(response(
      { id: "id-1", approved: true },
      { id: "id-2", approved: true },
      { id: "id-3", approved: true },
    )),
    {},
  ],
  [
    "the extension by call ids, which are for display",
    hitl(response(
      { id: "c1", approved: true },
      { id: "c2", approved: true },
    )),
    {},
  ],
  [
    "the extension with a yes that is no boolean",
    hitl(response(
      { id: "id-1", approved: "yes" },
      { id: "id-2", approved: true },
    )),
    {},
  ],
  ["a response of another type", hitl({ type: "ask_user_response", id: "id-1", answers: [{ answer: ["yes"] }] }), {}],
  [
    "a payload that the message does not declare",
    hitl(response({ id: "id-1", approved: true }), { extensions: [] }),
    {},
  ],
];
for (const [what, answer, decided] of ANSWERS) {
  Deno.test(`readDecisions() reads ${what}`, () => {
    const decisions = readDecisions(answer, [C1, C2]);
    const told = [...decisions].map(([id, decision]) => [
      id,
      decision.approved ? true : decision.reason ?? false,
    ]);
    assert.deepEqual(Object.fromEntries(told), decided);
  });
}

Deno.test("readDecisions() takes a part without a name for the only call that waits", () => {
  const decisions = readDecisions(said([data({ decision: "reject", reason: "no" })]), [C1]);
  assert.deepEqual([...decisions], [["id-1", { approved: false, reason: "no" }]]);
});
