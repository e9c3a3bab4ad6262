import assert from "node:assert/strict";
import { answerOf, isAnswer } from "../../src/a2a/parts.ts";
import type { ToolContext } from "../../src/tool/tool.ts";
import { call, fakeAgent, fakeModel, fakeTool, says } from "./fake_agent.ts";
import { Crash, FakeTask, inputOf } from "./fake_run.ts";

const replies = () => [says([], { calls: [call("a", "build")] }), says(["Built."])];

function builds(pieces: readonly string[], result = {}) {
  return fakeTool("build", {
    act: async (_input, { say }) => {
      for (const piece of pieces) await say(piece);
      return { content: "ok", ...result };
    },
  });
}

function sideOf(task: FakeTask) {
  return (task.task.artifacts ?? []).filter((artifact) => !isAnswer(artifact));
}

Deno.test("say() shows peers what a tool does in an artifact of its own that is no answer", async () => {
  const task = new FakeTask();
  const model = fakeModel(replies());
  await fakeAgent({ model, tools: [builds(["com", "piling"])] }).run(inputOf("Go"), task.run());
  assert.deepEqual(sideOf(task).map(({ name, parts }) => [name, parts]), [["build", [{ text: "compiling" }]]]);
  assert.equal(answerOf(task.task), "Built.");
  assert.equal(task.artifacts.filter(({ artifact }) => artifact.artifactId.endsWith(":said")).at(-1)?.lastChunk, true);
});

Deno.test("say() of a call that is made again after a crash writes its artifact anew", async () => {
  const uncut = new FakeTask();
  const agentOf = (pieces: string[]) => fakeAgent({ model: fakeModel(replies()), tools: [builds(pieces)] });
  await agentOf(["one", " two"]).run(inputOf("Go"), uncut.run());
  for (let crashAt = 0; crashAt < uncut.entries.length; crashAt++) {
    const task = new FakeTask();
    await assert.rejects(agentOf(["one", " two"]).run(inputOf("Go"), task.run({ crashAt })), Crash);
    await agentOf(["one", " two"]).run(inputOf("Go"), task.run());
    assert.deepEqual(task.task.artifacts, uncut.task.artifacts, `cut at ${crashAt}`);
  }
});

Deno.test("say() of a life before a crash is cleared when the call, made again, says nothing", async () => {
  const task = new FakeTask();
  const first = fakeAgent({ model: fakeModel(replies()), tools: [builds(["half"])] });
  const entries = 4;
  await assert.rejects(first.run(inputOf("Go"), task.run({ crashAt: entries })), Crash);
  assert.deepEqual(sideOf(task).map(({ parts }) => parts), [[{ text: "half" }]]);
  await fakeAgent({ model: fakeModel(replies()), tools: [builds([])] }).run(inputOf("Go"), task.run());
  assert.deepEqual(sideOf(task).map(({ parts }) => parts), [[{ text: "" }]]);
});

Deno.test("run() gives peers the parts of a tool's result as artifacts, once, and the model its content alone", async () => {
  const parts = [{ raw: "UE5H", mediaType: "image/png", filename: "plan.png" }, { data: { rooms: 3 } }];
  const task = new FakeTask();
  const model = fakeModel(replies());
  const agent = () => fakeAgent({ model, tools: [builds([], { parts })] });
  await agent().run(inputOf("Go"), task.run());
  const made = (task.task.artifacts ?? []).filter(({ artifactId }) => artifactId.includes(":part:"));
  assert.deepEqual(made.map(({ name, parts }) => [name, parts]), [["plan.png", [parts[0]]], [undefined, [parts[1]]]]);
  assert.deepEqual(task.announced, ["build a", "a = ok"]);
  const count = task.entries.length;
  await agent().run(inputOf("Go"), task.run());
  assert.equal(task.entries.length, count);
});

Deno.test("run() tells a tool whose task it works on, and what travels with the request", async () => {
  const tool = builds([]);
  const input = inputOf("Go");
  const message = { ...input.message, metadata: { trace: "t1" } };
  await fakeAgent({ model: fakeModel(replies()), tools: [tool] }).run({ ...input, message }, new FakeTask().run());
  const { taskId, owner, metadata, contextId, callId } = tool.runs[0]?.context ?? {};
  assert.deepEqual({ taskId, owner, metadata, contextId, callId }, {
    taskId: "task",
    owner: { tenant: "default", owner: "alice" },
    metadata: { trace: "t1" },
    contextId: "context",
    callId: "a",
  });
});

Deno.test("say() after the call is over is refused, and changes nothing", async () => {
  let kept: ToolContext | undefined;
  const late = fakeTool("build", {
    act: (_input, context) => {
      kept = context;
      return { content: "ok" };
    },
  });
  const task = new FakeTask();
  await fakeAgent({ model: fakeModel(replies()), tools: [late] }).run(inputOf("Go"), task.run());
  const count = task.entries.length;
  await assert.rejects(kept?.say("too late") ?? Promise.resolve());
  assert.equal(task.entries.length, count);
});
