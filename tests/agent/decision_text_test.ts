import assert from "node:assert/strict";
import type { ApprovalRequest } from "../../src/a2a/approval.ts";
import { readDecisionText } from "../../src/agent/decision_text.ts";

function request(callId: string): ApprovalRequest {
  return { id: `id-${callId}`, callId, tool: "pay", input: {}, prompt: "" };
}

const ONE = [request("c1")];
const TWO = [request("c1"), request("c2")];

/** [what is said, what is decided: "+" and "-" before call ids, with a reason behind "-"] */
const CLEAR: [text: string, requests: readonly ApprovalRequest[], decided: string[]][] = [
  ["yes", ONE, ["+c1"]],
  ["Y", ONE, ["+c1"]],
  ["  Approve. ", ONE, ["+c1"]],
  ["approved!", ONE, ["+c1"]],
  ["allow", ONE, ["+c1"]],
  ["approve c1", ONE, ["+c1"]],
  ["approve id-c1", ONE, ["+c1"]],
  ["approve all", ONE, ["+c1"]],
  ["no", ONE, ["-c1"]],
  ["Deny", ONE, ["-c1"]],
  ["reject.", ONE, ["-c1"]],
  ["deny because it is too dear", ONE, ["-c1 it is too dear"]],
  ["no, not today", ONE, ["-c1 not today"]],
  ["deny: wrong file", ONE, ["-c1 wrong file"]],
  ["no, go ahead", ONE, ["-c1 go ahead"]],
  ["deny c1 because x", ONE, ["-c1 x"]],
  ["approve c2", TWO, ["+c2"]],
  ["approve c1 c2", TWO, ["+c1", "+c2"]],
  ["approve c1, c2", TWO, ["+c1", "+c2"]],
  ["approve all", TWO, ["+c1", "+c2"]],
  ["deny all because I say so", TWO, ["-c1 I say so", "-c2 I say so"]],
  ["approve c1\ndeny c2 because no", TWO, ["+c1", "-c2 no"]],
  ["\n approve c1 \n\n approve c2 ", TWO, ["+c1", "+c2"]],
];
for (const [text, requests, decided] of CLEAR) {
  Deno.test(`readDecisionText() understands ${JSON.stringify(text)} where ${requests.length} wait`, () => {
    const decisions = readDecisionText(text, requests);
    const told = requests.flatMap(({ id, callId }) => {
      const decision = decisions.get(id);
      if (decision === undefined) return [];
      return decision.approved ? [`+${callId}`] : [[`-${callId}`, decision.reason ?? ""].join(" ").trim()];
    });
    assert.deepEqual(told, decided);
  });
}

const UNCLEAR: [text: string, requests: readonly ApprovalRequest[]][] = [
  ["", ONE],
  ["don't approve", ONE],
  ["do not approve", ONE],
  ["I don't approve", ONE],
  ["please approve", ONE],
  ["not approved", ONE],
  ["disapprove", ONE],
  ["approve?", ONE],
  ["yes?", ONE],
  ["yes but only the first", ONE],
  ["yes, and delete the rest", ONE],
  ["yes because I say so", ONE],
  ["approve nothing", ONE],
  ["approve, deny", ONE],
  ["yes\nno", ONE],
  ["approve\napprove", ONE],
  ["yesterday", ONE],
  ["nothing", ONE],
  ["no problem", ONE],
  ["no problem, approve", ONE],
  ["know", ONE],
  ["approve c9", ONE],
  ["approve C1", ONE],
  ["approve c1 c1", ONE],
  ["approve c1 then run", ONE],
  ["What does it do?", ONE],
  ["ok", ONE],
  ["go ahead", ONE],
  [`{"decision":"approve"}`, ONE],
  ["yes", TWO],
  ["approve", TWO],
  ["no", TWO],
  ["deny because of that", TWO],
  ["approve all but c2", TWO],
  ["approve both", TWO],
  ["approve c1\nperhaps c2", TWO],
  ["approve all\ndeny c2", TWO],
  ["approve c1\nyes", TWO],
];
for (const [text, requests] of UNCLEAR) {
  Deno.test(`readDecisionText() decides nothing by ${JSON.stringify(text)} where ${requests.length} wait`, () => {
    assert.deepEqual([...readDecisionText(text, requests)], []);
  });
}
