import assert from "node:assert/strict";
import { textOf } from "../../src/a2a/parts.ts";
import { answerShape } from "../../src/agent/answer_shape.ts";
import type { ModelEvent } from "../../src/model/model.ts";
import { call, fakeAgent, fakeTool, says } from "./fake_agent.ts";
import { Crash, FakeTask, inputOf } from "./fake_run.ts";

const SHAPE = answerShape({
  name: "response",
  strict: true,
  schema: {
    type: "object",
    properties: { city: { type: "string" }, people: { type: "integer" } },
    required: ["city"],
    additionalProperties: false,
  },
});

/** [an answer, its data, or what is wrong with it] */
const ANSWERS: [text: string, data: unknown, fault: RegExp | undefined][] = [
  [`{"city":"Rome"}`, { city: "Rome" }, undefined],
  [` {"city": "Rome", "people": 3} `, { city: "Rome", people: 3 }, undefined],
  ['```json\n{"city":"Rome"}\n```', { city: "Rome" }, undefined],
  ['```\n{"city":"Rome"}\n```\n', { city: "Rome" }, undefined],
  ["", undefined, /not JSON/],
  ["Rome", undefined, /not JSON/],
  [`Here: {"city":"Rome"}`, undefined, /not JSON/],
  [`{"city":3}`, undefined, /city: .*expected string/],
  [`{}`, undefined, /city: /],
  [`{"city":"Rome","mayor":"x"}`, undefined, /"mayor"/],
  [`{"city":"Rome","people":1e999}`, undefined, /not JSON/],
];
for (const [text, data, fault] of ANSWERS) {
  Deno.test(`answerShape() checks ${JSON.stringify(text)}`, () => {
    const checked = SHAPE.check(text);
    if (fault === undefined) assert.deepEqual(checked, { data });
    else assert.match("fault" in checked ? checked.fault : "", fault);
  });
}

/** A model that gives these answers one after another, whatever it is asked. */
function answering(replies: readonly ModelEvent[][]) {
  const requests: { output: unknown; last: string }[] = [];
  let at = 0;
  return {
    id: "fake",
    requests,
    async *stream(request: Parameters<Parameters<typeof fakeAgent>[0]["model"]["stream"]>[0]) {
      const last = request.messages.at(-1);
      requests.push({ output: request.output, last: last === undefined ? "" : textOf(last) });
      yield* await Promise.resolve(replies[at++] ?? []);
    },
  };
}

Deno.test("an answer that has its shape is data, and no word of it is streamed before", async () => {
  const model = answering([
    says(["I look."], { calls: [call("a", "look")] }),
    says([`{"city":`, `"Rome"}`]),
  ]);
  const task = new FakeTask();
  const end = await fakeAgent({ model, tools: [fakeTool("look")], output: SHAPE }).run(inputOf("Hi"), task.run());
  assert.equal(end.state, "TASK_STATE_COMPLETED");
  assert.equal(end.message, undefined);
  const { schema, name, strict } = SHAPE;
  assert.deepEqual(model.requests[1]?.output, { schema, name, strict });
  assert.deepEqual(task.artifacts.map(({ artifact }) => artifact.parts), [[
    { data: { city: "Rome" }, mediaType: "application/json" },
  ]]);
});

Deno.test("an answer without its shape is sent back once, with what is wrong", async () => {
  const model = answering([says([`{"city":3}`]), says([`{"city":"Rome"}`])]);
  const task = new FakeTask();
  const end = await fakeAgent({ model, output: SHAPE }).run(inputOf("Hi"), task.run());
  assert.equal(end.state, "TASK_STATE_COMPLETED");
  assert.match(model.requests[1]?.last ?? "", /not the shape.*city: .*Answer again/s);
  assert.deepEqual(task.task.artifacts?.map(({ parts }) => parts[0]?.data), [{ city: "Rome" }]);
});

Deno.test("an answer without its shape that cannot be mended fails the task, and says why", async () => {
  const model = answering([says(["Rome"]), says(["Rome!"])]);
  const task = new FakeTask();
  const end = await fakeAgent({ model, output: SHAPE }).run(inputOf("Hi"), task.run());
  assert.equal(end.state, "TASK_STATE_FAILED");
  assert.equal(end.metadata?.stopReason, "structured_output");
  assert.match(end.message ? textOf(end.message) : "", /structured_output\). It is not JSON/);
  assert.deepEqual(task.artifacts, []);
  assert.equal(model.requests.length, 2);
});

Deno.test("a refusal needs no shape", async () => {
  const model = answering([says(["No."], { stop: "refusal" })]);
  const end = await fakeAgent({ model, output: SHAPE }).run(inputOf("Hi"), new FakeTask().run());
  assert.equal(end.state, "TASK_STATE_REJECTED");
});

Deno.test("an answer that is data is said once, whenever the process dies", async () => {
  for (let crashAt = 1;; crashAt++) {
    const task = new FakeTask();
    const life = (at: number) =>
      fakeAgent({ model: answering([says([`{"city":"Rome"}`])]), output: SHAPE })
        .run(inputOf("Hi"), task.run({ crashAt: at }));
    const first = await life(crashAt).catch((thrown) => {
      if (!(thrown instanceof Crash)) throw thrown;
      return undefined;
    });
    if (first !== undefined) break;
    assert.equal((await life(Infinity)).state, "TASK_STATE_COMPLETED");
    assert.equal(task.artifacts.length, 1, `died at ${crashAt}`);
  }
});
