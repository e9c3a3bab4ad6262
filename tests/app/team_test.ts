import assert from "node:assert/strict";
import { isAnswer, textOf, toolOutcomesOf } from "../../src/a2a/parts.ts";
import type { Task } from "../../src/a2a/types.ts";
import { callOf, candidateOf, openTestHouse, type TestHouse } from "./configurations.ts";

/* Agents that hand a conversation over, and agents that are tools of others. */

const TEAM = `
agents:
  desk: {llm: desk, sub_agents: [sales, support]}
  sales: {llm: sales, visibility: private}
  support: {llm: support, description: Mends things}
llms:
  desk:
    provider: scripted
    rules:
      - {match: {text: buy}, reply: {text: "One moment.", calls: [{name: transfer_to_sales}]}}
      - {match: {text: broken}, reply: {calls: [{name: transfer_to_support}]}}
    default: {text: "desk: {{message}} {{tools}}"}
  sales:
    provider: scripted
    rules:
      - {match: {text: desk}, reply: {calls: [{name: transfer_to_desk}]}}
      - {match: {text: broken}, reply: {calls: [{name: transfer_to_support}]}}
      - {match: {text: which}, reply: {text: "Which one?", stop: input_required}}
    default: {text: "sales: {{message}}"}
  support:
    provider: scripted
    default: {text: "support: {{message}}"}
`;

async function withHouse(text: string, act: (house: TestHouse) => Promise<void>): Promise<void> {
  const house = await openTestHouse(candidateOf(text));
  try {
    await act(house);
  } finally {
    await house.close();
  }
}

function answersOf({ artifacts = [] }: Task): string[] {
  return artifacts.filter(isAnswer).map(textOf);
}

async function tasksOf({ house }: TestHouse, agent: string): Promise<readonly Task[]> {
  return (await house.services.get(agent)?.listTasks({ historyLength: 50 }, callOf()))?.tasks ?? [];
}

Deno.test("transfer_to_… hands the conversation over: the other agent answers in the same task", async () => {
  await withHouse(TEAM, async (house) => {
    const task = await house.say("desk", "I buy");
    assert.equal(task.status.state, "TASK_STATE_COMPLETED");
    assert.deepEqual(answersOf(task), ["One moment.", "sales: I buy"]);
    assert.deepEqual(await tasksOf(house, "sales"), []);
    const outcomes = (task.history ?? []).flatMap(toolOutcomesOf).map(({ output }) => output);
    assert.deepEqual(outcomes, [`"sales" goes on with the conversation.`]);
  });
});

Deno.test("who was handed a conversation last goes on with it in later tasks, and may hand it on and back", async () => {
  await withHouse(TEAM, async (house) => {
    const { contextId = "" } = await house.say("desk", "I buy");
    assert.deepEqual(answersOf(await house.say("desk", "two of them", { contextId })), ["sales: two of them"]);
    assert.deepEqual(answersOf(await house.say("desk", "it is broken", { contextId })), ["support: it is broken"]);
    assert.deepEqual(answersOf(await house.say("desk", "thanks", { contextId })), ["support: thanks"]);
    const other = await house.say("desk", "hello");
    assert.match(answersOf(other)[0] ?? "", /^desk: hello .*transfer_to_sales, transfer_to_support/);
  });
});

Deno.test("who was handed a conversation may ask the peer, and goes on with the answer", async () => {
  await withHouse(TEAM, async (house) => {
    const { contextId = "" } = await house.say("desk", "I buy");
    const asked = await house.say("desk", "which?", { contextId });
    assert.equal(asked.status.state, "TASK_STATE_INPUT_REQUIRED");
    const task = await house.say("desk", "the red one", { contextId, taskId: asked.id });
    assert.deepEqual(answersOf(task), ["sales: the red one"]);
  });
});

const CIRCLE = `
agents:
  a: {llm: on, sub_agents: [b]}
  b: {llm: back}
llms:
  on: {provider: scripted, default: {calls: [{name: transfer_to_b}]}}
  back: {provider: scripted, default: {calls: [{name: transfer_to_a}]}}
`;

Deno.test("agents that hand over to each other for ever are stopped", async () => {
  await withHouse(CIRCLE, async (house) => {
    const task = await house.say("a", "go");
    assert.equal(task.status.state, "TASK_STATE_FAILED");
    assert.match(JSON.stringify(task.status.message), /handed over more than 16 times/);
  });
});

const TOOLS = `
agents:
  boss: {llm: boss, agent_tools: [help.er]}
  help.er: {llm: helper, visibility: private, description: Helps}
llms:
  boss:
    provider: scripted
    rules:
      - {match: {tool_result: help_er}, reply: {text: "{{tool_result}}"}}
    default: {calls: [{name: help_er, arguments: {request: "{{message}}"}}]}
  helper:
    provider: scripted
    rules: [{match: {text: which}, reply: {text: "Which?", stop: input_required}}]
    default: {text: "{{turn}}: {{message}}"}
`;

Deno.test("agent_tools makes an agent a tool of its name; each call begins a new conversation", async () => {
  await withHouse(TOOLS, async (house) => {
    const first = await house.say("boss", "one");
    assert.deepEqual(answersOf(first), ["1: one"]);
    assert.deepEqual(answersOf(await house.say("boss", "two", { contextId: first.contextId ?? "" })), ["1: two"]);
  });
});

Deno.test("an agent that was asked and asks back makes the asking task wait, and hears its answer", async () => {
  await withHouse(TOOLS, async (house) => {
    const asked = await house.say("boss", "which");
    assert.equal(asked.status.state, "TASK_STATE_INPUT_REQUIRED");
    assert.match(JSON.stringify(asked.status.message?.parts), /Which\?/);
    const task = await house.say("boss", "this", { taskId: asked.id, contextId: asked.contextId ?? "" });
    assert.deepEqual(answersOf(task), ["2: this"]);
    assert.equal((await tasksOf(house, "help.er")).length, 1);
  });
});
