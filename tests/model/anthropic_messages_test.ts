import assert from "node:assert/strict";
import { toolCallPart, toolOutcomePart } from "../../src/a2a/parts.ts";
import { toMessages } from "../../src/model/anthropic_messages.ts";
import { ask, asks, callsOfEvents, fakeDeps, said } from "./model_fakes.ts";
import { modelAt, PROTOCOLS } from "./protocols.ts";
import { rawServer, sse } from "./raw_server.ts";

Deno.test("toMessages() puts all outcomes and what the user said next into one message", () => {
  const messages = [
    asks("weather?"),
    said(
      "ROLE_AGENT",
      { text: "Let me look." },
      toolCallPart({ id: "a", name: "get_weather", arguments: { city: "Paris" } }),
      toolCallPart({ id: "b", name: "get_time", arguments: {} }),
    ),
    said("ROLE_AGENT", toolOutcomePart({ id: "b", name: "get_time", output: "noon", isError: false })),
    asks("and?"),
  ];
  assert.deepEqual(toMessages(messages), [
    { role: "user", content: [{ type: "text", text: "weather?" }] },
    {
      role: "assistant",
      content: [
        { type: "text", text: "Let me look." },
        { type: "tool_use", id: "a", name: "get_weather", input: { city: "Paris" } },
        { type: "tool_use", id: "b", name: "get_time", input: {} },
      ],
    },
    {
      role: "user",
      content: [
        { type: "tool_result", tool_use_id: "a", content: "No result was recorded for this call.", is_error: true },
        { type: "tool_result", tool_use_id: "b", content: "noon" },
        { type: "text", text: "and?" },
      ],
    },
  ]);
});

Deno.test("toMessages() begins with the user though the history is cut", () => {
  const [first, second] = toMessages([said("ROLE_AGENT", { text: "b" }), asks("c")]);
  assert.equal(first?.role, "user");
  assert.equal(second?.role, "assistant");
});

Deno.test("toMessages() shows pictures by address and by base64", () => {
  const picture = { raw: "AAAA", mediaType: "image/png" };
  const link = { url: "https://x/y.gif", mediaType: "image/gif" };
  assert.deepEqual(toMessages([said("ROLE_USER", picture, link)]), [{
    role: "user",
    content: [
      { type: "image", source: { type: "base64", media_type: "image/png", data: "AAAA" } },
      { type: "image", source: { type: "url", url: "https://x/y.gif" } },
    ],
  }]);
});

Deno.test("thoughts that led to a call go back in front of it, unchanged", async () => {
  const protocol = PROTOCOLS.find(({ name }) => name === "anthropic");
  assert.ok(protocol !== undefined);
  const { begin, thinking, call, finish } = protocol;
  await using server = rawServer(() =>
    sse(begin, thinking("hm"), call(0, { id: "a", name: "f" }, "{}"), finish("calls"))
  );
  const [got] = callsOfEvents(await ask(modelAt(protocol, server.url, fakeDeps())));
  assert.ok(got !== undefined);
  assert.deepEqual(toMessages([asks("a"), said("ROLE_AGENT", { text: "b" }, toolCallPart(got))])[1], {
    role: "assistant",
    content: [
      { type: "thinking", thinking: "hm", signature: "sig" },
      { type: "text", text: "b" },
      { type: "tool_use", id: "a", name: "f", input: {} },
    ],
  });
});

Deno.test("another provider's thoughts are left out", () => {
  const part = toolCallPart({ id: "a", name: "f", arguments: {}, opaque: { extra_content: { google: {} } } });
  assert.deepEqual(toMessages([asks("a"), said("ROLE_AGENT", part)])[1]?.content, [
    { type: "tool_use", id: "a", name: "f", input: {} },
  ]);
});
