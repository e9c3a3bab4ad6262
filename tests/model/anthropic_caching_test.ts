import assert from "node:assert/strict";
import { withBreakpoints } from "../../src/model/anthropic_caching.ts";

const MARK = { cache_control: { type: "ephemeral", ttl: "1h" } };
const tool = (name: string) => ({ name, input_schema: { type: "object" as const } });
const BASE = { model: "m", max_tokens: 1, stream: true as const };

Deno.test("withBreakpoints() marks the last tool, the instructions and the newest message, and nothing else", () => {
  const { tools, system, messages } = withBreakpoints({
    ...BASE,
    tools: [tool("a"), tool("b")],
    system: [{ type: "text", text: "Be brief." }],
    messages: [
      { role: "user", content: [{ type: "text", text: "1" }] },
      { role: "assistant", content: [{ type: "tool_use", id: "a", name: "a", input: {} }] },
      { role: "user", content: [{ type: "tool_result", tool_use_id: "a", content: "7" }, { type: "text", text: "2" }] },
    ],
  }, "1h");
  assert.deepEqual(tools, [tool("a"), { ...tool("b"), ...MARK }]);
  assert.deepEqual(system, [{ type: "text", text: "Be brief.", ...MARK }]);
  assert.equal(JSON.stringify(messages.slice(0, 2)).includes("cache_control"), false);
  assert.deepEqual(messages[2]?.content, [
    { type: "tool_result", tool_use_id: "a", content: "7" },
    { type: "text", text: "2", ...MARK },
  ]);
});

Deno.test("withBreakpoints() marks nothing that is not there, and no call", () => {
  const messages = [{
    role: "assistant" as const,
    content: [{ type: "tool_use" as const, id: "a", name: "a", input: {} }],
  }];
  assert.deepEqual(withBreakpoints({ ...BASE, messages }, "5m"), { ...BASE, messages });
  assert.deepEqual(withBreakpoints({ ...BASE, messages: [] }, "5m"), { ...BASE, messages: [] });
});
