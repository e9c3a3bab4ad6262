import assert from "node:assert/strict";
import { toolCallPart, toolOutcomePart } from "../../src/a2a/parts.ts";
import { isRecord } from "../../src/lib/json.ts";
import type { ModelRequest } from "../../src/model/model.ts";
import { ollama } from "../../src/model/ollama.ts";
import { ask, asks, callsOfEvents, fakeDeps, said, textOfEvents, WEATHER } from "./model_fakes.ts";
import { json, rawServer, sse } from "./raw_server.ts";
import { sentRequest } from "./sent_request.ts";

const line = (value: unknown) => `${JSON.stringify(value)}\n`;
const DONE = line({ message: { content: "" }, done: true, done_reason: "stop", prompt_eval_count: 3, eval_count: 1 });
const ANSWER = line({ message: { content: "ok" }, done: false }) + DONE;

const sent = (
  options: Record<string, unknown>,
  env: Record<string, string> = {},
  over: Partial<ModelRequest> = {},
) => sentRequest(ollama, { options, env, over, answer: ANSWER });

/** [environment, options, where it is asked] */
const ADDRESSES: [env: Record<string, string>, options: Record<string, unknown>, url: string][] = [
  [{}, {}, "http://localhost:11434/api/chat"],
  [{ OLLAMA_HOST: "gpu" }, {}, "http://gpu:11434/api/chat"],
  [{ OLLAMA_HOST: "0.0.0.0:8080" }, {}, "http://127.0.0.1:8080/api/chat"],
  [{ OLLAMA_HOST: "https://gpu.example" }, {}, "https://gpu.example/api/chat"],
  [{ OLLAMA_HOST: "gpu", OLLAMA_BASE_URL: "http://other:1" }, {}, "http://other:1/api/chat"],
  [{ OLLAMA_HOST: "gpu" }, { base_url: "http://mine:2/" }, "http://mine:2/api/chat"],
];

for (const [env, options, expected] of ADDRESSES) {
  Deno.test(`ollama: asks at ${expected} with ${JSON.stringify({ ...env, ...options })}`, async () => {
    const { url, headers } = await sent(options, env);
    assert.equal(url, expected);
    assert.equal(headers?.get("authorization"), null);
  });
}

Deno.test("ollama: sends only what is set", async () => {
  const { body } = await sent({});
  assert.deepEqual(body, { model: "qwen3", messages: [{ role: "user", content: "hello" }], stream: true });
});

Deno.test("ollama: sends what is set, and a key where there is one", async () => {
  const { body, headers } = await sent(
    { model: "llama3.2", temperature: 0, max_tokens: 9, num_ctx: 32_768, keep_alive: "1h" },
    { OLLAMA_API_KEY: "o-key" },
    { system: "Be brief.", tools: [WEATHER] },
  );
  assert.deepEqual(body.options, { temperature: 0, num_predict: 9, num_ctx: 32_768 });
  assert.equal(body.keep_alive, "1h");
  assert.deepEqual(body.tools, [{
    type: "function",
    function: { name: "get_weather", description: "The weather in a city", parameters: WEATHER.input },
  }]);
  assert.deepEqual(body.messages, [{ role: "system", content: "Be brief." }, { role: "user", content: "hello" }]);
  assert.equal(headers?.get("authorization"), "Bearer o-key");
});

/** [model, thinking, what is sent] */
const THINKING: [model: string, thinking: unknown, sent: unknown][] = [
  ["qwen3", undefined, undefined],
  ["qwen3", { budget_tokens: 9_000 }, true],
  ["qwen3", false, false],
  ["gpt-oss:20b", true, "medium"],
  ["gpt-oss:20b", { budget_tokens: 1_000 }, "low"],
  ["gpt-oss:20b", { budget_tokens: 9_000 }, "high"],
  ["gpt-oss", "disabled", "low"],
];
for (const [model, thinking, told] of THINKING) {
  Deno.test(`ollama: thinking ${JSON.stringify(thinking)} of ${model}`, async () => {
    assert.deepEqual((await sent({ model, thinking })).body.think, told);
  });
}

Deno.test("ollama: the shape of an answer is its format, and tools that must not be called are left out", async () => {
  const schema = { type: "object", properties: {} };
  const over: Partial<ModelRequest> = {
    output: { name: "x", strict: true, schema },
    tools: [WEATHER],
    toolChoice: "none",
  };
  const { body } = await sent({}, {}, over);
  assert.deepEqual(body.format, schema);
  assert.equal(body.tools, undefined);
});

Deno.test("ollama: pictures go by their bytes beside the text", async () => {
  const message = said("ROLE_USER", { text: "What is it?" }, { raw: "AAAA", mediaType: "image/png" });
  assert.deepEqual((await sent({}, {}, { messages: [message] })).body.messages, [
    { role: "user", content: "What is it?", images: ["AAAA"] },
  ]);
});

Deno.test("ollama: a document is refused before anything is sent", async () => {
  const message = said("ROLE_USER", { raw: "AAAA", mediaType: "application/pdf", filename: "a.pdf" });
  await assert.rejects(sent({}, {}, { messages: [message] }), { kind: "invalid_request", message: /"a\.pdf"/ });
});

Deno.test("ollama: what was thought before a call goes back with it, and outcomes by their names", async () => {
  const thought = line({ message: { thinking: "hm" } }) + line({ message: { thinking: "!" } });
  const called = line({ message: { tool_calls: [{ function: { name: "f", arguments: { a: 1 } } }] } });
  await using server = rawServer((_, count) => count === 1 ? sse(thought + called + DONE) : sse(ANSWER));
  const model = ollama.create({ base_url: server.url }, fakeDeps());
  const [call] = callsOfEvents(await ask(model));
  assert.ok(call !== undefined);
  const outcome = toolOutcomePart({ id: call.id, name: "f", output: "7", isError: false });
  await ask(model, { messages: [asks("a"), said("ROLE_AGENT", toolCallPart(call)), said("ROLE_AGENT", outcome)] });
  const body = server.bodies[1];
  assert.ok(isRecord(body));
  assert.deepEqual(body.messages, [
    { role: "user", content: "a" },
    {
      role: "assistant",
      content: "",
      thinking: "hm!",
      tool_calls: [{ id: call.id, function: { name: "f", arguments: { a: 1 } } }],
    },
    { role: "tool", tool_name: "f", tool_call_id: call.id, content: "7" },
  ]);
});

Deno.test("ollama: a model that is not there is told by its name", async () => {
  await using server = rawServer(() => json(404, { error: 'model "qwen3" not found, try pulling it first' }));
  await assert.rejects(ask(ollama.create({ base_url: server.url }, fakeDeps())), { kind: "unknown_model" });
});

Deno.test("ollama: an error in one word in the middle of a stream is told", async () => {
  await using server = rawServer(() => sse(line({ message: { content: "a" } }), line({ error: "out of memory" })));
  const events = await ask(ollama.create({ base_url: server.url }, fakeDeps()));
  const stop = events.at(-1);
  assert.ok(stop?.kind === "stop" && stop.reason === "error");
  assert.equal(stop.error.kind, "unavailable");
});

Deno.test("ollama: a last line without its end is read", async () => {
  await using server = rawServer(() => sse(ANSWER.trimEnd()));
  assert.equal(textOfEvents(await ask(ollama.create({ base_url: server.url }, fakeDeps()))), "ok");
});
