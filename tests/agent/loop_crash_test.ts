import assert from "node:assert/strict";
import { Unfinished } from "../../src/agent/agent.ts";
import type { RunEnd } from "../../src/agent/agent.ts";
import type { ModelEvent } from "../../src/model/model.ts";
import { call, fakeAgent, fakeModel, type FakeTool, fakeTool, says } from "./fake_agent.ts";
import { Crash, FakeTask, inputOf } from "./fake_run.ts";

/** A conversation with all that can be cut: text, parallel calls, a call that may run once, a silent answer, an end. */
interface Story {
  readonly name: string;
  readonly replies: readonly ModelEvent[][];
  readonly state: RunEnd["state"];
  readonly answers: readonly string[];
}

const STORIES: readonly Story[] = [
  {
    name: "text, parallel calls, text, a call that may run once, text",
    replies: [
      says(["I ", "look."], { calls: [call("a", "look"), call("b", "look", { at: 2 }), call("x", "unknown")] }),
      says(["I pay."], { calls: [call("p", "pay", { sum: 3 })] }),
      says(["Do", "ne."]),
    ],
    state: "TASK_STATE_COMPLETED",
    answers: ["I look.\n\nI pay.\n\nDone."],
  },
  {
    name: "calls without a word between texts",
    replies: [
      says(["Begin."], { calls: [call("a", "look")] }),
      says([], { calls: [call("p", "pay")] }),
      says(["End."]),
    ],
    state: "TASK_STATE_COMPLETED",
    answers: ["Begin.\n\nEnd."],
  },
  { name: "one answer", replies: [says(["a", "b", "c"])], state: "TASK_STATE_COMPLETED", answers: ["abc"] },
  {
    name: "an answer and then a question",
    replies: [says(["So far."], { calls: [call("a", "look")] }), says(["Which", "?"], { stop: "input_required" })],
    state: "TASK_STATE_INPUT_REQUIRED",
    answers: ["So far."],
  },
  {
    name: "a refusal after some words",
    replies: [says(["Well", ", no"], { stop: "refusal" })],
    state: "TASK_STATE_REJECTED",
    answers: [""],
  },
];

interface Life {
  readonly task: FakeTask;
  readonly look: FakeTool;
  readonly pay: FakeTool;
  readonly begin: (crashAt: number) => Promise<RunEnd | "died" | "asks">;
}

function lifeOf({ replies }: Pick<Story, "replies">): Life {
  const task = new FakeTask();
  const look = fakeTool("look");
  const pay = fakeTool("pay", { replay: "once" });
  const begin = async (crashAt: number) => {
    // Each life is a new process: nothing but the journal is left of the one before.
    const agent = fakeAgent({ model: fakeModel(replies), tools: [look, pay] });
    try {
      return await agent.run(inputOf("Go"), task.run({ crashAt }));
    } catch (thrown) {
      if (thrown instanceof Crash) return "died";
      if (thrown instanceof Unfinished) return "asks";
      throw thrown;
    }
  };
  return { task, look, pay, begin };
}

function assertNothingTwice({ task, pay }: Life): void {
  const announced = task.announced;
  assert.equal(new Set(announced).size, announced.length, `said twice: ${announced.join(", ")}`);
  const ids = task.working.map(({ messageId }) => messageId);
  assert.equal(new Set(ids).size, ids.length, `the same message twice: ${ids.join(", ")}`);
  assert.ok(pay.runs.length <= 1, `paid ${pay.runs.length} times`);
  assert.ok(task.artifacts.filter(({ lastChunk }) => lastChunk).length <= 1, "closed twice");
}

async function assertWhole(story: Story, life: Life, end: RunEnd | "died" | "asks"): Promise<void> {
  assertNothingTwice(life);
  // Nobody knows whether it was paid: the turn ends there, and the peer is asked.
  if (end === "asks") return;
  const uncut = lifeOf(story);
  assert.deepEqual(end, await uncut.begin(Infinity));
  assert.deepEqual(life.task.answers, uncut.task.answers);
  assert.deepEqual(life.task.announced.toSorted(), uncut.task.announced.toSorted());
}

for (const story of STORIES) {
  Deno.test(`run() without a crash tells: ${story.name}`, async () => {
    const life = lifeOf(story);
    const end = await life.begin(Infinity);
    assert.ok(end !== "died" && end !== "asks");
    assert.equal(end.state, story.state);
    assert.deepEqual(life.task.answers, story.answers);
    assertNothingTwice(life);
  });

  Deno.test(`run() ends the same after a crash at any entry of: ${story.name}`, async () => {
    const uncut = lifeOf(story);
    await uncut.begin(Infinity);
    let asks = 0;
    for (let crashAt = 0; crashAt < uncut.task.entries.length; crashAt++) {
      const life = lifeOf(story);
      assert.equal(await life.begin(crashAt), "died", `at ${crashAt}`);
      const end = await life.begin(Infinity);
      if (end === "asks") asks++;
      await assertWhole(story, life, end);
    }
    const onces = uncut.task.entries.filter((entry) => "begin" in entry).length;
    assert.equal(asks > 0, onces > 0);
  });

  Deno.test(`run() ends the same after two crashes anywhere in: ${story.name}`, async () => {
    const uncut = lifeOf(story);
    await uncut.begin(Infinity);
    const length = uncut.task.entries.length;
    for (let first = 0; first < length; first++) {
      for (let second = first; second <= length + 2; second++) {
        const life = lifeOf(story);
        await life.begin(first);
        let end = await life.begin(second);
        if (end === "died") end = await life.begin(Infinity);
        await assertWhole(story, life, end);
      }
    }
  });
}

