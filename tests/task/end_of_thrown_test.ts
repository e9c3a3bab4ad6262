import assert from "node:assert/strict";
import { textOf } from "../../src/a2a/parts.ts";
import { Unfinished } from "../../src/agent/agent.ts";
import { endOfThrown } from "../../src/task/end_of_thrown.ts";

Deno.test("endOfThrown() asks the peer about a step that a crash has left open, and tells of nothing else", () => {
  const asked = endOfThrown(new Unfinished("tool:1.1", { tool: "pay", arguments: {} }), { messageId: "m" });
  assert.equal(asked.state, "TASK_STATE_INPUT_REQUIRED");
  assert.match(asked.message ? textOf(asked.message) : "", /begun the tool "pay"/);
  const failed = endOfThrown(new Error("secret"), { messageId: "m" });
  assert.equal(failed.state, "TASK_STATE_FAILED");
  assert.doesNotMatch(failed.message ? textOf(failed.message) : "secret", /secret/);
});
