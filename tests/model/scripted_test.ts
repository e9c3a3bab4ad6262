import assert from "node:assert/strict";
import { parse } from "yaml";
import { toolCallPart, toolOutcomePart } from "../../src/a2a/parts.ts";
import type { Message } from "../../src/a2a/types.ts";
import { type Model, ModelError, type ModelEvent } from "../../src/model/model.ts";
import { scripted } from "../../src/model/scripted.ts";
import { ask, asks, callsOfEvents, fakeDeps, request, said, stopOf, textOfEvents, WEATHER } from "./model_fakes.ts";

/** A model from what a user would write. */
function model(yaml: string, deps = fakeDeps()): Model {
  return scripted.create(parse(yaml), deps);
}

const LOOP = `
rules:
  - match: { text: weather, tool_result: get_weather }
    reply: { text: "It is {{tool_result.get_weather}} degrees." }
  - match: { text: /weather in (\\w+)/i }
    reply:
      text: Let me look.
      calls: [{ name: get_weather, arguments: { city: "{{match.1}}" } }]
default: { text: "You said: {{message}}" }
`;

Deno.test("scripted: a loop with a tool, to its end", async () => {
  const looping = model(LOOP);
  const messages: Message[] = [asks("Weather in Paris?")];
  const first = await ask(looping, { messages, tools: [WEATHER] });
  assert.equal(stopOf(first)?.reason, "calls");
  const [call] = callsOfEvents(first);
  assert.deepEqual(call?.arguments, { city: "Paris" });
  assert.ok(call !== undefined);
  messages.push(
    said("ROLE_AGENT", { text: textOfEvents(first) }, toolCallPart(call)),
    said("ROLE_AGENT", toolOutcomePart({ id: call.id, name: call.name, output: "21", isError: false })),
  );
  const second = await ask(looping, { messages, tools: [WEATHER] });
  assert.deepEqual(second, [{ kind: "text", delta: "It is 21 degrees." }, { kind: "stop", reason: "end" }]);
});

Deno.test("scripted: the same question has the same answer, ids included", async () => {
  const messages = [asks("weather in Rome")];
  assert.deepEqual(await ask(model(LOOP), { messages }), await ask(model(LOOP), { messages }));
});

Deno.test("scripted: the default answers, and remembers nothing", async () => {
  const one = model(LOOP);
  for (let time = 0; time < 3; time++) assert.equal(textOfEvents(await ask(one)), "You said: hello");
});

Deno.test("scripted: parallel calls have ids of their own", async () => {
  const events = await ask(model(`default: { calls: [{ name: a }, { name: b }, { name: a }] }`));
  assert.deepEqual(callsOfEvents(events).map(({ name }) => name), ["a", "b", "a"]);
  assert.equal(new Set(callsOfEvents(events).map(({ id }) => id)).size, 3);
});

Deno.test("scripted: another step's calls have other ids", async () => {
  const calling = model(`default: { calls: [{ name: a }] }`);
  const messages = [asks("go")];
  const [one] = callsOfEvents(await ask(calling, { messages }));
  assert.ok(one !== undefined);
  const [other] = callsOfEvents(await ask(calling, { messages: [...messages, said("ROLE_AGENT", toolCallPart(one))] }));
  assert.notEqual(one.id, other?.id);
});

/** [pieces of how many characters, text, pieces] */
const CHUNKS: [chars: number, text: string, chunks: string[]][] = [
  [3, "abcdefgh", ["abc", "def", "gh"]],
  [8, "abcdefgh", ["abcdefgh"]],
  [1, "ab", ["a", "b"]],
  [1, "a😀b", ["a", "😀", "b"]],
  [2, "a😀😀b", ["a😀", "😀", "b"]],
  [5, "", []],
];

for (const [chars, text, chunks] of CHUNKS) {
  Deno.test(`scripted: "${text}" in pieces of ${chars}`, async () => {
    const events = await ask(scripted.create({ default: { text, chunk_chars: chars } }, fakeDeps()));
    assert.deepEqual(events.flatMap((event) => event.kind === "text" ? event.delta : []), chunks);
  });
}

Deno.test("scripted: thinking comes first, tokens before the stop", async () => {
  const events = await ask(
    model(`default: { thinking: hm, text: "42", usage: { input_tokens: 3, output_tokens: 1 } }`),
  );
  assert.deepEqual(events, [
    { kind: "thinking", delta: "hm" },
    { kind: "text", delta: "42" },
    { kind: "usage", usage: { inputTokens: 3, outputTokens: 1 } },
    { kind: "stop", reason: "end" },
  ]);
});

