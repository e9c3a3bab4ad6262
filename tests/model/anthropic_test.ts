import assert from "node:assert/strict";
import { isRecord } from "../../src/lib/json.ts";
import { anthropic } from "../../src/model/anthropic.ts";
import { ask, fakeDeps, textOfEvents } from "./model_fakes.ts";
import { rawServer, sse } from "./raw_server.ts";

const event = (value: { type: string } & Record<string, unknown>) =>
  `event: ${value.type}\ndata: ${JSON.stringify(value)}\n\n`;
const ANSWER = [
  event({ type: "message_start", message: { usage: {} } }),
  event({ type: "content_block_delta", index: 0, delta: { type: "text_delta", text: "ok" } }),
  event({ type: "message_delta", delta: { stop_reason: "end_turn" }, usage: {} }),
].join("");

async function sent(options: Record<string, unknown>, env: Record<string, string> = { ANTHROPIC_API_KEY: "a-key" }) {
  await using server = rawServer(() => sse(ANSWER));
  const urls: string[] = [];
  const deps = {
    ...fakeDeps(env),
    fetch: (input: string | URL | Request, init?: RequestInit) => {
      urls.push(input instanceof Request ? input.url : String(input));
      return fetch(server.url, init);
    },
  };
  assert.equal(textOfEvents(await ask(anthropic.create(options, deps), { system: "Be brief." })), "ok");
  const [body] = server.bodies;
  if (!isRecord(body)) throw new Error("no body");
  return { body, url: urls[0], headers: server.headers[0] };
}

Deno.test("anthropic: asks Anthropic with a bearer token and the version it is written for", async () => {
  const { url, headers } = await sent({});
  assert.equal(url, "https://api.anthropic.com/v1/messages");
  assert.equal(headers?.get("authorization"), "Bearer a-key");
  assert.equal(headers?.get("anthropic-version"), "2026-10-21");
  assert.equal(headers?.get("traceparent"), null);
});

Deno.test("anthropic: sends only what is set", async () => {
  const { body } = await sent({});
  assert.deepEqual(body, {
    model: "claude-sonnet-5-5",
    max_tokens: 8_192,
    system: "Be brief.",
    messages: [{ role: "user", content: [{ type: "text", text: "hello" }] }],
    stream: true,
  });
});

Deno.test("anthropic: sends what is set", async () => {
  const { body } = await sent({ model: "claude-9", max_tokens: 5, effort: "low", thinking: "adaptive", cache: "1h" });
  assert.deepEqual([body.model, body.max_tokens, body.output_config, body.thinking, body.cache_control], [
    "claude-9",
    5,
    { effort: "low" },
    { type: "adaptive", display: "summarized" },
    { type: "ephemeral", ttl: "1h" },
  ]);
});

Deno.test("anthropic: thinking can be turned off", async () => {
  assert.deepEqual((await sent({ thinking: "disabled" })).body.thinking, { type: "disabled" });
});

Deno.test("anthropic: refuses the temperature that its protocol no longer has", () => {
  assert.throws(() => anthropic.create({ api_key: "k", temperature: 0.5 }, fakeDeps()), { name: "ZodError" });
});

Deno.test("anthropic: another server comes from the environment", async () => {
  const { url } = await sent({}, { ANTHROPIC_API_KEY: "k", ANTHROPIC_BASE_URL: "http://gateway:1/claude" });
  assert.equal(url, "http://gateway:1/claude/v1/messages");
});
