import assert from "node:assert/strict";
import { textOf } from "../../src/a2a/parts.ts";
import { Unfinished } from "../../src/agent/agent.ts";
import type { JsonObject } from "../../src/lib/json.ts";
import { unfinishedMessage } from "../../src/task/unfinished_message.ts";

const DETAILS: [detail: JsonObject, told: RegExp][] = [
  [{ tool: "pay", arguments: { to: "Bob" } }, /begun the tool "pay"\. arguments: {"to":"Bob"}\. It may or may not/],
  [{ name: "pay", arguments: {} }, /begun the tool "pay"\. arguments: {}\./],
  [{}, /begun the step "tool:1"\. It may or may not have happened/],
  [{ tool: "write", arguments: { text: "x".repeat(5_000) } }, /x{1900,2000}…\. It may or may not/],
];

for (const [detail, told] of DETAILS) {
  Deno.test(`unfinishedMessage() says what is known: ${JSON.stringify(detail).slice(0, 60)}`, () => {
    const message = unfinishedMessage(new Unfinished("tool:1", detail), { messageId: "m" });
    assert.match(textOf(message), told);
    assert.match(textOf(message), /How shall I go on/);
    assert.deepEqual([message.role, message.messageId], ["ROLE_AGENT", "m"]);
  });
}
