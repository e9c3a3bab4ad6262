import assert from "node:assert/strict";
import { toolCallPart, toolOutcomePart } from "../../src/a2a/parts.ts";
import { isRecord } from "../../src/lib/json.ts";
import type { ModelRequest } from "../../src/model/model.ts";
import { openai } from "../../src/model/openai.ts";
import { ask, asks, callsOfEvents, fakeDeps, said, stopOf, textOfEvents, WEATHER } from "./model_fakes.ts";
import { json, rawServer, sse } from "./raw_server.ts";
import { sentRequest } from "./sent_request.ts";

const event = (type: string, value: Record<string, unknown> = {}) =>
  `event: ${type}\ndata: ${JSON.stringify({ type, ...value })}\n\n`;
const said_ = (delta: string) => event("response.output_text.delta", { output_index: 0, delta });
const done = (response: Record<string, unknown> = {}) => event("response.completed", { response });
const ANSWER = said_("ok") + done();

/** What is sent with these options to the provider itself. */
const sent = (options: Record<string, unknown>, over: Partial<ModelRequest> = {}) =>
  sentRequest(openai, { options, env: { OPENAI_API_KEY: "env-key" }, over, answer: ANSWER });

Deno.test("openai: speaks Responses with OpenAI, and Chat Completions where it is told to", async () => {
  assert.equal((await sent({})).url, "https://api.openai.com/v1/responses");
  await assert.rejects(sent({ api: "chat" }), { kind: "protocol" });
});

Deno.test("openai: nothing is stored over Responses, and only what is set is sent", async () => {
  const { body } = await sent({ model: "gpt-4o" });
  const { prompt_cache_key, ...rest } = body;
  assert.match(String(prompt_cache_key), /^prefix-[a-z0-9]+$/);
  assert.deepEqual(rest, {
    model: "gpt-4o",
    input: [{ role: "user", content: [{ type: "input_text", text: "hello" }] }],
    store: false,
    stream: true,
  });
});

Deno.test("openai: prompts that begin alike have one key, others another", async () => {
  const key = async (over: Partial<ModelRequest>) => (await sent({}, over)).body.prompt_cache_key;
  assert.equal(await key({ system: "a" }), await key({ system: "a", messages: [asks("other")] }));
  assert.notEqual(await key({ system: "a" }), await key({ system: "b" }));
  assert.notEqual(await key({ system: "a" }), await key({ system: "a", tools: [WEATHER] }));
});

Deno.test("openai: sends what is set over Responses", async () => {
  const over: Partial<ModelRequest> = { system: "Be brief.", tools: [WEATHER], toolChoice: "none" };
  const { body } = await sent({ max_tokens: 5, temperature: 0 }, over);
  assert.deepEqual([body.max_output_tokens, body.temperature, body.instructions, body.tool_choice], [
    5,
    0,
    "Be brief.",
    "none",
  ]);
  assert.deepEqual(body.tools, [{
    type: "function",
    name: "get_weather",
    description: "The weather in a city",
    parameters: WEATHER.input,
    strict: false,
  }]);
});

const ENCRYPTED = ["reasoning.encrypted_content"];
/** [options, reasoning, include] */
const REASONING: [options: Record<string, unknown>, reasoning: unknown, include: unknown][] = [
  [{ model: "gpt-5.5" }, undefined, ENCRYPTED],
  [{ model: "gpt-5-chat-latest" }, undefined, undefined],
  [{ model: "gpt-4.1" }, undefined, undefined],
  [{ model: "o4-mini", thinking: true }, { effort: "medium", summary: "auto" }, ENCRYPTED],
  [{ model: "gpt-6-luna", thinking: { budget_tokens: 500 } }, { effort: "low", summary: "auto" }, ENCRYPTED],
  [{ thinking: { budget_tokens: 9_000 } }, { effort: "high", summary: "auto" }, ENCRYPTED],
  [{ thinking: true, reasoning_effort: "xhigh" }, { effort: "xhigh", summary: "auto" }, ENCRYPTED],
  [{ thinking: false }, { effort: "none" }, ENCRYPTED],
  [{ model: "gpt-4o", thinking: { enabled: false } }, undefined, undefined],
];
for (const [options, reasoning, include] of REASONING) {
  Deno.test(`openai: reasoning with ${JSON.stringify(options)}`, async () => {
    const { body } = await sent(options);
    assert.deepEqual([body.reasoning, body.include], [reasoning, include]);
  });
}

/** [schema, whether the provider is strict with it] */
const SHAPES: [schema: Record<string, unknown>, strict: boolean][] = [
  [{ type: "object", properties: { a: { type: "string" } }, required: ["a"] }, true],
  [{ type: "object", properties: { a: { type: "string" } } }, false],
];
for (const [schema, strict] of SHAPES) {
  Deno.test(`openai: a shape ${strict ? "without" : "with"} optional members is asked for, strict: ${strict}`, async () => {
    const output = { name: "x", strict: true, schema: JSON.parse(JSON.stringify(schema)) };
    const closed = { ...schema, additionalProperties: false };
    const { body } = await sent({}, { output });
    assert.deepEqual(body.text, { format: { type: "json_schema", name: "x", schema: closed, strict } });
  });
}

