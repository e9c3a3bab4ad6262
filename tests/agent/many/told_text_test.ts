import assert from "node:assert/strict";
import { isAnswer } from "../../../src/a2a/parts.ts";
import { ToldText } from "../../../src/agent/many/told_text.ts";
import { FakeTask } from "../fake_run.ts";

function told(task: FakeTask, isAside = false) {
  return new ToldText(task.run(), { artifactId: "a", name: "child", isAside });
}

Deno.test("tell() tells what is new of a text that grows, and all of one that does not continue", async () => {
  const task = new FakeTask();
  const text = told(task);
  for (const now of ["", "one", "one two", "one two", "other"]) await text.tell(now);
  assert.deepEqual(task.artifacts.map(({ artifact: { parts }, append }) => [parts[0]?.text, append]), [
    ["one", false],
    [" two", true],
    ["other", false],
  ]);
  assert.deepEqual(task.answers, ["other"]);
});

Deno.test("close() says what is missing at the end, as the last chunk, and the files beside it", async () => {
  const task = new FakeTask();
  const text = told(task, true);
  await text.tell("one");
  const events = text.close("one two", [{ url: "https://a.example/f", filename: "f" }]);
  assert.equal(events.length, 2);
  assert.deepEqual(events[0], {
    artifact: { artifactId: "a", parts: [{ text: " two" }] },
    append: true,
    lastChunk: true,
  });
  assert.ok(task.artifacts.every(({ artifact }) => !isAnswer(artifact)));
});

Deno.test("close() of a text of which nothing was told says the whole, or nothing", () => {
  const task = new FakeTask();
  assert.deepEqual(told(task).close(""), []);
  assert.deepEqual(told(task).close("all"), [{
    artifact: { artifactId: "a", name: "child", parts: [{ text: "all" }] },
    append: false,
    lastChunk: true,
  }]);
});

Deno.test("close() without a text leaves what was told", async () => {
  const text = told(new FakeTask());
  await text.tell("half");
  assert.deepEqual(text.close(), [{
    artifact: { artifactId: "a", parts: [{ text: "" }] },
    append: true,
    lastChunk: true,
  }]);
});
