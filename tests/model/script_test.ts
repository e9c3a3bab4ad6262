import assert from "node:assert/strict";
import { z } from "zod";
import type { Scene } from "../../src/model/scene.ts";
import { compileScript, Reply, Rule } from "../../src/model/script.ts";
import { WEATHER } from "./model_fakes.ts";

const SCENE: Scene = {
  messageId: "m-1",
  message: "the weather in Paris",
  outcomes: [],
  step: 1,
  turn: 1,
  system: "You are terse.",
  tools: [WEATHER],
};
const ANSWERED: Scene = {
  ...SCENE,
  step: 2,
  outcomes: [{ id: "a", name: "get_weather", output: "21", isError: false }],
};

const script = (...rules: unknown[]) => compileScript(rules.map((rule) => Rule().parse(rule)));
const says = (match: unknown) => script({ match, reply: { text: "yes" } });

/** [condition, scene, whether it holds] */
const CONDITIONS: [match: unknown, scene: Scene, holds: boolean][] = [
  [{}, SCENE, true],
  [undefined, SCENE, true],
  [{ text: "weather" }, SCENE, true],
  [{ text: "time" }, SCENE, false],
  [{ text: "/paris$/i" }, SCENE, true],
  [{ system: "terse" }, SCENE, true],
  [{ system: "verbose" }, SCENE, false],
  [{ tool_result: true }, SCENE, false],
  [{ tool_result: false }, SCENE, true],
  [{ tool_result: true }, ANSWERED, true],
  [{ tool_result: false }, ANSWERED, false],
  [{ tool_result: "get_weather" }, ANSWERED, true],
  [{ tool_result: "get_time" }, ANSWERED, false],
  [{ tool: true }, SCENE, true],
  [{ tool: "get_weather" }, SCENE, true],
  [{ tool: "get_time" }, SCENE, false],
  [{ tool: false }, { ...SCENE, tools: [] }, true],
  [{ turn: 1 }, SCENE, true],
  [{ turn: 2 }, SCENE, false],
  [{ message_id: "m-" }, SCENE, true],
  [{ message_id: "-1" }, SCENE, false],
  [{ step: 2 }, ANSWERED, true],
  [{ step: 1 }, ANSWERED, false],
  [{ text: "weather", tool_result: "get_weather", step: 2, turn: 1 }, ANSWERED, true],
  [{ text: "time", tool_result: "get_weather" }, ANSWERED, false],
];

for (const [match, scene, holds] of CONDITIONS) {
  Deno.test(`a rule with ${JSON.stringify(match)} ${holds ? "matches" : "does not match"} in step ${scene.step}`, () => {
    assert.equal(says(match)(scene)?.text, holds ? "yes" : undefined);
  });
}

Deno.test("the first rule that matches answers", () => {
  const find = script({ match: { text: "time" }, reply: { text: "1" } }, { reply: { text: "2" } }, {
    reply: { text: "3" },
  });
  assert.equal(find(SCENE)?.text, "2");
});

Deno.test("the default answers where no rule matches", () => {
  const find = compileScript(
    [Rule().parse({ match: { text: "time" }, reply: {} })],
    Reply().parse({ text: "default: {{message}}{{match}}" }),
  );
  assert.equal(find(SCENE)?.text, "default: the weather in Paris");
});

Deno.test("without a default there is no line", () => assert.equal(script()(SCENE), undefined));

Deno.test("arguments are filled in wherever they hold text", () => {
  const input = { city: "{{match.1}}", deep: [{ q: "{{message}}", n: 1, on: true, none: null }], plain: "x" };
  const find = script({
    match: { text: "/in (\\w+)/" },
    reply: { calls: [{ name: "get_weather", arguments: input }] },
  });
  assert.deepEqual(find(SCENE)?.calls, [{
    name: "get_weather",
    arguments: { city: "Paris", deep: [{ q: "the weather in Paris", n: 1, on: true, none: null }], plain: "x" },
  }]);
});

Deno.test("a line carries pace, tokens, stop and error", () => {
  const reply = {
    text: "a",
    chunk_chars: 3,
    first_delay_ms: 5,
    delay_ms: 7,
    usage: { input_tokens: 1, output_tokens: 2 },
    stop: "length",
    error: { kind: "overloaded", after_chunks: 1 },
  };
  assert.deepEqual(script({ reply })(SCENE), {
    text: "a",
    thinking: "",
    parts: [],
    calls: [],
    chunkChars: 3,
    firstDelayMs: 5,
    delayMs: 7,
    usage: { inputTokens: 1, outputTokens: 2 },
    stop: "length",
    error: { kind: "overloaded", after_chunks: 1 },
  });
});

/** What a rule may not say. */
const REFUSED: unknown[] = [
  { match: { txt: "a" }, reply: {} },
  { reply: { txt: "a" } },
  { match: {} },
  { reply: { text: "{{nope}}" } },
  { reply: { stop: "error" } },
  { reply: { error: { kind: "bad luck" } } },
  { reply: { chunk_chars: 0 } },
  { reply: { delay_ms: -1 } },
  { reply: { calls: [{ name: "" }] } },
  { match: { text: "/(/" }, reply: {} },
  { match: { turn: 0 }, reply: {} },
];

for (const rule of REFUSED) {
  Deno.test(`a rule may not say ${JSON.stringify(rule)}`, () => assert.equal(Rule().safeParse(rule).success, false));
}

Deno.test("rules have a JSON Schema, for editors", () => {
  const schema = JSON.stringify(z.toJSONSchema(Rule(), { io: "input" }));
  assert.match(schema, /"after_chunks"/);
  assert.match(schema, /newest user message/);
});
