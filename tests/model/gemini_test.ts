import assert from "node:assert/strict";
import { toolCallPart, toolOutcomePart } from "../../src/a2a/parts.ts";
import { isRecord } from "../../src/lib/json.ts";
import { gemini } from "../../src/model/gemini.ts";
import type { ModelRequest } from "../../src/model/model.ts";
import { ask, asks, callsOfEvents, fakeDeps, said, stopOf, textOfEvents, WEATHER } from "./model_fakes.ts";
import { rawServer, sse } from "./raw_server.ts";
import { sentRequest } from "./sent_request.ts";

const piece = (parts: unknown[], finishReason?: string) =>
  `data: ${JSON.stringify({ candidates: [{ content: { parts }, finishReason }] })}\n\n`;
const ANSWER = piece([{ text: "ok" }], "STOP");

async function sent(
  options: Record<string, unknown>,
  env: Record<string, string> = { GEMINI_API_KEY: "g-key" },
  over: Partial<ModelRequest> = {},
) {
  const { body, ...rest } = await sentRequest(gemini, { options, env, over, answer: ANSWER });
  if (!isRecord(body.generationConfig)) throw new Error("no configuration");
  return { body, config: body.generationConfig, ...rest };
}

const GENERATE = ":streamGenerateContent?alt=sse";

/** [options, where it is asked] */
const ADDRESSES: [options: Record<string, unknown>, url: string][] = [
  [{}, `https://generativelanguage.googleapis.com/v1beta/models/gemini-3.8-flash${GENERATE}`],
  [{ model: "models/gemini-9" }, `https://generativelanguage.googleapis.com/v1beta/models/gemini-9${GENERATE}`],
  [{ base_url: "http://proxy:1" }, `http://proxy:1/v1beta/models/gemini-3.8-flash${GENERATE}`],
  [{ base_url: "http://proxy:1/v1/" }, `http://proxy:1/v1/models/gemini-3.8-flash${GENERATE}`],
];

for (const [options, expected] of ADDRESSES) {
  Deno.test(`gemini: asks at ${expected}`, async () => {
    const { url, headers } = await sent(options);
    assert.equal(url, expected);
    assert.equal(headers?.get("x-goog-api-key"), "g-key");
    assert.equal(headers?.get("authorization"), null);
  });
}

Deno.test("gemini: sends only what is set", async () => {
  const { body } = await sent({});
  assert.deepEqual(body, { contents: [{ role: "user", parts: [{ text: "hello" }] }], generationConfig: {} });
});

Deno.test("gemini: sends what is set, instructions and tools", async () => {
  const options = { temperature: 1, max_tokens: 5 };
  const { body, config } = await sent(options, undefined, {
    system: "Be brief.",
    tools: [WEATHER],
    toolChoice: "none",
  });
  assert.deepEqual(config, { temperature: 1, maxOutputTokens: 5 });
  assert.deepEqual(body.systemInstruction, { parts: [{ text: "Be brief." }] });
  assert.deepEqual(body.tools, [{
    functionDeclarations: [{
      name: "get_weather",
      description: "The weather in a city",
      parametersJsonSchema: WEATHER.input,
    }],
  }]);
  assert.deepEqual(body.toolConfig, { functionCallingConfig: { mode: "NONE" } });
});

/** [model, options, what is sent] */
const THINKING: [model: string, options: Record<string, unknown>, sent: unknown][] = [
  ["gemini-3.8-flash", {}, undefined],
  ["gemini-3.8-flash", { thinking: true }, { includeThoughts: true }],
  ["gemini-3.8-flash", { thinking: { budget_tokens: 99 } }, { includeThoughts: true, thinkingBudget: 99 }],
  ["gemini-3.8-flash", { thinking: false }, { thinkingLevel: "low" }],
  ["gemini-3.8-flash", { reasoning_effort: "high" }, { includeThoughts: true, thinkingLevel: "high" }],
  ["gemini-2.5-flash", { reasoning_effort: "low" }, { includeThoughts: true, thinkingBudget: 1_024 }],
  ["gemini-2.5-flash", { reasoning_effort: "none", thinking: true }, { thinkingBudget: 0 }],
  ["gemini-2.5-flash", { thinking: "disabled" }, { thinkingBudget: 0 }],
];

for (const [model, options, told] of THINKING) {
  Deno.test(`gemini: ${JSON.stringify(options)} of ${model}`, async () => {
    assert.deepEqual((await sent({ model, ...options })).config.thinkingConfig, told);
  });
}

Deno.test("gemini: files go by their bytes, Google's own by their address", async () => {
  const own = "https://generativelanguage.googleapis.com/v1beta/files/x";
  const message = said(
    "ROLE_USER",
    { raw: "AAAA", mediaType: "audio/flac" },
    { url: own, mediaType: "application/pdf" },
    { url: "https://elsewhere/x.png", mediaType: "image/png" },
  );
  const deps = { loadFile: () => Promise.resolve({ bytes: new Uint8Array(3) }) };
  await using server = rawServer(() => sse(ANSWER));
  const model = gemini.create({ base_url: server.url, api_key: "k" }, { ...fakeDeps(), ...deps });
  await ask(model, { messages: [message] });
  const [body] = server.bodies;
  assert.ok(isRecord(body));
  assert.deepEqual(body.contents, [{
    role: "user",
    parts: [
      { inlineData: { mimeType: "audio/flac", data: "AAAA" } },
      { fileData: { mimeType: "application/pdf", fileUri: own } },
      { inlineData: { mimeType: "image/png", data: "AAAA" } },
    ],
  }]);
});

const SCHEMA = { type: "object", properties: {} };
const output = { name: "x", strict: true, schema: SCHEMA };

