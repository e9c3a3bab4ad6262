import assert from "node:assert/strict";
import type { Tool, Toolset } from "../../src/tool/tool.ts";
import { toolsetWithPolicy, withPolicy } from "../../src/tool/tool_policy.ts";
import { fakeTool } from "../agent/fake_agent.ts";

const GUARDED: Tool = { ...fakeTool("pay", { replay: "once" }), needsApproval: () => true, approvalPrompt: "Pay?" };

function asks(tool: Tool | undefined): boolean {
  return tool?.needsApproval?.({}) === true;
}

Deno.test("withPolicy() leaves a tool as it is where nothing is said", () => {
  const { name, description, replay, approvalPrompt } = withPolicy(GUARDED, {});
  assert.deepEqual([name, description, replay, approvalPrompt], ["pay", "Does pay", "once", "Pay?"]);
  assert.ok(asks(withPolicy(GUARDED, {})));
});

Deno.test("withPolicy() says what the configuration says", () => {
  const policy = {
    description: "Pays bills",
    requireApproval: false,
    approvalPrompt: "Really?",
    replay: "ask",
  } as const;
  const { description, replay, approvalPrompt } = withPolicy(GUARDED, policy);
  assert.deepEqual([description, replay, approvalPrompt], ["Pays bills", "ask", "Really?"]);
  assert.ok(!asks(withPolicy(GUARDED, policy)));
  assert.ok(asks(withPolicy(fakeTool("look"), { requireApproval: true })));
});

Deno.test("toolsetWithPolicy() guards every tool of a toolset, or none", async () => {
  let closed = 0;
  const toolset: Toolset = {
    tools: () => Promise.resolve([GUARDED, fakeTool("look")]),
    close: () => Promise.resolve(void closed++),
  };
  const asking = async (requireApproval?: boolean) => {
    const tools = await toolsetWithPolicy(toolset, { requireApproval }).tools(new AbortController().signal);
    return tools.map(asks);
  };
  assert.deepEqual(await asking(true), [true, true]);
  assert.deepEqual(await asking(false), [false, false]);
  assert.deepEqual(await asking(), [true, false]);
  await toolsetWithPolicy(toolset, { requireApproval: true }).close();
  assert.equal(closed, 1);
});

Deno.test("toolsetWithPolicy() says for every tool of a toolset what a crash means, or leaves it to them", async () => {
  const toolset: Toolset = {
    tools: () => Promise.resolve([GUARDED, fakeTool("look", { replay: "safe" })]),
    close: () => Promise.resolve(),
  };
  const replays = async (replay?: Tool["replay"]) =>
    (await toolsetWithPolicy(toolset, { replay }).tools(new AbortController().signal)).map((tool) => tool.replay);
  assert.deepEqual(await replays("ask"), ["ask", "ask"]);
  assert.deepEqual(await replays("safe"), ["safe", "safe"]);
  assert.deepEqual(await replays(), ["once", "safe"]);
  const [guarded] = await toolsetWithPolicy(toolset, { replay: "safe" }).tools(new AbortController().signal);
  assert.ok(asks(guarded), "it still asks");
});

Deno.test("toolsetWithPolicy() puts what the configuration says before what each tool says of itself", async () => {
  const toolset: Toolset = {
    tools: () => Promise.resolve([GUARDED, fakeTool("look")]),
    close: () => Promise.resolve(),
  };
  const tools = await toolsetWithPolicy(toolset, { description: "Of the wiki." }).tools(new AbortController().signal);
  assert.deepEqual(tools.map(({ description }) => description), ["Of the wiki.\nDoes pay", "Of the wiki.\nDoes look"]);
});
