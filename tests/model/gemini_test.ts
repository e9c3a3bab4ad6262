import assert from "node:assert/strict";
import { gemini } from "../../src/model/gemini.ts";
import { ask, fakeDeps, textOfEvents } from "./model_fakes.ts";
import { rawServer, sse } from "./raw_server.ts";

const ANSWER = `data: ${
  JSON.stringify({ choices: [{ index: 0, delta: { content: "ok" }, finish_reason: "stop" }] })
}\n\n`;

async function sent(options: Record<string, unknown>, env: Record<string, string>) {
  await using server = rawServer(() => sse(ANSWER));
  const urls: string[] = [];
  const deps = {
    ...fakeDeps(env),
    fetch: (input: string | URL | Request, init?: RequestInit) => {
      urls.push(input instanceof Request ? input.url : String(input));
      return fetch(server.url, init);
    },
  };
  assert.equal(textOfEvents(await ask(gemini.create(options, deps))), "ok");
  return { body: server.bodies[0], url: urls[0], headers: server.headers[0] };
}

Deno.test("gemini: asks Google's endpoint for Chat Completions", async () => {
  const { url, headers } = await sent({}, { GEMINI_API_KEY: "g-key" });
  assert.equal(url, "https://generativelanguage.googleapis.com/v1beta/openai/chat/completions");
  assert.equal(headers?.get("authorization"), "Bearer g-key");
});

Deno.test("gemini: tells Google nothing of another provider's account", async () => {
  const { headers } = await sent({}, { GEMINI_API_KEY: "g-key", OPENAI_API_KEY: "o-key" });
  assert.ok(![...headers?.values() ?? []].some((value) => value.includes("o-key")));
  assert.equal(headers?.get("openai-organization"), null);
});

Deno.test("gemini: sends what is set", async () => {
  const { body } = await sent(
    { model: "gemini-9", temperature: 1, max_tokens: 5, reasoning_effort: "low", api_key: "k" },
    {},
  );
  assert.deepEqual(body, {
    model: "gemini-9",
    messages: [{ role: "user", content: "hello" }],
    temperature: 1,
    max_tokens: 5,
    reasoning_effort: "low",
    stream: true,
    stream_options: { include_usage: true },
  });
});

Deno.test("gemini: its own endpoint needs a key, another server too", () => {
  assert.throws(() => gemini.create({ base_url: "http://localhost:1" }, fakeDeps()), {
    kind: "authentication",
    message: /GEMINI_API_KEY or GOOGLE_API_KEY/,
  });
});
