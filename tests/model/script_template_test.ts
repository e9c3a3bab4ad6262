import assert from "node:assert/strict";
import type { Scene } from "../../src/model/scene.ts";
import { compileTemplate, Template } from "../../src/model/script_template.ts";
import { WEATHER } from "./model_fakes.ts";

const outcome = (name: string, output: string) => ({ id: output, name, output, isError: false });
const SCENE: Scene = {
  messageId: "m-1",
  message: "weather in {{turn}}",
  outcomes: [outcome("look", "one"), outcome("get", "two"), outcome("look", "three")],
  step: 2,
  turn: 4,
  system: "Be brief.",
  tools: [WEATHER, { ...WEATHER, name: "look" }],
};

/** [template, text] */
const FILLED: [template: string, text: string][] = [
  ["plain", "plain"],
  ["", ""],
  ["{{message}}", "weather in {{turn}}"],
  ["a {{ message }} b", "a weather in {{turn}} b"],
  ["{{turn}}.{{step}}", "4.2"],
  ["{{system}}", "Be brief."],
  ["{{tools}}", "get_weather, look"],
  ["{{tool_result}}", "one\ntwo\nthree"],
  ["{{tool_result.look}}", "three"],
  ["{{tool_result.none}}", ""],
  ["{{match}}|{{match.1}}|{{match.2}}", "in Paris|Paris|"],
  ["{ {message} }", "{ {message} }"],
];

for (const [template, text] of FILLED) {
  Deno.test(`compileTemplate("${template}") fills its holes once`, () => {
    assert.equal(Template().safeParse(template).success, true);
    assert.equal(compileTemplate(template)(SCENE, ["in Paris", "Paris"]), text);
  });
}

for (
  const template of ["{{mesage}}", "{{}}", "{{match.x}}", "{{match.10}}", "{{constructor}}", "ok {{message}} {{nope}}"]
) {
  Deno.test(`Template refuses "${template}" and tells what is known`, () => {
    const { error } = Template().safeParse(template);
    assert.match(error?.issues[0]?.message ?? "", /is not known; known are message, tool_result/);
  });
}
