import assert from "node:assert/strict";
import { textOf } from "../../src/a2a/parts.ts";
import { fillVariables, MissingVariable } from "../../src/agent/fill_variables.ts";
import { systemPrompt } from "../../src/agent/prompt.ts";
import type { JsonObject } from "../../src/lib/json.ts";
import { fakeAgent, fakeModel, says } from "./fake_agent.ts";
import { FakeTask, inputOf } from "./fake_run.ts";

const VARIABLES = { city: "Rome", count: 3, isOpen: true, who: null };

/** [a prompt, the metadata of the message, what the model is told] */
const FILLED: [text: string, metadata: JsonObject, filled: string][] = [
  ["In {city}, {count}, {isOpen}", {}, "In Rome, 3, true"],
  ["In {city}", { variables: { city: "Paris" } }, "In Paris"],
  ["In {user:city} {app:city} {temp:city}", {}, "In Rome Rome Rome"],
  ["For {who}", { variables: { who: "Ann" } }, "For Ann"],
  ["For {who?}.", {}, "For ."],
  ["{town?}{town}", {}, "{town}"],
  ["{town}", { variables: { town: "x" } }, "{town}"],
  ["{city}", { variables: { city: { evil: 1 } } }, "Rome"],
  ["{city}", { variables: { city: "{count}" } }, "{count}"],
  ["{city}", { variables: "city" }, "Rome"],
  ['{"city": "{city}"} { city } {} {a.b}', {}, '{"city": "Rome"} { city } {} {a.b}'],
  ["{constructor}", {}, "{constructor}"],
];
for (const [text, metadata, filled] of FILLED) {
  Deno.test(`fillVariables() makes ${JSON.stringify(filled)} of ${JSON.stringify(text)}`, () => {
    assert.equal(fillVariables(text, VARIABLES, metadata), filled);
  });
}

Deno.test("fillVariables() wants what only the caller can say", () => {
  assert.throws(() => fillVariables("For {who}", VARIABLES), MissingVariable);
});

Deno.test("an agent whose caller leaves out what it has to say rejects the task, and says what is missing", async () => {
  const model = fakeModel([says(["Hi."])]);
  const system = systemPrompt({ instruction: "Greet {who}.", variables: VARIABLES }, {
    preamble: { always: "", withTools: "" },
    now: () => 0,
  });
  const agent = fakeAgent({ model, system });
  const end = await agent.run(inputOf("Hi"), new FakeTask().run());
  assert.equal(end.state, "TASK_STATE_REJECTED");
  assert.match(end.message ? textOf(end.message) : "", /"who" is \(metadata\.variables\)/);
  const input = inputOf("Hi");
  const message = { ...input.message, metadata: { variables: { who: "Ann" } } };
  assert.equal((await agent.run({ ...input, message }, new FakeTask().run())).state, "TASK_STATE_COMPLETED");
  assert.match(model.requests[0]?.system ?? "", /Greet Ann\./);
});