Deno.test("run() that is complete in the journal says nothing and asks nobody", async () => {
  const replies = [says(["Hm."], { calls: [call("a", "look")] }), says(["Done."])];
  const task = new FakeTask();
  const first = await fakeAgent({ model: fakeModel(replies), tools: [fakeTool("look")] }).run(
    inputOf("Go"),
    task.run(),
  );
  const entries = task.entries.length;
  const model = fakeModel(replies);
  const input = inputOf("Go");
  const again = await fakeAgent({ model, tools: [] }).run(input, task.run());
  assert.deepEqual(again, first);
  assert.equal(task.entries.length, entries);
  assert.equal(model.requests.length, 0);
  assert.equal(input.reads(), 0);
});

/** [where the first life is cut, what the second says then]: the artifact's events of the second life. */
const CUTS: [name: string, replies: ModelEvent[][], crashAt: number, events: [append: boolean, text: string][]][] = [
  ["before any delta", [says(["ab", "cd"])], 1, [[false, "ab"], [true, "cd"], [true, ""]]],
  ["in the middle of the deltas", [says(["ab", "cd"])], 2, [[false, "ab"], [true, "cd"], [true, ""]]],
  ["after the last delta", [says(["ab", "cd"])], 3, [[false, "ab"], [true, "cd"], [true, ""]]],
  [
    "between tool steps",
    [says(["One."], { calls: [call("a", "look"), call("b", "look")] }), says(["Two."])],
    6,
    [[true, "\n\nTwo."], [true, ""]],
  ],
  [
    "in the middle of the second text",
    [says(["One."], { calls: [call("a", "look")] }), says(["Tw", "o."])],
    7,
    [[false, "One.\n\nTw"], [true, "o."], [true, ""]],
  ],
];
for (const [name, replies, crashAt, events] of CUTS) {
  Deno.test(`run() that was cut ${name} goes on with exactly the missing text`, async () => {
    const life = lifeOf({ replies });
    assert.equal(await life.begin(crashAt), "died");
    const before = life.task.artifacts.length;
    await life.begin(Infinity);
    const said = life.task.artifacts.slice(before);
    assert.deepEqual(said.map(({ append, artifact }) => [append, artifact.parts[0]?.text]), events);
    assert.equal(said.at(-1)?.lastChunk, true);
  });
}

Deno.test("run() takes back cut text when the model, asked again, calls without a word", async () => {
  const task = new FakeTask();
  const look = fakeTool("look");
  const first = fakeModel([says(["I think that"])]);
  await assert.rejects(fakeAgent({ model: first }).run(inputOf("Go"), task.run({ crashAt: 2 })), Crash);
  assert.deepEqual(task.answers, ["I think that"]);
  const second = fakeModel([says([], { calls: [call("a", "look")] }), says(["Done."])]);
  await fakeAgent({ model: second, tools: [look] }).run(inputOf("Go"), task.run());
  assert.deepEqual(task.answers, ["Done."]);
});

Deno.test("run() takes back cut text when the model, asked again, says nothing at all", async () => {
  const task = new FakeTask();
  await assert.rejects(
    fakeAgent({ model: fakeModel([says(["I think that"])]) }).run(inputOf("Go"), task.run({ crashAt: 2 })),
    Crash,
  );
  await fakeAgent({ model: fakeModel([says([])]) }).run(inputOf("Go"), task.run());
  assert.deepEqual(task.answers, [""]);
  assert.equal(task.artifacts.at(-1)?.lastChunk, true);
});

Deno.test("run() answers the next turn of a task in an artifact of its own", async () => {
  const task = new FakeTask();
  await fakeAgent({ model: fakeModel([says(["one"])]) }).run(inputOf("Go"), task.run({ turn: 1 }));
  await fakeAgent({ model: fakeModel([says(["two"])]) }).run(inputOf("On"), task.run({ turn: 2 }));
  assert.deepEqual(task.answers, ["one", "two"]);
});

Deno.test("run() cut in the second turn of a task leaves the first answer alone", async () => {
  const task = new FakeTask();
  await fakeAgent({ model: fakeModel([says(["one"])]) }).run(inputOf("Go"), task.run({ turn: 1 }));
  const second = () => fakeAgent({ model: fakeModel([says(["t", "wo"])]) });
  const crashAt = task.entries.length + 2;
  await assert.rejects(second().run(inputOf("On"), task.run({ turn: 2, crashAt })), Crash);
  assert.deepEqual(task.answers, ["one", "t"]);
  await second().run(inputOf("On"), task.run({ turn: 2 }));
  assert.deepEqual(task.answers, ["one", "two"]);
});
