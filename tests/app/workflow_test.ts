import assert from "node:assert/strict";
import { isAnswer, textOf } from "../../src/a2a/parts.ts";
import type { Message, Task } from "../../src/a2a/types.ts";
import { MemoryRecords, MemoryStore } from "../../src/store/memory_store.ts";
import { callOf, candidateOf, openTestHouse, type TestHouse } from "./configurations.ts";

/* Agents without a model, made of others: what they ask whom, what comes of it, and that a crash changes nothing. */

/** Agents that answer with their name and what they heard, but for words that make them do something else. */
function words(names: readonly string[], more = ""): string {
  const agents = names.map((id) => `  ${id}: {llm: ${id}}`);
  const llms = names.map((id) =>
    `  ${id}: {provider: scripted, rules: [` +
    `{match: {text: "stop ${id}"}, reply: {error: {kind: invalid_request, message: "${id} cannot"}}}, ` +
    `{match: {text: "ask ${id}"}, reply: {text: "${id} asks", stop: input_required}}, ` +
    `{match: {text: "slow"}, reply: {text: "${id} is slow", chunk_chars: 1, delay_ms: 20}}], ` +
    `default: {text: "${id}({{message}})"}}`
  );
  return `agents:\n${more}${agents.join("\n")}\nllms:\n${llms.join("\n")}\n`;
}

function answersOf({ artifacts = [] }: Task): string[] {
  return artifacts.filter(isAnswer).map(textOf);
}

function saysOf({ status: { message } }: Task): string {
  return message === undefined ? "" : textOf(message);
}

async function with_(text: string, act: (house: TestHouse) => Promise<void>): Promise<void> {
  const house = await openTestHouse(candidateOf(text));
  try {
    await act(house);
  } finally {
    await house.close();
  }
}

async function tasksOf({ house }: TestHouse, agent: string): Promise<readonly Task[]> {
  return (await house.services.get(agent)?.listTasks({ historyLength: 50 }, callOf()))?.tasks ?? [];
}

const SEQUENCE = words(["a", "b"], "  both: {type: sequential, sub_agents: [a, b]}\n");

Deno.test("type sequential asks one after another, tells each what was answered, and answers as the last", async () => {
  await with_(SEQUENCE, async (house) => {
    const task = await house.say("both", "go");
    assert.equal(task.status.state, "TASK_STATE_COMPLETED");
    assert.deepEqual(answersOf(task), [`b(go\n\nWhat "a" answered:\na(go))`]);
    const aside = (task.artifacts ?? []).filter((artifact) => !isAnswer(artifact));
    assert.deepEqual(aside.map(({ name, parts }) => [name, textOf({ parts })]), [["a", "a(go)"]]);
  });
});

Deno.test("type sequential ends with what the first agent says that fails, and asks no other", async () => {
  await with_(SEQUENCE, async (house) => {
    const task = await house.say("both", "stop a");
    assert.equal(task.status.state, "TASK_STATE_FAILED");
    assert.match(saysOf(task), /"a" could not finish the task: .*a cannot/);
    assert.deepEqual(await tasksOf(house, "b"), []);
  });
});

Deno.test("type sequential waits while an agent does, brings it the answer, and goes on", async () => {
  await with_(SEQUENCE, async (house) => {
    const first = await house.say("both", "ask a");
    assert.equal(first.status.state, "TASK_STATE_INPUT_REQUIRED");
    assert.equal(saysOf(first), "a asks");
    const { id: taskId, contextId } = first;
    const task = await house.say("both", "blue", { taskId, contextId: contextId ?? "" });
    assert.equal(task.status.state, "TASK_STATE_COMPLETED");
    assert.deepEqual(answersOf(task), [`b(ask a\n\nWhat "a" answered:\na(blue))`]);
    assert.equal((await tasksOf(house, "a")).length, 1);
  });
});

const PARALLEL = words(["a", "b", "c"], "  all: {type: parallel, sub_agents: [a, b, c], max_concurrency: 2}\n");

