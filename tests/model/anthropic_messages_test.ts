import assert from "node:assert/strict";
import { isRecord } from "../../src/lib/json.ts";
import { toolCallPart, toolOutcomePart } from "../../src/a2a/parts.ts";
import { toMessages as toParams } from "../../src/model/anthropic_messages.ts";
import type { Message } from "../../src/a2a/types.ts";
import { toTurns } from "../../src/model/turns.ts";
import { ask, asks, callsOfEvents, fakeDeps, NOWHERE, said } from "./model_fakes.ts";
import { modelAt, PROTOCOLS } from "./protocols.ts";
import { rawServer, sse } from "./raw_server.ts";

const toMessages = (messages: readonly Message[], to = NOWHERE) => toParams(toTurns(messages), to);

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

Deno.test("toMessages() shows PDFs by address and by base64, under their names", () => {
  const pdf = { raw: "AAAA", mediaType: "application/pdf", filename: "a.pdf" };
  const link = { url: "https://x/y.pdf", mediaType: "application/pdf" };
  assert.deepEqual(toMessages([said("ROLE_USER", pdf, link)])[0]?.content, [
    { type: "document", source: { type: "base64", media_type: "application/pdf", data: "AAAA" }, title: "a.pdf" },
    { type: "document", source: { type: "url", url: "https://x/y.pdf" } },
  ]);
});

const protocol = PROTOCOLS.find(({ name }) => name === "anthropic");
if (protocol === undefined) throw new Error("no such protocol");
const { begin, text, thinking, call, finish } = protocol;
const thought = { type: "thinking", thinking: "hm", signature: "sig" };
const TOOL_USE = { type: "tool_use", id: "a", name: "f", input: {} };

/** What goes back of an answer in which the model thought and called, to the same server or to another. */
async function roundTrip(other: Record<string, unknown> = {}) {
  let count = 0;
  const answer = () =>
    count++ === 0
      ? sse(begin, thinking("hm"), text("b"), call(0, { id: "a", name: "f" }, "{}"), finish("calls"))
      : sse(begin, text("done"), finish("end"));
  await using server = rawServer(answer);
  assert.ok(protocol !== undefined);
  const [got] = callsOfEvents(await ask(modelAt(protocol, server.url, fakeDeps())));
  assert.ok(got !== undefined);
  const messages = [asks("a"), said("ROLE_AGENT", { text: "b" }, toolCallPart(got))];
  await ask(modelAt(protocol, server.url, fakeDeps(), other), { messages });
  const body = server.bodies[1];
  if (!isRecord(body) || !Array.isArray(body.messages)) throw new Error("no messages");
  return { content: body.messages[1].content, thinking: body.thinking };
}

Deno.test("thoughts that led to a call go back in front of it, unchanged", async () => {
  assert.deepEqual((await roundTrip()).content, [{ type: "text", text: "b" }, thought, TOOL_USE]);
});

Deno.test("another model's thoughts are left out, and a budget for thinking with them", async () => {
  const other = { model: "claude-haiku-4-5", thinking: { budget_tokens: 2_000 } };
  assert.deepEqual(await roundTrip(other), { content: [{ type: "text", text: "b" }, TOOL_USE], thinking: undefined });
});

Deno.test("thinking that finds its own measure needs no thoughts before a call", async () => {
  const { thinking } = await roundTrip({ model: "claude-opus-5-5", thinking: true });
  assert.deepEqual(thinking, { type: "adaptive", display: "summarized" });
});