Deno.test("scripted: the pace is kept by the clock that it is given", async () => {
  const deps = fakeDeps();
  await ask(model(`default: { text: abcd, chunk_chars: 2, first_delay_ms: 100, delay_ms: 30 }`, deps));
  assert.deepEqual(deps.waited, [100, 30]);
});

Deno.test("scripted: without a pace no timer is started", async () => {
  const sleep = () => Promise.reject(new Error("a timer"));
  const quick = model(`default: { text: abcdef, thinking: abc, chunk_chars: 1, calls: [{ name: a }] }`, {
    ...fakeDeps(),
    sleep,
  });
  assert.equal(textOfEvents(await ask(quick)), "abcdef");
});

for (const stop of ["end", "length", "refusal", "input_required"] as const) {
  const aside = stop === "refusal" || stop === "input_required";
  Deno.test(`scripted: stops with "${stop}"${aside ? ", and its text is an aside" : ""}`, async () => {
    const events = await ask(model(`default: { text: Which city?, stop: ${stop} }`));
    assert.deepEqual(events, [
      { kind: "text", delta: "Which city?", ...(aside ? { aside: true } : {}) },
      { kind: "stop", reason: stop },
    ]);
  });
}

Deno.test("scripted: an error at once throws", async () => {
  const failing = model(`default: { text: never, error: { kind: rate_limited, status: 429 } }`);
  await assert.rejects(ask(failing), {
    name: "ModelError",
    kind: "rate_limited",
    status: 429,
    message: /"main".*rate_limited/,
  });
});

Deno.test("scripted: an error behind two pieces stops, and the text so far stands", async () => {
  const events = await ask(
    model(
      `default: { text: abcdef, chunk_chars: 2, error: { kind: unavailable, message: The line broke, after_chunks: 2 } }`,
    ),
  );
  assert.equal(textOfEvents(events), "abcd");
  const stop = stopOf(events);
  assert.ok(stop?.reason === "error" && stop.error instanceof ModelError);
  assert.deepEqual([stop.error.kind, stop.error.message], ["unavailable", "The line broke"]);
});

Deno.test("scripted: an error behind more pieces than there are comes at the end", async () => {
  const events = await ask(
    model(`default: { text: ab, calls: [{ name: a }], error: { kind: timeout, after_chunks: 9 } }`),
  );
  assert.deepEqual(callsOfEvents(events), []);
  assert.equal(stopOf(events)?.reason, "error");
});

Deno.test("scripted: without a default, what no rule matches is an error that says so", async () => {
  await assert.rejects(ask(model(`rules: [{ match: { text: weather }, reply: { text: sun } }]`)), {
    kind: "invalid_request",
    message: /"main": no rule matches/,
  });
});

Deno.test("scripted: throws the signal's reason when it is aborted already", async () => {
  await assert.rejects(ask(model(LOOP), { signal: AbortSignal.abort("gone") }), (thrown) => thrown === "gone");
});

Deno.test("scripted: throws the signal's reason when it is aborted while it waits", async () => {
  const controller = new AbortController();
  const sleep = (_: number, signal: AbortSignal) => {
    controller.abort("gone");
    return Promise.reject(signal.reason);
  };
  const slow = model(`default: { text: abcd, chunk_chars: 2, delay_ms: 1 }`, { ...fakeDeps(), sleep });
  const seen: ModelEvent[] = [];
  await assert.rejects(async () => {
    for await (const event of slow.stream(request({ signal: controller.signal }))) seen.push(event);
  }, (thrown) => thrown === "gone");
  assert.deepEqual(seen, [{ kind: "text", delta: "ab" }]);
});

Deno.test("scripted: throws the signal's reason when it is aborted between two pieces", async () => {
  const controller = new AbortController();
  await assert.rejects(async () => {
    for await (
      const _ of model(`default: { text: abcd, chunk_chars: 1 }`).stream(request({ signal: controller.signal }))
    ) {
      controller.abort("gone");
    }
  }, (thrown) => thrown === "gone");
});

Deno.test("scripted: is called what its options say", () => {
  assert.equal(model("model: weatherman").id, "weatherman");
  assert.equal(model("{}").id, "scripted");
});
