import assert from "node:assert/strict";
import { toolCallPart, toolOutcomePart } from "../../src/a2a/parts.ts";
import { toScene } from "../../src/model/scene.ts";
import { asks, request, said, WEATHER } from "./model_fakes.ts";

const call = (id: string) => said("ROLE_AGENT", toolCallPart({ id, name: "look", arguments: {} }));
const outcome = (id: string) => toolOutcomePart({ id, name: "look", output: id, isError: false });

function scene(...messages: Parameters<typeof said>[]) {
  return toScene(request({ messages: messages.map((message) => said(...message)) }));
}

Deno.test("toScene() finds the newest user message and its turn", () => {
  const { message, turn, step } = scene(["ROLE_USER", { text: "a" }], ["ROLE_AGENT", { text: "b" }], ["ROLE_USER", {
    text: "c",
  }]);
  assert.deepEqual([message, turn, step], ["c", 2, 1]);
});

Deno.test("toScene() counts steps and outcomes since the newest user message only", () => {
  const messages = [
    asks("a"),
    call("1"),
    said("ROLE_AGENT", outcome("1")),
    asks("b"),
    call("2"),
    said("ROLE_AGENT", outcome("2")),
  ];
  const { message, turn, step, outcomes } = toScene(request({ messages }));
  assert.deepEqual([message, turn, step], ["b", 2, 2]);
  assert.deepEqual(outcomes.map(({ id }) => id), ["2"]);
});

Deno.test("toScene() does not take outcomes on the user's side for what the user said", () => {
  const messages = [asks("a"), call("1"), said("ROLE_USER", outcome("1"))];
  const { message, turn, step, outcomes } = toScene(request({ messages }));
  assert.deepEqual([message, turn, step, outcomes.length], ["a", 1, 2, 1]);
});

Deno.test("toScene() of nothing is the first step of no turn", () => {
  const { message, turn, step, outcomes, system } = toScene(request({ messages: [] }));
  assert.deepEqual([message, turn, step, outcomes, system], ["", 0, 1, [], ""]);
});

Deno.test("toScene() shows system prompt and tools", () => {
  const { system, tools } = toScene(request({ system: "Be brief.", tools: [WEATHER] }));
  assert.deepEqual([system, tools], ["Be brief.", [WEATHER]]);
});
