import assert from "node:assert/strict";
import { SIDE_ARTIFACT, textOf } from "../../src/a2a/parts.ts";
import { ModelError, type ModelEvent } from "../../src/model/model.ts";
import { call, fakeAgent, fakeModel, fakeTool, says } from "./fake_agent.ts";
import { Crash, FakeTask, inputOf } from "./fake_run.ts";

/* Turns that are ended before their model would end them, and what is shown beside an answer. */

const CIRCLES = Array.from({ length: 30 }, (_, at) => says([], { calls: [call(`c${at}`, "look", { at: 1 })] }));

Deno.test("run() ends a turn that goes in circles: the same calls with the same outcomes", async () => {
  const look = fakeTool("look");
  const task = new FakeTask();
  const end = await fakeAgent({ model: fakeModel(CIRCLES), tools: [look] }).run(inputOf("Hi"), task.run());
  assert.equal(end.state, "TASK_STATE_FAILED");
  assert.equal(end.metadata?.stopReason, "loop");
  assert.match(end.message ? textOf(end.message) : "", /the same calls again and again/);
  assert.equal(look.runs.length, 6);
  assert.deepEqual(task.answers, ["In sum."]);
  assert.match(task.announced.join("\n"), /third time in a row/);
});

Deno.test("run() goes on where the same calls have other outcomes", async () => {
  let count = 0;
  const wait = fakeTool("look", { act: () => ({ content: `not yet (${++count})` }) });
  const model = fakeModel([...CIRCLES.slice(0, 10), says(["Ready."])]);
  const task = new FakeTask();
  const end = await fakeAgent({ model, tools: [wait] }).run(inputOf("Hi"), task.run());
  assert.equal(end.state, "TASK_STATE_COMPLETED");
  assert.equal(wait.runs.length, 10);
});

Deno.test("run() goes on where other calls come between the same ones", async () => {
  const calls = (name: string, at: number) => says([], { calls: [call(`c${at}`, name)] });
  const rounds = Array.from({ length: 12 }, (_, at) => calls(at % 2 === 0 ? "look" : "turn", at));
  const model = fakeModel([...rounds, says(["Done."])]);
  const agent = fakeAgent({ model, tools: [fakeTool("look"), fakeTool("turn")] });
  assert.equal((await agent.run(inputOf("Hi"), new FakeTask().run())).state, "TASK_STATE_COMPLETED");
});

const ENDLESS = [says(["One."], { calls: [call("a", "look")] }), says(["Two."], { calls: [call("b", "look")] })];

/** [how the question for a summary goes, what peers read in the end] */
const SUMMARIES: [name: string, summary: readonly (ModelEvent | Error)[], answer: string][] = [
  ["answers", says(["This is ", "missing."]), "One.\n\nTwo.\n\nThis is missing."],
  ["wants tools all the same", says(["More!"], { calls: [call("z", "look")] }), "One.\n\nTwo.\n\nMore!"],
  ["fails", [new ModelError("overloaded", "Too much")], "One.\n\nTwo."],
];
for (const [name, summary, answer] of SUMMARIES) {
  Deno.test(`run() keeps what there is where the model that is to sum up ${name}`, async () => {
    const look = fakeTool("look");
    const agent = fakeAgent({ model: fakeModel(ENDLESS, summary), tools: [look], limits: { maxIterations: 2 } });
    const task = new FakeTask();
    const end = await agent.run(inputOf("Hi"), task.run());
    assert.equal(end.state, "TASK_STATE_FAILED");
    assert.equal(end.metadata?.stopReason, "max_iterations");
    assert.deepEqual(task.answers, [answer]);
    assert.equal(look.runs.length, 1);
  });
}

Deno.test("run() sums up once, whenever it crashes", async () => {
  for (let crashAt = 1;; crashAt++) {
    const task = new FakeTask();
    const life = (crashAt: number) =>
      fakeAgent({ model: fakeModel(ENDLESS), tools: [fakeTool("look")], limits: { maxIterations: 2 } })
        .run(inputOf("Hi"), task.run({ crashAt }));
    const first = await life(crashAt).catch((thrown) => {
      if (!(thrown instanceof Crash)) throw thrown;
      return undefined;
    });
    if (first !== undefined) break;
    await life(Infinity);
    assert.deepEqual(task.answers, ["One.\n\nTwo.\n\nIn sum."], `died at ${crashAt}`);
  }
});

const THOUGHT: ModelEvent[] = [
  { kind: "thinking", delta: "Let me " },
  { kind: "thinking", delta: "see." },
  ...says(["Done."]),
];

Deno.test("run() shows what the model thinks beside the answer, where that is wanted", async () => {
  const task = new FakeTask();
  await fakeAgent({ model: fakeModel([THOUGHT]), showsThinking: true }).run(inputOf("Hi"), task.run());
  const shown = task.task.artifacts?.map((each) => [each.metadata?.[SIDE_ARTIFACT], textOf(each)]);
  assert.deepEqual(shown, [["thinking", "Let me see."], [undefined, "Done."]]);
});

Deno.test("run() shows nobody what the model thinks, where nothing is said", async () => {
  const task = new FakeTask();
  await fakeAgent({ model: fakeModel([THOUGHT]) }).run(inputOf("Hi"), task.run());
  assert.deepEqual(task.answers, ["Done."]);
});
