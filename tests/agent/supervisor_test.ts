import assert from "node:assert/strict";
import { supervisor } from "../../src/agent/supervisor.ts";
import type { AgentsDeps } from "../../src/tool/tool.ts";
import { call, fakeModel, says } from "./fake_agent.ts";
import { FakeTask, inputOf } from "./fake_run.ts";
import { depsOf } from "./engine_deps.ts";

const PLAN = {
  goal: "Know owls",
  subtasks: [{ id: "a", title: "Find", agent: "finder", task: "Find owls.", depends_on: [] }],
};

function teamOf(answer: string): AgentsDeps {
  return {
    colleagues: [{ id: "finder", description: "Finds facts" }],
    ask: () => Promise.resolve({ content: answer }),
  };
}

Deno.test("supervisor plans, has the plan carried out, and answers with what came of it", async () => {
  const model = fakeModel([
    says(["Let me see."], { calls: [call("c1", "carry_out_plan", PLAN)] }),
    says(["Owls hoot [1]."]),
  ]);
  const task = new FakeTask();
  const end = await supervisor.create({}, { ...depsOf(model), agents: teamOf("They hoot.") })
    .run(inputOf("owls?"), task.run());
  assert.equal(end.state, "TASK_STATE_COMPLETED");
  assert.match(task.answers.join("\n"), /Owls hoot \[1\]\./);
  const [, second] = model.requests;
  assert.match(JSON.stringify(second?.messages), /\[1\] finder, subtask \\"a\\" \(Find\): done\\nThey hoot\./);
});

Deno.test("supervisor tells its model whom it leads, and nothing of plans where there is nobody", async () => {
  const requestOf = async (agents: AgentsDeps) => {
    const model = fakeModel([says(["Hi"])]);
    await supervisor.create({}, { ...depsOf(model), agents }).run(inputOf("Hi"), new FakeTask().run());
    return model.requests[0];
  };
  const led = await requestOf(teamOf(""));
  assert.match(led?.system ?? "", /You lead a team/);
  assert.match(led?.tools[0]?.description ?? "", /- finder: Finds facts/);
  assert.ok((led?.system ?? "").length < 1_500);
  const alone = await requestOf({ ...teamOf(""), colleagues: [] });
  assert.deepEqual(alone?.tools, []);
  assert.doesNotMatch(alone?.system ?? "", /plan/);
});

Deno.test("supervisor's plan is carried out once, wherever a crash cuts it", async () => {
  const uncut = await lifeOf(Infinity);
  for (let crashAt = 1; crashAt < uncut.entries; crashAt++) {
    const { answer, keys } = await lifeOf(crashAt);
    assert.deepEqual(answer, uncut.answer, `crash at ${crashAt}`);
    assert.deepEqual([...new Set(keys)], uncut.keys, `crash at ${crashAt}`);
  }
});

/** One turn, cut at an entry and run again; the keys by which its subtasks were begun. */
async function lifeOf(crashAt: number) {
  const keys: string[] = [];
  const agents: AgentsDeps = {
    ...teamOf(""),
    ask: (_options, { key }) => {
      keys.push(key);
      return Promise.resolve({ content: "They hoot." });
    },
  };
  const model = fakeModel([says([], { calls: [call("c1", "carry_out_plan", PLAN)] }), says(["Owls hoot [1]."])]);
  const task = new FakeTask();
  const live = (at: number) =>
    supervisor.create({}, { ...depsOf(model), agents }).run(inputOf("owls?"), task.run({ crashAt: at }));
  await live(crashAt).catch(() => live(Infinity));
  return { answer: task.answers, keys, entries: task.entries.length };
}
