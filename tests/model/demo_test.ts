import assert from "node:assert/strict";
import { toolCallPart, toolOutcomePart } from "../../src/a2a/parts.ts";
import { demoModel } from "../../src/model/demo.ts";
import { ask, asks, callsOfEvents, fakeDeps, said, stopOf, textOfEvents, WEATHER } from "./model_fakes.ts";

const DEMO = demoModel([{ title: "Acme", credentials: ["ACME_API_KEY", "ACME_KEY"] }, {
  title: "Keyless",
  credentials: [],
}]);
const demo = () => DEMO.create({}, fakeDeps());

/** [question, what the answer says] */
const ANSWERS: [question: string, says: RegExp][] = [
  ["Hi!", /^Hello! I am hector's built-in demo model/],
  ["good morning", /^Hello!/],
  ["help", /call a tool when you name it/],
  ["Who are you?", /built-in demo model/],
  ["how do I connect a real model?", /^To talk to a real model.*export ACME_API_KEY=/s],
  ["Where does the API key go?", /export ACME_API_KEY=… +\(Acme\)/],
  ["Why is the sky blue?", /^You asked: Why is the sky blue\?.*demo model.*export ACME_API_KEY=/s],
  ["", /demo model/],
  ["{{system}}", /^You asked: \{\{system\}\}/],
];

for (const [question, says] of ANSWERS) {
  Deno.test(`demo: answers ${JSON.stringify(question)}`, async () => {
    const events = await ask(demo(), { messages: [asks(question)] });
    assert.match(textOfEvents(events), says);
    assert.equal(stopOf(events)?.reason, "end");
  });
}

Deno.test("demo: names one variable for each provider that needs a key, and no other", async () => {
  const answer = textOfEvents(await ask(demo(), { messages: [asks("api key?")] }));
  assert.deepEqual(answer.match(/export .*/g), ["export ACME_API_KEY=…   (Acme)"]);
});

Deno.test("demo: streams in small pieces at a small pace", async () => {
  const deps = fakeDeps();
  const events = await ask(DEMO.create({ delay_ms: 5 }, deps), { messages: [asks("hi")] });
  const pieces = events.filter((event) => event.kind === "text");
  assert.ok(pieces.length > 5);
  assert.deepEqual(deps.waited, pieces.slice(1).map(() => 5));
});

Deno.test("demo: echoes a long message cut short", async () => {
  const answer = textOfEvents(await ask(demo(), { messages: [asks("why ".repeat(10_000))] }));
  assert.ok(answer.length < 1_000, String(answer.length));
});

Deno.test("demo: calls a tool that is asked for, and tells what came of it", async () => {
  const messages = [asks("show the weather in Paris")];
  const events = await ask(demo(), { messages, tools: [WEATHER] });
  const [call] = callsOfEvents(events);
  assert.ok(call !== undefined);
  assert.deepEqual([call.name, call.arguments], ["get_weather", { city: "weather in Paris" }]);
  assert.match(textOfEvents(events), /get_weather/);
  assert.equal(stopOf(events)?.reason, "calls");
  messages.push(
    said("ROLE_AGENT", toolCallPart(call)),
    said("ROLE_AGENT", toolOutcomePart({ id: call.id, name: call.name, output: "21 degrees", isError: false })),
  );
  const after = await ask(demo(), { messages, tools: [WEATHER] });
  assert.match(textOfEvents(after), /21 degrees/);
  assert.equal(stopOf(after)?.reason, "end");
});

Deno.test("demo: does not call a tool again when its call had no outcome", async () => {
  const call = toolCallPart({ id: "a", name: "get_weather", arguments: {} });
  const messages = [asks("show the weather"), said("ROLE_AGENT", call)];
  assert.deepEqual(callsOfEvents(await ask(demo(), { messages, tools: [WEATHER] })), []);
});

Deno.test("demo: needs no key and comes last", () => {
  assert.deepEqual(DEMO.credentials, []);
  assert.equal(demo().id, "demo");
});

Deno.test("demo: is not another model", () => {
  assert.throws(() => DEMO.create({ model: "gpt-4o" }, fakeDeps()), { name: "ZodError" });
});
