import assert from "node:assert/strict";
import { anthropic } from "../../src/model/anthropic.ts";
import type { ModelRequest } from "../../src/model/model.ts";
import { fakeDeps, WEATHER } from "./model_fakes.ts";
import { sentRequest } from "./sent_request.ts";

const event = (value: { type: string } & Record<string, unknown>) =>
  `event: ${value.type}\ndata: ${JSON.stringify(value)}\n\n`;
const ANSWER = [
  event({ type: "message_start", message: { usage: {} } }),
  event({ type: "content_block_delta", index: 0, delta: { type: "text_delta", text: "ok" } }),
  event({ type: "message_delta", delta: { stop_reason: "end_turn" }, usage: {} }),
].join("");

const sent = (
  options: Record<string, unknown>,
  env: Record<string, string> = { ANTHROPIC_API_KEY: "a-key" },
  over: Partial<ModelRequest> = {},
) => sentRequest(anthropic, { options, env, over: { system: "Be brief.", ...over }, answer: ANSWER });

Deno.test("anthropic: asks Anthropic with a bearer token and the version it is written for", async () => {
  const { url, headers } = await sent({});
  assert.equal(url, "https://api.anthropic.com/v1/messages");
  assert.equal(headers?.get("authorization"), "Bearer a-key");
  assert.equal(headers?.get("anthropic-version"), "2026-10-21");
  assert.equal(headers?.get("traceparent"), null);
});

const MARK = { cache_control: { type: "ephemeral", ttl: "5m" } };

Deno.test("anthropic: sends only what is set, and marks what is to be kept of the prompt", async () => {
  const { body } = await sent({});
  assert.deepEqual(body, {
    model: "claude-sonnet-5-5",
    max_tokens: 8_192,
    system: [{ type: "text", text: "Be brief.", ...MARK }],
    messages: [{ role: "user", content: [{ type: "text", text: "hello", ...MARK }] }],
    stream: true,
  });
});

Deno.test("anthropic: sends what is set", async () => {
  const { body } = await sent({ model: "claude-9", max_tokens: 5, effort: "low", thinking: "adaptive", cache: "1h" });
  assert.deepEqual([body.model, body.max_tokens, body.output_config, body.thinking, body.system], [
    "claude-9",
    5,
    { effort: "low" },
    { type: "adaptive", display: "summarized" },
    [{ type: "text", text: "Be brief.", cache_control: { type: "ephemeral", ttl: "1h" } }],
  ]);
});

for (const options of [{ cache: "off" }, { base_url: "http://gateway:1" }]) {
  Deno.test(`anthropic: nothing is marked with ${JSON.stringify(options)}`, async () => {
    assert.ok(!JSON.stringify((await sent(options)).body).includes("cache_control"));
  });
}

const display = "summarized";
/** [model, thinking, what is sent, effort, max_tokens] */
const THINKING: [model: string, option: unknown, sent: unknown, effort: string | undefined, max: number][] = [
  ["claude-sonnet-5-5", true, { type: "adaptive", display }, undefined, 8_192],
  ["claude-sonnet-5-5", { budget_tokens: 10_000 }, { type: "adaptive", display }, "high", 18_192],
  ["claude-sonnet-4-6", { budget_tokens: 2_000 }, { type: "adaptive", display }, "medium", 10_192],
  ["claude-haiku-4-5", true, { type: "enabled", budget_tokens: 1_024, display }, undefined, 8_192],
  [
    "claude-haiku-4-5-20251001",
    { budget_tokens: 2_000 },
    { type: "enabled", budget_tokens: 2_000, display },
    undefined,
    10_192,
  ],
  [
    "claude-opus-4-20250514",
    { budget_tokens: 9 },
    { type: "enabled", budget_tokens: 1_024, display },
    undefined,
    8_201,
  ],
  [
    "claude-3-7-sonnet-20250219",
    { enabled: true, budget_tokens: 2_000 },
    { type: "enabled", budget_tokens: 2_000, display },
    undefined,
    10_192,
  ],
  ["claude-sonnet-5-5", "disabled", { type: "disabled" }, undefined, 8_192],
  ["claude-sonnet-5-5", { enabled: false, budget_tokens: 0 }, { type: "disabled" }, undefined, 8_192],
  ["claude-sonnet-5-5", undefined, undefined, undefined, 8_192],
];

for (const [model, thinking, told, effort, max] of THINKING) {
  Deno.test(`anthropic: thinking ${JSON.stringify(thinking)} of ${model}`, async () => {
    const { body } = await sent({ model, thinking });
    assert.deepEqual([body.thinking, body.output_config, body.max_tokens], [
      told,
      effort === undefined ? undefined : { effort },
      max,
    ]);
  });
}

Deno.test("anthropic: a budget of thinking must leave room for an answer", () => {
  assert.throws(
    () => anthropic.create({ api_key: "k", max_tokens: 2_000, thinking: { budget_tokens: 2_000 } }, fakeDeps()),
    {
      name: "ZodError",
      message: /expected less than max_tokens \(2000\)/,
    },
  );
});

Deno.test("anthropic: the shape of an answer is closed, and stands beside the effort", async () => {
  const schema = { type: "object", properties: { a: { type: "object", properties: {} } } };
  const output = { name: "x", strict: true, schema };
  const { body } = await sent({ effort: "low" }, undefined, { output, tools: [WEATHER], toolChoice: "none" });
  assert.deepEqual(body.output_config, {
    effort: "low",
    format: {
      type: "json_schema",
      schema: {
        type: "object",
        properties: { a: { type: "object", properties: {}, additionalProperties: false } },
        additionalProperties: false,
      },
    },
  });
  assert.deepEqual(body.tool_choice, { type: "none" });
});

Deno.test("anthropic: refuses the temperature that its protocol no longer has", () => {
  assert.throws(() => anthropic.create({ api_key: "k", temperature: 0.5 }, fakeDeps()), { name: "ZodError" });
});

Deno.test("anthropic: another server comes from the environment", async () => {
  const { url } = await sent({}, { ANTHROPIC_API_KEY: "k", ANTHROPIC_BASE_URL: "http://gateway:1/claude" });
  assert.equal(url, "http://gateway:1/claude/v1/messages");
});
