import assert from "node:assert/strict";
import { turnToolbox } from "../../src/agent/turn_toolbox.ts";
import { createLog } from "../../src/lib/log.ts";
import type { Tool, Toolset } from "../../src/tool/tool.ts";
import { call, fakeAgent, fakeModel, fakeTool, says } from "./fake_agent.ts";
import { FakeTask, inputOf } from "./fake_run.ts";

const signal = new AbortController().signal;

function toolsetOf(tools: () => readonly Tool[] | Promise<readonly Tool[]>): Toolset {
  return { tools: async () => await tools(), close: () => Promise.resolve() };
}

function logged() {
  const lines: string[] = [];
  const log = createLog({ format: "json", now: () => 0, write: (line) => lines.push(line) });
  return { lines, log };
}

Deno.test("turnToolbox() puts configured tools first, and the first of two with one name is the one", async () => {
  const { lines, log } = logged();
  const own = fakeTool("look", { act: () => ({ content: "own" }) });
  const box = await turnToolbox({
    tools: [own],
    toolsets: [toolsetOf(() => [fakeTool("look"), fakeTool("find")]), toolsetOf(() => [fakeTool("find")])],
    log,
  }, signal);
  assert.deepEqual(box.specs.map(({ name }) => name), ["look", "find"]);
  const checked = box.check(call("a", "look"));
  assert.ok("tool" in checked);
  assert.equal(checked.tool, own);
  assert.equal(lines.length, 2);
  assert.match(lines.join(), /two tools have one name.*look.*find/s);
});

Deno.test("turnToolbox() does without a toolset that fails, and says so in the log", async () => {
  const { lines, log } = logged();
  const broken = toolsetOf(() => Promise.reject(new Error("gone away")));
  const box = await turnToolbox({ tools: [], toolsets: [broken, toolsetOf(() => [fakeTool("find")])], log }, signal);
  assert.deepEqual(box.specs.map(({ name }) => name), ["find"]);
  assert.match(lines.join(), /gone away/);
});

Deno.test("run() tells the model which tools are away and why, until they are back", async () => {
  let isAway = true;
  const toolset: Toolset = {
    tools: () => Promise.resolve(isAway ? [] : [fakeTool("find")]),
    away: () => isAway ? [{ name: "files", reason: "it cannot be reached" }] : [],
    close: () => Promise.resolve(),
  };
  const model = fakeModel([says([], { calls: [call("a", "find")] }), says(["Done."])]);
  const agent = fakeAgent({ model, toolsets: [toolset] });
  const task = new FakeTask();
  await agent.run(inputOf("Go"), task.run());
  const told = 'The tools of "files" are away for the moment: it cannot be reached.';
  assert.match(
    model.requests[0]?.system ?? "",
    /^Be brief\.\n\nThe tools of "files" are away.*If the user needs them, say so/,
  );
  assert.equal(task.announced.at(-1), `a = Cannot call "find": there are no tools. ${told}`);
  isAway = false;
  await agent.run(inputOf("On"), task.run({ turn: 2 }));
  assert.equal(model.requests[2]?.system, "Be brief.");
  assert.match(task.announced.at(-1) ?? "", /find done/);
});

Deno.test("run() asks a toolset once a turn, and finds what it has by then", async () => {
  let asked = 0;
  const find = fakeTool("find");
  const toolset = toolsetOf(() => ++asked === 1 ? [find] : []);
  const model = fakeModel([says([], { calls: [call("a", "find")] }), says(["Done."])]);
  const agent = fakeAgent({ model, toolsets: [toolset] });
  const task = new FakeTask();
  await agent.run(inputOf("Go"), task.run());
  assert.equal(asked, 1);
  assert.equal(find.runs.length, 1);
  await agent.run(inputOf("On"), task.run({ turn: 2 }));
  assert.equal(asked, 2);
  assert.match(task.announced.at(-1) ?? "", /there are no tools/);
});
