import assert from "node:assert/strict";
import { approvalPart, type ApprovalRequest, decisionPart, usualPrompt } from "../../src/a2a/approval.ts";
import type { Task, TaskState } from "../../src/a2a/types.ts";
import { type Ballot, ballotOf, promptOf, vote } from "../../src/cli/ballot.ts";

const ONE: ApprovalRequest = { id: "i1", callId: "c1", tool: "write_file", input: { path: "a" }, prompt: "May it?" };
const TWO: ApprovalRequest = { ...ONE, id: "i2", callId: "c2", tool: "pay" };

function taskOf(requests: readonly ApprovalRequest[], state: TaskState = "TASK_STATE_INPUT_REQUIRED"): Task {
  const parts = [{ text: "?" }, ...requests.map(approvalPart)];
  return { id: "t", status: { state, message: { messageId: "q", role: "ROLE_AGENT", parts } } };
}

function opened(...requests: ApprovalRequest[]): Ballot {
  const ballot = ballotOf(taskOf(requests));
  assert.ok(ballot);
  return ballot;
}

Deno.test("ballotOf() finds the calls of a task that waits, and of no other", () => {
  assert.deepEqual(opened(ONE, TWO).open, [ONE, TWO]);
  assert.equal(ballotOf(taskOf([])), undefined);
  assert.equal(ballotOf(taskOf([ONE], "TASK_STATE_CANCELED")), undefined);
  assert.equal(ballotOf({ id: "t", status: { state: "TASK_STATE_INPUT_REQUIRED" } }), undefined);
});

Deno.test("promptOf() shows a call without what could rewrite the terminal", () => {
  const usual = { ...ONE, prompt: usualPrompt("write_file", `{"path":"a"}`) };
  assert.equal(promptOf(opened(usual)), `write_file {"path":"a"}: run it? y, n, or n and the reason`);
  assert.ok(!promptOf(opened({ ...ONE, tool: "x\u001b[2J" })).includes("\u001b"));
});

Deno.test("promptOf() shows both ends of a long call", () => {
  const input = { command: `ls ${"a".repeat(5_000)}; rm -rf /` };
  assert.match(promptOf(opened({ ...ONE, input })), /ls a+ … \[\d+ more characters\] … a+; rm -rf \/"\}: run it\?/);
});

Deno.test("promptOf() tells a call's own words, and all the same what it would do", () => {
  assert.equal(promptOf(opened(ONE)), `May it?\nwrite_file {"path":"a"}: run it? y, n, or n and the reason`);
});

Deno.test("vote() takes one call after another, and makes a part of each decision", () => {
  const first = vote(opened(ONE, TWO), " Y ");
  assert.deepEqual(first.open, [TWO]);
  const { open, parts } = vote(first, "n it is too dear");
  assert.deepEqual(open, []);
  assert.deepEqual(parts, [
    decisionPart(ONE, { approved: true }),
    decisionPart(TWO, { approved: false, reason: "it is too dear" }),
  ]);
});

for (const line of ["", "yes please", "don't", "yn", "nothing", "maybe", "approve c1"]) {
  Deno.test(`vote() takes ${JSON.stringify(line)} for no vote`, () => {
    const ballot = opened(ONE);
    assert.equal(vote(ballot, line), ballot);
  });
}