Deno.test("type parallel asks all with the request alone, and answers with all answers in order", async () => {
  await with_(PARALLEL, async (house) => {
    const task = await house.say("all", "go");
    assert.deepEqual(answersOf(task), ["a(go)", "b(go)", "c(go)"]);
    assert.deepEqual((task.artifacts ?? []).map(({ name }) => name).sort(), ["a", "b", "c"]);
  });
});

Deno.test("type parallel lets no more agents work at one time than max_concurrency", async () => {
  await with_(PARALLEL, async (house) => {
    const following = house.say("all", "slow");
    let most = 0;
    let isOver = false;
    following.finally(() => isOver = true);
    while (!isOver) {
      const open = await Promise.all(["a", "b", "c"].map((id) => tasksOf(house, id)));
      const working = open.flat().filter(({ status: { state } }) => state === "TASK_STATE_WORKING");
      most = Math.max(most, working.length);
      await new Promise((resolve) => setImmediate(resolve));
    }
    assert.equal(most, 2);
    assert.equal((await following).status.state, "TASK_STATE_COMPLETED");
  });
});

Deno.test("type parallel tells of every agent that failed, and leaves none waiting", async () => {
  await with_(PARALLEL, async (house) => {
    const task = await house.say("all", "stop a, ask b, stop c");
    assert.equal(task.status.state, "TASK_STATE_FAILED");
    assert.match(saysOf(task), /"a" could not finish[^]*"c" could not finish/);
    assert.deepEqual((await tasksOf(house, "b")).map(({ status: { state } }) => state), ["TASK_STATE_CANCELED"]);
  });
});

Deno.test("type parallel brings answers to the agents that wait, one after another", async () => {
  await with_(PARALLEL, async (house) => {
    const first = await house.say("all", "ask a, ask c");
    const ids = { taskId: first.id, contextId: first.contextId ?? "" };
    assert.equal(saysOf(first), "a asks");
    const second = await house.say("all", "one", ids);
    assert.equal(second.status.state, "TASK_STATE_INPUT_REQUIRED");
    assert.equal(saysOf(second), "c asks");
    const task = await house.say("all", "two", ids);
    assert.deepEqual(answersOf(task).sort(), ["a(one)", "b(ask a, ask c)", "c(two)"]);
    assert.deepEqual((await tasksOf(house, "a")).length, 1);
  });
});

const LOOP = `
agents:
  twice: {type: loop, sub_agents: [writer, critic], max_iterations: 2}
  until: {type: loop, sub_agents: [writer, judge], max_iterations: 0}
  writer: {llm: writer}
  critic: {llm: critic}
  judge: {llm: judge, reasoning: {enable_exit_tool: true}}
llms:
  writer: {provider: scripted, default: {text: "draft {{turn}}"}}
  critic: {provider: scripted, default: {text: "more"}}
  judge:
    provider: scripted
    rules:
      - {match: {tool_result: exit_loop}, reply: {text: "good"}}
      - {match: {text: "draft 3"}, reply: {calls: [{name: exit_loop}]}}
    default: {text: "not yet"}
`;

Deno.test("type loop works so often as max_iterations says, and answers with what each answered last", async () => {
  await with_(LOOP, async (house) => {
    const task = await house.say("twice", "go");
    assert.deepEqual(answersOf(task), ["draft 2", "more"]);
    const [, last] = (await tasksOf(house, "writer")).toReversed();
    assert.match(last?.history?.[0] === undefined ? "" : textOf(last.history[0]), /What "critic" answered:\nmore/);
  });
});

Deno.test("type loop ends when an agent calls exit_loop", async () => {
  await with_(LOOP, async (house) => {
    const task = await house.say("until", "go");
    assert.deepEqual(answersOf(task), ["draft 3", "good"]);
    assert.equal((await tasksOf(house, "writer")).length, 3);
  });
});

/** A life that ends in the middle, and the next one over what it recorded. */
async function restarted(text: string, agent: string, act: (first: TestHouse) => Promise<void>) {
  const records = new MemoryRecords();
  const over = (holder: string) => ({ store: new MemoryStore({ holder, now: () => Date.now() }, records), holder });
  const first = await openTestHouse(candidateOf(text), over("first"));
  const message: Message = { messageId: "m", role: "ROLE_USER", parts: [{ text: "slow" }] };
  const sent = await first.house.services.get(agent)?.sendMessage(
    { message, configuration: { returnImmediately: true } },
    callOf(),
  );
  assert.ok(sent !== undefined && "task" in sent);
  await act(first);
  await first.house.drain(AbortSignal.abort());
  const second = await openTestHouse(candidateOf(text), over("second"));
  await second.house.recover();
  const task = await second.house.services.get(agent)?.getTask({ id: sent.task.id }, callOf());
  assert.ok(task !== undefined);
  return { task, second };
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!await holds()) await new Promise((resolve) => setImmediate(resolve));
}