/** [model, whether there are tools, whether the shape is sent] */
const SHAPES: [model: string, tools: boolean, shaped: boolean][] = [
  ["gemini-2.5-flash", false, true],
  ["gemini-2.5-flash", true, false],
  ["gemini-3.8-flash", true, true],
  ["gemini-flash-latest", true, true],
];
for (const [model, tools, shaped] of SHAPES) {
  Deno.test(`gemini: ${model} ${tools ? "with" : "without"} tools ${shaped ? "is" : "is not"} held to a shape`, async () => {
    const { config } = await sent({ model }, undefined, { output, tools: tools ? [WEATHER] : [] });
    const expected = shaped ? { responseMimeType: "application/json", responseJsonSchema: SCHEMA } : {};
    assert.deepEqual(config, expected);
  });
}

const CALL = { functionCall: { name: "f", args: { a: 1 } }, thoughtSignature: "c2ln" };

/** What goes back of an answer that called, to the same model or to another. */
async function roundTrip(options: Record<string, unknown> = {}) {
  await using server = rawServer((_, count) =>
    count === 1
      ? sse(piece([{ text: "hm", thought: true }, CALL, { functionCall: { name: "g" } }], "STOP"))
      : sse(ANSWER)
  );
  const at = { base_url: server.url, api_key: "k" };
  const calls = callsOfEvents(await ask(gemini.create(at, fakeDeps())));
  assert.equal(calls.length, 2);
  const messages = [
    asks("a"),
    said("ROLE_AGENT", { text: "b" }, ...calls.map(toolCallPart)),
    said(
      "ROLE_AGENT",
      ...calls.map(({ id, name }) => toolOutcomePart({ id, name, output: "7", isError: name === "g" })),
    ),
  ];
  await ask(gemini.create({ ...at, ...options }, fakeDeps()), { messages });
  const body = server.bodies[1];
  if (!isRecord(body) || !Array.isArray(body.contents)) throw new Error("no contents");
  return { calls, contents: body.contents };
}

Deno.test("gemini: a thought's signature goes back with its call, and outcomes by their names", async () => {
  const { calls: [f, g], contents } = await roundTrip();
  assert.deepEqual(contents.slice(1), [
    {
      role: "model",
      parts: [
        { text: "b" },
        { functionCall: { id: f?.id, name: "f", args: { a: 1 } }, thoughtSignature: "c2ln" },
        { functionCall: { id: g?.id, name: "g", args: {} } },
      ],
    },
    {
      role: "user",
      parts: [
        { functionResponse: { id: f?.id, name: "f", response: { result: "7" } } },
        { functionResponse: { id: g?.id, name: "g", response: { error: "7" } } },
      ],
    },
  ]);
});

Deno.test("gemini: a call of another model goes with the word that stands for no signature", async () => {
  const { contents: [, turn] } = await roundTrip({ model: "gemini-9-pro" });
  assert.equal(turn.parts[1].thoughtSignature, "skip_thought_signature_validator");
  assert.equal(turn.parts[2].thoughtSignature, undefined);
});

Deno.test("gemini: models that know no signatures are sent none", async () => {
  const { contents: [, turn] } = await roundTrip({ model: "gemini-2.5-flash" });
  assert.ok(!JSON.stringify(turn).includes("thoughtSignature"));
});

async function answered(...frames: string[]) {
  await using server = rawServer(() => sse(...frames));
  return await ask(gemini.create({ base_url: server.url, api_key: "k", max_retries: 0 }, fakeDeps()));
}

Deno.test("gemini: a picture that the model made is a part", async () => {
  const events = await answered(
    piece([{ text: "Here." }, { inlineData: { mimeType: "image/png", data: "AAAA" } }], "STOP"),
  );
  assert.deepEqual(events[1], { kind: "part", part: { raw: "AAAA", mediaType: "image/png" } });
});

Deno.test("gemini: thinking is part of the output", async () => {
  const usageMetadata = {
    promptTokenCount: 7,
    candidatesTokenCount: 2,
    thoughtsTokenCount: 5,
    toolUsePromptTokenCount: 1,
  };
  const events = await answered(piece([{ text: "a" }], "STOP"), `data: ${JSON.stringify({ usageMetadata })}\n\n`);
  assert.deepEqual(events[1], { kind: "usage", usage: { inputTokens: 8, outputTokens: 7, thinkingTokens: 5 } });
});

/** [Google's reason, ours] */
const REASONS = [
  ["STOP", "end"],
  ["MAX_TOKENS", "length"],
  ["SAFETY", "refusal"],
  ["PROHIBITED_CONTENT", "refusal"],
  ["FUNCTION_CALL", "end"],
] as const;
for (const [theirs, ours] of REASONS) {
  Deno.test(`gemini: finishReason ${theirs} is "${ours}"`, async () => {
    assert.equal(stopOf(await answered(piece([{ text: "a" }], theirs)))?.reason, ours);
  });
}

Deno.test("gemini: a prompt that is blocked is a refusal", async () => {
  const events = await answered(`data: ${JSON.stringify({ promptFeedback: { blockReason: "SAFETY" } })}\n\n`);
  assert.equal(stopOf(events)?.reason, "refusal");
});

Deno.test("gemini: a call that Google could not read is tried again", async () => {
  await using server = rawServer((_, count) => sse(count === 1 ? piece([], "MALFORMED_FUNCTION_CALL") : ANSWER));
  const model = gemini.create({ base_url: server.url, api_key: "k" }, fakeDeps());
  assert.equal(textOfEvents(await ask(model)), "ok");
});

Deno.test("gemini: needs a key everywhere", () => {
  assert.throws(() => gemini.create({ base_url: "http://localhost:1" }, fakeDeps()), {
    kind: "authentication",
    message: /GEMINI_API_KEY or GOOGLE_API_KEY/,
  });
});
