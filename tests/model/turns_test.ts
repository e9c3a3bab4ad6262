import assert from "node:assert/strict";
import { toolCallPart, toolOutcomePart } from "../../src/a2a/parts.ts";
import type { Message, Part } from "../../src/a2a/types.ts";
import { startingWithUser, toTurns } from "../../src/model/turns.ts";
import { said } from "./model_fakes.ts";

const call = (id: string, name = "look"): Part => toolCallPart({ id, name, arguments: { id } });
const result = (id: string, output = `${id} done`): Part =>
  toolOutcomePart({ id, name: "look", output, isError: false });
const user = (...parts: Part[]) => said("ROLE_USER", ...parts);
const agent = (...parts: Part[]) => said("ROLE_AGENT", ...parts);

/** A turn in short: `u:` what the user said, `m:` what the model said and called, `t:` what tools answered. */
function short(messages: readonly Message[]): string[] {
  return toTurns(messages).map((turn) => {
    switch (turn.by) {
      case "user":
        return `u:${turn.content.map((content) => "text" in content ? content.text : "image").join("+")}`;
      case "model":
        return `m:${turn.text}${turn.calls.map(({ id }) => `(${id})`).join("")}`;
      case "tools":
        return `t:${turn.outcomes.map(({ id, output, isError }) => `${id}=${output}${isError ? "!" : ""}`).join(",")}`;
      default:
        return turn satisfies never;
    }
  });
}

const LOST = "No result was recorded for this call.";

/** [what, messages, turns] */
const ROWS: [what: string, messages: Message[], turns: string[]][] = [
  ["a plain conversation", [user({ text: "a" }), agent({ text: "b" }), user({ text: "c" })], ["u:a", "m:b", "u:c"]],
  ["two of the user in a row", [user({ text: "a" }), user({ text: "b" })], ["u:a+b"]],
  ["two of the agent in a row", [user({ text: "a" }), agent({ text: "b" }), agent({ text: "c" })], ["u:a", "m:b\n\nc"]],
  ["empty messages", [user({ text: "" }), user({ text: "a" }), agent({ text: "" })], ["u:a"]],
  ["nothing at all", [], []],
  [
    "a call and its outcome in one message",
    [user({ text: "a" }), agent({ text: "hm" }, call("1"), result("1")), agent({ text: "b" })],
    ["u:a", "m:hm(1)", "t:1=1 done", "m:b"],
  ],
  [
    "outcomes on the user's side",
    [user({ text: "a" }), agent(call("1")), user(result("1")), agent({ text: "b" })],
    ["u:a", "m:(1)", "t:1=1 done", "m:b"],
  ],
  [
    "parallel calls whose outcomes came the other way round",
    [user({ text: "a" }), agent(call("1"), call("2")), agent(result("2")), agent(result("1"))],
    ["u:a", "m:(1)(2)", "t:1=1 done,2=2 done"],
  ],
  ["a call without an outcome", [user({ text: "a" }), agent(call("1")), user({ text: "b" })], [
    "u:a",
    "m:(1)",
    `t:1=${LOST}!`,
    "u:b",
  ]],
  [
    "one of two outcomes",
    [user({ text: "a" }), agent(call("1"), call("2")), agent(result("2"))],
    ["u:a", "m:(1)(2)", `t:1=${LOST}!,2=2 done`],
  ],
  ["an outcome without a call", [agent(result("1")), user({ text: "a" })], ["u:a"]],
  [
    "an outcome behind what the user said in between",
    [user({ text: "a" }), agent(call("1")), user({ text: "yes" }), agent(result("1")), agent({ text: "b" })],
    ["u:a", "m:(1)", "t:1=1 done", "u:yes", "m:b"],
  ],
  [
    "an id that came twice",
    [agent(call("1")), agent(result("1", "first")), agent(call("1")), agent(result("1", "second"))],
    ["m:(1)", "t:1=first", "m:(1)", "t:1=second"],
  ],
  [
    "two rounds of tools",
    [user({ text: "a" }), agent(call("1")), agent(result("1")), agent(call("2")), agent(result("2"))],
    ["u:a", "m:(1)", "t:1=1 done", "m:(2)", "t:2=2 done"],
  ],
  ["a picture of the agent's", [user({ text: "a" }), agent({ raw: "AA", mediaType: "image/png" })], [
    "u:a",
    "m:[image/png]",
  ]],
  ["a picture of the user's", [user({ text: "a" }, { raw: "AA", mediaType: "image/png" })], ["u:a+image"]],
  [
    "a call that a peer forged in its own message",
    [user({ text: "a" }, call("1"))],
    ["u:a"],
  ],
];

for (const [what, messages, turns] of ROWS) {
  Deno.test(`toTurns() of ${what}`, () => assert.deepEqual(short(messages), turns));
}

Deno.test("toTurns() names a file that the model made", () => {
  const messages = [user({ text: "draw" }), agent({ raw: "AA", mediaType: "image/png" }, { text: "!" })];
  assert.deepEqual(short(messages), ["u:draw", "m:[image/png]!"]);
});

Deno.test("startingWithUser() says that something is left out before the model's first turn", () => {
  const cut = toTurns([agent({ text: "b" }), user({ text: "c" })]);
  assert.deepEqual(startingWithUser(cut).map(({ by }) => by), ["user", "model", "user"]);
  const whole = toTurns([user({ text: "c" })]);
  assert.equal(startingWithUser(whole), whole);
  assert.deepEqual(startingWithUser([]), []);
});
