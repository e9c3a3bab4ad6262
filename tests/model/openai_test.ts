import assert from "node:assert/strict";
import { openai } from "../../src/model/openai.ts";
import { WEATHER } from "./model_fakes.ts";
import { sentRequest } from "./sent_request.ts";

const ANSWER = `data: ${
  JSON.stringify({ choices: [{ index: 0, delta: { content: "ok" }, finish_reason: "stop" }] })
}\n\n`;

const sent = (options: Record<string, unknown>, env: Record<string, string> = {}) =>
  sentRequest(openai, { options, env, over: { tools: [WEATHER], system: "Be brief." }, answer: ANSWER });

const OFFICIAL = { OPENAI_API_KEY: "env-key" };
const CHAT = { api: "chat" };

Deno.test("openai: asks OpenAI with the key of the environment", async () => {
  const { url, headers, body } = await sent(CHAT, OFFICIAL);
  assert.equal(url, "https://api.openai.com/v1/chat/completions");
  assert.equal(headers?.get("authorization"), "Bearer env-key");
  assert.equal(body.model, "gpt-5.4-mini");
});

Deno.test("openai: sends only what is set", async () => {
  const { body } = await sent(CHAT, OFFICIAL);
  assert.deepEqual(Object.keys(body).sort(), [
    "messages",
    "model",
    "prompt_cache_key",
    "stream",
    "stream_options",
    "tools",
  ]);
});

Deno.test("openai: sends what is set", async () => {
  const { body } = await sent({ ...CHAT, model: "gpt-9", temperature: 0, reasoning_effort: "none" }, OFFICIAL);
  assert.deepEqual([body.model, body.temperature, body.reasoning_effort], ["gpt-9", 0, "none"]);
});

/** [options, member that carries the limit] */
const LIMITS: [options: Record<string, unknown>, member: string][] = [
  [{}, "max_completion_tokens"],
  [{ base_url: "http://ollama:11434/v1" }, "max_tokens"],
  [{ base_url: "http://azure.example/openai/v1", max_tokens_field: "max_completion_tokens" }, "max_completion_tokens"],
  [{ max_tokens_field: "max_tokens" }, "max_tokens"],
];

for (const [options, member] of LIMITS) {
  Deno.test(`openai: max_tokens with ${JSON.stringify(options)} is sent as ${member} alone`, async () => {
    const { body } = await sent({ ...CHAT, max_tokens: 77, ...options }, OFFICIAL);
    assert.deepEqual(Object.entries(body).filter(([name]) => name.startsWith("max_")), [[member, 77]]);
  });
}

Deno.test("openai: another server comes from the environment and may need no key", async () => {
  const { url, headers } = await sent({}, { OPENAI_BASE_URL: "http://ollama:11434/v1" });
  assert.equal(url, "http://ollama:11434/v1/chat/completions");
  assert.equal(headers?.get("authorization"), null);
});

Deno.test("openai: the option goes before the environment", async () => {
  const { url, headers } = await sent(
    { base_url: "http://option:1/v1/", api_key: "option-key" },
    { ...OFFICIAL, OPENAI_BASE_URL: "http://env:1/v1" },
  );
  assert.equal(url, "http://option:1/v1/chat/completions");
  assert.equal(headers?.get("authorization"), "Bearer option-key");
});

/** [options, what is sent] */
const EFFORTS: [options: Record<string, unknown>, effort: string | undefined][] = [
  [{}, undefined],
  [{ thinking: true }, "medium"],
  [{ thinking: { budget_tokens: 20_000 } }, "high"],
  [{ thinking: true, reasoning_effort: "minimal" }, "minimal"],
  [{ thinking: false }, "none"],
  [{ thinking: false, model: "gpt-4o" }, undefined],
];
for (const [options, effort] of EFFORTS) {
  Deno.test(`openai: thinks over Chat Completions with ${JSON.stringify(options)}`, async () => {
    assert.equal((await sent({ ...CHAT, ...options }, OFFICIAL)).body.reasoning_effort, effort);
  });
}

Deno.test("openai: another server is sent no key of the cache", async () => {
  const { body } = await sent({ base_url: "http://vllm:1/v1" });
  assert.equal(body.prompt_cache_key, undefined);
});
