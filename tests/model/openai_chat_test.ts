import assert from "node:assert/strict";
import { toolCallPart, toolOutcomePart } from "../../src/a2a/parts.ts";
import { isRecord } from "../../src/lib/json.ts";
import type { ModelDeps, ModelRequest } from "../../src/model/model.ts";
import { openai } from "../../src/model/openai.ts";
import { toMessages } from "../../src/model/openai_chat.ts";
import { ask, asks, callsOfEvents, fakeDeps, said, stopOf, WEATHER } from "./model_fakes.ts";
import { modelAt, type Protocol, PROTOCOLS } from "./protocols.ts";
import { rawServer, sse } from "./raw_server.ts";

const data = (value: unknown) => `data: ${JSON.stringify(value)}\n\n`;
const chunk = (delta: unknown, finish_reason: string | null = null) =>
  data({ choices: [{ index: 0, delta, finish_reason }] });

function chat(): Protocol {
  const [protocol] = PROTOCOLS;
  if (protocol === undefined) throw new Error("no protocol");
  return protocol;
}

async function answer(...frames: string[]) {
  await using server = rawServer(() => sse(...frames));
  return await ask(modelAt(chat(), server.url, fakeDeps()));
}

Deno.test("toMessages() writes a conversation with tools", () => {
  const messages = [
    asks("weather?"),
    said(
      "ROLE_AGENT",
      { text: "Let me look." },
      toolCallPart({ id: "a", name: "get_weather", arguments: { city: "Paris" } }),
      toolCallPart({ id: "b", name: "get_time", arguments: {} }),
    ),
    said("ROLE_AGENT", toolOutcomePart({ id: "b", name: "get_time", output: "noon", isError: false })),
    said("ROLE_AGENT", { text: "It is noon." }),
    asks("thanks"),
  ];
  assert.deepEqual(toMessages({ system: "Be brief.", messages }), [
    { role: "system", content: "Be brief." },
    { role: "user", content: "weather?" },
    {
      role: "assistant",
      content: "Let me look.",
      tool_calls: [
        { id: "a", type: "function", function: { name: "get_weather", arguments: '{"city":"Paris"}' } },
        { id: "b", type: "function", function: { name: "get_time", arguments: "{}" } },
      ],
    },
    { role: "tool", tool_call_id: "a", content: "No result was recorded for this call." },
    { role: "tool", tool_call_id: "b", content: "noon" },
    { role: "assistant", content: "It is noon." },
    { role: "user", content: "thanks" },
  ]);
});

Deno.test("toMessages() writes text alone as one string and pictures as a list", () => {
  const picture = { raw: "AAAA", mediaType: "image/png" };
  const link = { url: "https://x/y.gif", mediaType: "image/gif" };
  assert.deepEqual(toMessages({ messages: [said("ROLE_USER", { text: "a" }, { data: { b: 1 } })] }), [
    { role: "user", content: 'a\n\n{"b":1}' },
  ]);
  assert.deepEqual(toMessages({ messages: [said("ROLE_USER", { text: "a" }, picture, link)] }), [{
    role: "user",
    content: [
      { type: "text", text: "a" },
      { type: "image_url", image_url: { url: "data:image/png;base64,AAAA" } },
      { type: "image_url", image_url: { url: "https://x/y.gif" } },
    ],
  }]);
});

Deno.test("toMessages() writes no empty system prompt, and null for a turn of calls alone", () => {
  const messages = [asks("a"), said("ROLE_AGENT", toolCallPart({ id: "a", name: "f", arguments: {} }))];
  const [first, second] = toMessages({ system: "", messages });
  assert.equal(first?.role, "user");
  assert.equal(second?.content, null);
});

Deno.test("a thought signature comes with its call and goes back with it", async () => {
  const extra_content = { google: { thought_signature: "sig" } };
  const call = { index: 0, id: "a", type: "function", function: { name: "f", arguments: "{}" }, extra_content };
  const events = await answer(chunk({ tool_calls: [call] }), chunk({}, "tool_calls"));
  const [got] = callsOfEvents(events);
  assert.ok(got !== undefined);
  assert.deepEqual(got.opaque, { extra_content });
  const [sent] = toMessages({ messages: [said("ROLE_AGENT", toolCallPart(got))] });
  assert.deepEqual(sent, {
    role: "assistant",
    content: null,
    tool_calls: [{ id: "a", type: "function", function: { name: "f", arguments: "{}" }, extra_content }],
  });
});