const MANY = words(["a", "b", "c"], "  all: {type: parallel, sub_agents: [a, b, c], max_concurrency: 1}\n");

Deno.test("type parallel goes on after a crash with the tasks that it began, and begins only those that were left", async () => {
  const { task, second } = await restarted(MANY, "all", (first) =>
    until(async () => {
      const [b] = await tasksOf(first, "b");
      return (b?.status.state) === "TASK_STATE_WORKING";
    }));
  assert.deepEqual(answersOf(task), ["a is slow", "b is slow", "c is slow"]);
  for (const id of ["a", "b", "c"]) assert.equal((await tasksOf(second, id)).length, 1, id);
  await second.close();
});

Deno.test("cancelTask() of a parallel flow ends the children that ask as well as those that work", async () => {
  await with_(MANY.replace("max_concurrency: 1", "max_concurrency: 3"), async (house) => {
    const message: Message = { messageId: "m", role: "ROLE_USER", parts: [{ text: "ask a, slow" }] };
    const all = house.house.services.get("all");
    const sent = await all?.sendMessage({ message, configuration: { returnImmediately: true } }, callOf());
    assert.ok(sent !== undefined && "task" in sent);
    const stateOf = async (agent: string) => (await tasksOf(house, agent))[0]?.status.state;
    await until(async () => await stateOf("a") === "TASK_STATE_INPUT_REQUIRED");
    await until(async () => await stateOf("b") === "TASK_STATE_WORKING");
    await all?.cancelTask({ id: sent.task.id }, callOf());
    for (const id of ["a", "b", "c"]) await until(async () => await stateOf(id) === "TASK_STATE_CANCELED");
  });
});

const ROUND = words(
  ["a"],
  `  both: {type: parallel, sub_agents: [a, boss]}
  boss: {llm: boss, tools: [agent_call]}
`,
) + `  boss:
    provider: scripted
    rules: [{match: {tool_result: true}, reply: {text: "{{tool_result}}"}}]
    default: {calls: [{name: agent_call, arguments: {agent: both, task: "{{message}}"}}]}
`;

Deno.test("type parallel has nobody wait for an answer when one of its children cannot be asked", async () => {
  await with_(ROUND, async (house) => {
    assert.match(answersOf(await house.say("boss", "ask a")).join(), /waits for the answer itself/);
    assert.deepEqual((await tasksOf(house, "a")).map(({ status }) => status.state), ["TASK_STATE_CANCELED"]);
  });
});

const RUNNER = `
agents:
  tool: {type: runner, tools: [todo_write, reverse]}
  bad: {type: runner, tools: [two]}
  fixed: {type: runner, tools: [two], tool_arguments: {two: {agent: echo}}}
  echo: {llm: echo}
tools:
  reverse: {type: agent_call}
  two: {type: agent_call}
llms:
  echo: {provider: scripted, default: {text: "heard {{message}}"}}
`;

Deno.test("type runner calls its tools one after another, each with what the one before it gave out", async () => {
  await with_(RUNNER, async (house) => {
    const task = await house.say("fixed", "hello");
    assert.deepEqual(answersOf(task), ["heard hello"]);
  });
});

Deno.test("type runner says which argument it cannot tell, and which tool failed", async () => {
  await with_(RUNNER, async (house) => {
    const task = await house.say("bad", "hello");
    assert.equal(task.status.state, "TASK_STATE_FAILED");
    assert.match(saysOf(task), /Cannot run "two": what comes in could be any of its arguments agent, task/);
    const other = await house.say("tool", '{"todos": [{"id": "1", "content": "x"}]}');
    assert.match(saysOf(other), /Cannot run "reverse"/);
  });
});