Deno.test("openai: pictures and documents go by their address or by their bytes", async () => {
  const message = said(
    "ROLE_USER",
    { url: "https://x/a.png", mediaType: "image/png" },
    { raw: "AAAA", mediaType: "image/png" },
    { url: "https://x/a.pdf", mediaType: "application/pdf" },
    { raw: "AAAA", mediaType: "application/pdf", filename: "a.pdf" },
  );
  assert.deepEqual((await sent({}, { messages: [message] })).body.input, [{
    role: "user",
    content: [
      { type: "input_image", image_url: "https://x/a.png", detail: "auto" },
      { type: "input_image", image_url: "data:image/png;base64,AAAA", detail: "auto" },
      { type: "input_file", file_url: "https://x/a.pdf" },
      { type: "input_file", filename: "a.pdf", file_data: "data:application/pdf;base64,AAAA" },
    ],
  }]);
});

const item = (output_index: number, value: Record<string, unknown>) =>
  event("response.output_item.added", { output_index, item: { ...value, encrypted_content: undefined } }) +
  event("response.output_item.done", { output_index, item: value });
const reasoning = (id: string) => ({ type: "reasoning", id, summary: [], encrypted_content: `sealed-${id}` });
const call = (id: string) => ({ type: "function_call", id: `fc_${id}`, call_id: id, name: "f", arguments: "{}" });

/** What goes back of an answer that reasoned, spoke and called, to the same model or to another. */
async function roundTrip(other: Record<string, unknown> = {}) {
  const first = item(0, reasoning("rs1")) + said_("Let me look.") + item(2, reasoning("rs2")) + item(3, call("a")) +
    item(4, call("b")) + item(5, reasoning("rs3")) + item(6, call("c")) + done();
  await using server = rawServer((_, count) => count === 1 ? sse(first) : sse(ANSWER));
  const at = { base_url: `${server.url}/v1`, api: "responses" };
  const events = await ask(openai.create(at, fakeDeps()));
  const calls = callsOfEvents(events);
  const messages = [
    asks("a"),
    said("ROLE_AGENT", { text: textOfEvents(events) }, ...calls.map(toolCallPart)),
    said("ROLE_AGENT", ...calls.map(({ id, name }) => toolOutcomePart({ id, name, output: "7", isError: false }))),
  ];
  await ask(openai.create({ ...at, ...other }, fakeDeps()), { messages });
  const body = server.bodies[1];
  if (!isRecord(body) || !Array.isArray(body.input)) throw new Error("no input");
  return body.input.slice(1);
}

const called = (id: string) => ({ type: "function_call", call_id: id, name: "f", arguments: "{}" });
const outcome = (id: string) => ({ type: "function_call_output", call_id: id, output: "7" });
const TEXT = { role: "assistant", content: "Let me look." };

Deno.test("openai: what was reasoned goes back encrypted, where it stood", async () => {
  assert.deepEqual(await roundTrip(), [
    reasoning("rs1"),
    TEXT,
    reasoning("rs2"),
    called("a"),
    called("b"),
    reasoning("rs3"),
    called("c"),
    outcome("a"),
    outcome("b"),
    outcome("c"),
  ]);
});

Deno.test("openai: what another model reasoned stays here", async () => {
  assert.deepEqual(await roundTrip({ model: "gpt-9" }), [
    TEXT,
    called("a"),
    called("b"),
    called("c"),
    outcome("a"),
    outcome("b"),
    outcome("c"),
  ]);
});

async function answered(...frames: string[]) {
  await using server = rawServer(() => sse(...frames));
  const model = openai.create({ base_url: `${server.url}/v1`, api: "responses", max_retries: 0 }, fakeDeps());
  return await ask(model);
}

Deno.test("openai: a refusal over Responses is an aside and stops as one", async () => {
  assert.deepEqual(await answered(event("response.refusal.delta", { output_index: 0, delta: "No." }), done()), [
    { kind: "text", delta: "No.", aside: true },
    { kind: "stop", reason: "refusal" },
  ]);
});

Deno.test("openai: parts of a summary are paragraphs", async () => {
  const part = (summary_index: number, delta: string) =>
    event("response.reasoning_summary_part.added", { summary_index }) +
    event("response.reasoning_summary_text.delta", { summary_index, delta });
  const events = await answered(part(0, "First."), part(1, "Then."), said_("ok"), done());
  const thinking = events.map((each) => each.kind === "thinking" ? each.delta : "").join("");
  assert.equal(thinking, "First.\n\nThen.");
});

Deno.test("openai: tokens of reasoning and of the cache are counted", async () => {
  const usage = {
    input_tokens: 9,
    output_tokens: 8,
    input_tokens_details: { cached_tokens: 3, cache_write_tokens: 2 },
    output_tokens_details: { reasoning_tokens: 7 },
  };
  assert.deepEqual((await answered(said_("ok"), done({ usage })))[1], {
    kind: "usage",
    usage: { inputTokens: 9, outputTokens: 8, cachedInputTokens: 3, cacheWriteTokens: 2, thinkingTokens: 7 },
  });
});

for (
  const frame of [event("error", { code: "server_error", message: "no" }), event("response.failed", { response: {} })]
) {
  Deno.test(`openai: ${frame.slice(7, 22).trim()} in the middle ends the answer`, async () => {
    assert.equal(stopOf(await answered(said_("half"), frame))?.reason, "error");
  });
}

Deno.test("openai: an organization that may not read summaries is answered without them", async () => {
  const refusal = json(400, {
    error: { message: "Your organization must be verified", param: "reasoning.summary", code: "unsupported_value" },
  });
  await using server = rawServer((_, count) => count === 1 ? refusal : sse(ANSWER));
  const model = openai.create({ base_url: `${server.url}/v1`, api: "responses", thinking: true }, fakeDeps());
  assert.equal(textOfEvents(await ask(model)), "ok");
  const bodies = server.bodies.map((body) => isRecord(body) ? body.reasoning : undefined);
  assert.deepEqual(bodies, [{ effort: "medium", summary: "auto" }, { effort: "medium" }]);
});