Deno.test("calls that end with finish_reason stop are calls", async () => {
  const call = { index: 0, id: "a", function: { name: "f", arguments: "{}" } };
  const events = await answer(chunk({ tool_calls: [call] }), chunk({}, "stop"), "data: [DONE]\n\n");
  assert.equal(stopOf(events)?.reason, "calls");
});

Deno.test("finish_reason tool_calls without a call is an end", async () => {
  assert.equal(stopOf(await answer(chunk({ content: "a" }), chunk({}, "tool_calls")))?.reason, "end");
});

Deno.test("an answer is finished without [DONE] and without usage", async () => {
  assert.deepEqual(await answer(chunk({ content: "a" }, "stop")), [{ kind: "text", delta: "a" }, {
    kind: "stop",
    reason: "end",
  }]);
});

Deno.test("a refusal is an aside and stops as one", async () => {
  assert.deepEqual(await answer(chunk({ refusal: "I will not." }), chunk({}, "stop")), [
    { kind: "text", delta: "I will not.", aside: true },
    { kind: "stop", reason: "refusal" },
  ]);
});

Deno.test("reasoning is read under both of its names", async () => {
  const events = await answer(chunk({ reasoning: "a" }), chunk({ reasoning_content: "b" }), chunk({}, "stop"));
  assert.deepEqual(events.slice(0, 2), [{ kind: "thinking", delta: "a" }, { kind: "thinking", delta: "b" }]);
});

Deno.test("the last usage counts where every chunk has one", async () => {
  const usage = (completion_tokens: number) => data({ choices: [], usage: { prompt_tokens: 3, completion_tokens } });
  const events = await answer(usage(1), chunk({ content: "a" }), usage(2), chunk({}, "stop"));
  assert.deepEqual(events.filter((event) => event.kind === "usage"), [
    { kind: "usage", usage: { inputTokens: 3, outputTokens: 2 } },
  ]);
});

/** What is sent over Chat Completions. */
async function sent(over: Partial<ModelRequest>, deps: Partial<ModelDeps> = {}) {
  await using server = rawServer(() => sse(chunk({ content: "a" }, "stop")));
  await ask(openai.create({ base_url: `${server.url}/v1` }, { ...fakeDeps(), ...deps }), over);
  const [body] = server.bodies;
  if (!isRecord(body)) throw new Error("no body");
  return body;
}

Deno.test("files go as what the protocol has for them", async () => {
  const loadFile = () => Promise.resolve({ bytes: new Uint8Array(3) });
  const message = said(
    "ROLE_USER",
    { url: "https://x/a.png", mediaType: "image/png" },
    { raw: "AAAA", mediaType: "audio/mpeg" },
    { raw: "AAAA", mediaType: "application/pdf", filename: "a.pdf" },
    { url: "https://x/b.pdf", mediaType: "application/pdf" },
  );
  const { messages } = await sent({ messages: [message] }, { loadFile });
  assert.deepEqual(messages, [{
    role: "user",
    content: [
      { type: "image_url", image_url: { url: "https://x/a.png" } },
      { type: "input_audio", input_audio: { data: "AAAA", format: "mp3" } },
      { type: "file", file: { filename: "a.pdf", file_data: "data:application/pdf;base64,AAAA" } },
      { type: "file", file: { filename: "file.pdf", file_data: "data:application/pdf;base64,AAAA" } },
    ],
  }]);
});

Deno.test("the shape of an answer is asked for, and that no tool is called", async () => {
  const schema = { type: "object", properties: { a: { type: "string" } }, required: ["a"] };
  const over = { output: { name: "x", strict: true, schema }, tools: [WEATHER], toolChoice: "none" as const };
  const body = await sent(over);
  assert.deepEqual(body.response_format, {
    type: "json_schema",
    json_schema: { name: "x", schema: { ...schema, additionalProperties: false }, strict: true },
  });
  assert.equal(body.tool_choice, "none");
});

Deno.test("tokens of reasoning and of the cache are counted", async () => {
  const usage = {
    prompt_tokens: 9,
    completion_tokens: 8,
    prompt_tokens_details: { cached_tokens: 3, cache_write_tokens: 2 },
    completion_tokens_details: { reasoning_tokens: 7 },
  };
  const events = await answer(chunk({ content: "a" }, "stop"), data({ choices: [], usage }));
  assert.deepEqual(events[1], {
    kind: "usage",
    usage: { inputTokens: 9, outputTokens: 8, cachedInputTokens: 3, cacheWriteTokens: 2, thinkingTokens: 7 },
  });
});
