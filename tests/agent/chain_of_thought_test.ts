import assert from "node:assert/strict";
import { toolOutcomesOf } from "../../src/a2a/parts.ts";
import { chainOfThought } from "../../src/agent/chain_of_thought.ts";
import { textTokens } from "../../src/memory/tokens.ts";
import { type ModelDeps, type ModelErrorKind } from "../../src/model/model.ts";
import { scripted } from "../../src/model/scripted.ts";
import { depsOf } from "./engine_deps.ts";
import { call, fakeModel, fakeTool, says } from "./fake_agent.ts";
import { FakeTask, inputOf } from "./fake_run.ts";

Deno.test("chainOfThought tells the model how to work in few and general words", async () => {
  const model = fakeModel([says(["x"])]);
  await chainOfThought.create({}, depsOf(model, [fakeTool("t")])).run(inputOf("Hi"), new FakeTask().run());
  const system = model.requests[0]?.system ?? "";
  assert.match(system, /\n\nSell shoes\.\n\nToday is 2026-01-01\.$/);
  assert.match(system, /tools/);
  assert.doesNotMatch(system, /code|file|todo|IDE/i);
  assert.ok(textTokens(system) < 250, `${textTokens(system)} tokens`);
});

Deno.test("chainOfThought speaks of tools only where there are some", async () => {
  const model = fakeModel([says(["x"])]);
  await chainOfThought.create({}, depsOf(model)).run(inputOf("Hi"), new FakeTask().run());
  assert.doesNotMatch(model.requests[0]?.system ?? "", /tool/i);
});

Deno.test("chainOfThought cuts tool output where its options say", async () => {
  const model = fakeModel([says([], { calls: [call("a", "t")] }), says(["x"])]);
  const long = fakeTool("t", { act: () => ({ content: "x".repeat(101) }) });
  const agent = chainOfThought.create({ max_tool_output_chars: 100 }, depsOf(model, [long]));
  const task = new FakeTask();
  await agent.run(inputOf("Hi"), task.run());
  assert.match(task.working.flatMap(toolOutcomesOf)[0]?.output ?? "", /x{100}\n\[cut: 1 of 101 /);
});

for (const options of [{ max_tool_output_chars: 0 }, { max_tool_output_chars: "many" }, { max_iteration: 3 }]) {
  Deno.test(`chainOfThought refuses the options ${JSON.stringify(options)}`, () => {
    assert.throws(() => chainOfThought.create(options, depsOf(fakeModel([]))), { name: "ZodError" });
  });
}

const scriptedDeps: ModelDeps = {
  name: "main",
  env: () => undefined,
  fetch: () => Promise.reject(new Error("no network")),
  random: () => 0,
  sleep: () => Promise.resolve(),
};

Deno.test("chainOfThought works through a scripted model's calls, also when cut at any entry", async () => {
  const model = () =>
    scripted.create({
      rules: [
        {
          match: { text: "weather", step: 1 },
          reply: { text: "Let me look.", chunk_chars: 5, calls: [{ name: "weather", arguments: { city: "Bern" } }] },
        },
        { match: { text: "weather", step: 2 }, reply: { text: "It is {{tool_result}}." } },
      ],
    }, scriptedDeps);
  const weather = () => fakeTool("weather", { act: () => ({ content: "sunny" }) });
  const live = (task: FakeTask, crashAt = Infinity) =>
    chainOfThought.create({}, { ...depsOf(fakeModel([])), model: model(), tools: [weather()] })
      .run(inputOf("weather in Bern"), task.run({ crashAt }));
  const uncut = new FakeTask();
  const end = await live(uncut);
  assert.equal(end.state, "TASK_STATE_COMPLETED");
  assert.deepEqual(uncut.answers, ["Let me look.\n\nIt is sunny."]);
  assert.equal(uncut.announced.length, 2);
  for (let crashAt = 0; crashAt < uncut.entries.length; crashAt++) {
    const task = new FakeTask();
    await live(task, crashAt).catch(() => {});
    assert.deepEqual(await live(task), end);
    assert.deepEqual(task.answers, uncut.answers);
    assert.deepEqual(task.announced, uncut.announced);
  }
});

Deno.test("chainOfThought fails with the words of a scripted model that fails", async () => {
  const model = scripted.create({ rules: [] }, scriptedDeps);
  const agent = chainOfThought.create({}, { ...depsOf(fakeModel([])), model });
  const end = await agent.run(inputOf("Hi"), new FakeTask().run());
  assert.equal(end.state, "TASK_STATE_FAILED");
  assert.deepEqual(end.metadata, { stopReason: "error", error: "invalid_request" satisfies ModelErrorKind });
});
