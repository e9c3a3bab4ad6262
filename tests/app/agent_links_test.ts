import assert from "node:assert/strict";
import { textOf, toolOutcomesOf } from "../../src/a2a/parts.ts";
import { isInterrupted } from "../../src/a2a/task_state.ts";
import type { Message, Task } from "../../src/a2a/types.ts";
import { MemoryRecords, MemoryStore } from "../../src/store/memory_store.ts";
import type { Store } from "../../src/store/store.ts";
import { answerOf, callOf, candidateOf, openTestHouse, type TestHouse } from "./configurations.ts";

/* Agents of one process that give each other tasks. */

const BOSS = `
agents:
  boss: {llm: boss, tools: [agent_call]}
  worker: {llm: worker, visibility: private, description: Counts things}
llms:
  boss:
    provider: scripted
    rules:
      - match: {tool_result: agent_call}
        reply: {text: "The worker says: {{tool_result}}"}
    default: {calls: [{name: agent_call, arguments: {agent: worker, task: "{{message}}"}}]}
  worker:
    provider: scripted
    rules:
      - {match: {text: which}, reply: {text: "Which ones?", stop: input_required}}
      - {match: {text: slow}, reply: {text: "one two three four five", chunk_chars: 1, delay_ms: 20}}
      - {match: {text: fail}, reply: {error: {kind: invalid_request, message: "no way"}}}
    default: {text: "{{turn}}: {{message}}"}
`;

const asCall = callOf;

/** All tasks of an agent. */
async function tasksOf({ house }: TestHouse, agent: string): Promise<readonly Task[]> {
  const service = house.services.get(agent);
  assert.ok(service !== undefined);
  return (await service.listTasks({ includeArtifacts: true, historyLength: 100 }, asCall())).tasks;
}

function outcomesOf({ history = [] }: Task) {
  return history.flatMap(toolOutcomesOf);
}

/** A message that does not wait for its answer; gives the task's id. */
async function begin({ house }: TestHouse, agent: string, text: string): Promise<string> {
  const message: Message = { messageId: crypto.randomUUID(), role: "ROLE_USER", parts: [{ text }] };
  const sent = await house.services.get(agent)?.sendMessage(
    { message, configuration: { returnImmediately: true } },
    asCall(),
  );
  assert.ok(sent !== undefined && "task" in sent);
  return sent.task.id;
}

async function taskOf({ house }: TestHouse, agent: string, id: string): Promise<Task> {
  const service = house.services.get(agent);
  assert.ok(service !== undefined);
  return await service.getTask({ id }, asCall());
}

/** Resolves with the first task of an agent as soon as `when` holds for it. */
async function awaitTask(house: TestHouse, agent: string, when: (task: Task) => boolean): Promise<Task> {
  for (;;) {
    const found = (await tasksOf(house, agent)).find(when);
    if (found !== undefined) return found;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

Deno.test("agent_call begins a task of the other agent, a private one's too, and answers with what it says", async () => {
  const house = await openTestHouse(candidateOf(BOSS));
  const task = await house.say("boss", "seven");
  assert.equal(answerOf(task), "1: sevenThe worker says: 1: seven");
  const [child] = await tasksOf(house, "worker");
  assert.ok(child !== undefined);
  assert.equal(child.status.state, "TASK_STATE_COMPLETED");
  assert.notEqual(child.contextId, task.contextId);
  await house.close();
});

Deno.test("agent_call goes on with the conversation that this caller's context has with the agent, and no other", async () => {
  const house = await openTestHouse(candidateOf(BOSS));
  const first = await house.say("boss", "one");
  const { contextId } = first;
  assert.ok(contextId !== undefined);
  const second = await house.say("boss", "two", { contextId });
  const other = await house.say("boss", "three");
  const said = [first, second, other].map((task) => outcomesOf(task).map(({ output }) => output));
  assert.deepEqual(said, [["1: one"], ["2: two"], ["1: three"]]);
  await house.close();
});

Deno.test("agent_call shows the other agent's words while they come, in an artifact beside the answer", async () => {
  const house = await openTestHouse(candidateOf(BOSS));
  const { artifacts = [] } = await house.say("boss", "slow");
  assert.deepEqual(artifacts.map(({ name }) => name), ["agent_call", "answer"]);
  assert.equal(artifacts[0] && textOf(artifacts[0]), "one two three four five");
  await house.close();
});

Deno.test("agent_call tells the model why the other agent failed, and of agents that are not there", async () => {
  const house = await openTestHouse(candidateOf(BOSS));
  const [failed] = outcomesOf(await house.say("boss", "fail"));
  assert.equal(failed?.isError, true);
  assert.match(failed?.output ?? "", /"worker" could not finish the task: .*no way/);
  const lost = candidateOf(BOSS.replace("agent: worker, task", "agent: nobody, task"));
  const other = await openTestHouse(lost);
  const [refused] = outcomesOf(await other.say("boss", "x"));
  assert.match(refused?.output ?? "", /Cannot ask "nobody": the agents are worker/);
  await house.close();
  await other.close();
});

Deno.test("cancelTask() of the asking task cancels the task of the other agent", async () => {
  const house = await openTestHouse(candidateOf(BOSS));
  const id = await begin(house, "boss", "slow");
  await awaitTask(house, "worker", ({ status }) => status.state === "TASK_STATE_WORKING");
  await house.house.services.get("boss")?.cancelTask({ id }, asCall());
  const child = await awaitTask(house, "worker", ({ status }) => status.state !== "TASK_STATE_WORKING");
  assert.equal(child.status.state, "TASK_STATE_CANCELED");
  await house.close();
});

const DAY_MS = 24 * 60 * 60 * 1000;

/** [how long nobody is there, in milliseconds] */
for (const [gone, awayMs] of [["a moment", 0], ["some days", 3 * DAY_MS]] as const) {
  Deno.test(`agent_call after a crash and ${gone} goes on with the task that it began`, async () => {
    const records = new MemoryRecords();
    const patient = candidateOf(BOSS.replaceAll("{llm: ", "{reasoning: {timeout_seconds: 604800}, llm: "));
    const open = (holder: string, now: () => number) =>
      openTestHouse(patient, { store: new MemoryStore({ holder, now }, records), holder, now });
    const first = await open("first", () => Date.now());
    const id = await begin(first, "boss", "slow");
    await awaitTask(first, "worker", ({ artifacts = [] }) => artifacts.length > 0);
    await first.house.drain(AbortSignal.abort());
    const second = await open("second", () => Date.now() + awayMs);
    assert.equal(await second.house.recover(), 2);
    const task = await taskOf(second, "boss", id);
    assert.deepEqual(outcomesOf(task).map(({ output }) => output), ["one two three four five"]);
    assert.equal((await tasksOf(second, "worker")).length, 1);
    await second.close();
  });
}

const TWO = `
agents:
  boss: {llm: boss, tools: [agent_call], reasoning: {timeout_seconds: 3000}}
  asks: {llm: worker, reasoning: {timeout_seconds: 604800}}
  works: {llm: worker, reasoning: {timeout_seconds: 604800}}
llms:
  boss:
    provider: scripted
    rules: [{match: {tool_result: true}, reply: {text: "done"}}]
    default:
      calls:
        - {name: agent_call, arguments: {agent: asks, task: "which"}}
        - {name: agent_call, arguments: {agent: works, task: "slow"}}
  worker:
    provider: scripted
    rules:
      - {match: {text: which}, reply: {text: "Which ones?", stop: input_required}}
      - {match: {text: slow}, reply: {text: "one two three four five", chunk_chars: 1, delay_ms: 20}}
`;

/** The states of all tasks of an agent. */
async function statesOf(house: TestHouse, agent: string) {
  return (await tasksOf(house, agent)).map(({ status }) => status.state);
}

Deno.test("a task that is out of time leaves none waiting that it has begun, after a crash either", async () => {
  const records = new MemoryRecords();
  const open = (holder: string, now: () => number) =>
    openTestHouse(candidateOf(TWO), { store: new MemoryStore({ holder, now }, records), holder, now });
  const first = await open("first", () => Date.now());
  await begin(first, "boss", "go");
  await awaitTask(first, "asks", ({ status }) => isInterrupted(status.state));
  await awaitTask(first, "works", ({ artifacts = [] }) => artifacts.length > 0);
  await first.house.drain(AbortSignal.abort());
  const second = await open("second", () => Date.now() + DAY_MS);
  await second.house.recover();
  assert.deepEqual(await statesOf(second, "boss"), ["TASK_STATE_FAILED"]);
  assert.deepEqual(await statesOf(second, "asks"), ["TASK_STATE_CANCELED"]);
  await second.close();
});

/** [what the end of the wait makes of it, how the task ends that waited] */
for (const [otherwise, state] of [["fail", "TASK_STATE_FAILED"], ["deny", "TASK_STATE_COMPLETED"]] as const) {
  Deno.test(`a wait that ends with ${otherwise} leaves none waiting that the task has begun`, async () => {
    const records = new MemoryRecords();
    const impatient = candidateOf(
      BOSS.replace("{llm: boss,", `{llm: boss, task: {input_timeout: 3600, on_input_timeout: ${otherwise}},`),
    );
    const open = (holder: string, now: () => number) =>
      openTestHouse(impatient, { store: new MemoryStore({ holder, now }, records), holder, now });
    const first = await open("first", () => Date.now());
    const { status } = await first.say("boss", "which");
    assert.equal(status.state, "TASK_STATE_INPUT_REQUIRED");
    await first.house.drain(AbortSignal.abort());
    const second = await open("second", () => Date.now() + DAY_MS);
    await second.house.recover();
    assert.deepEqual(await statesOf(second, "boss"), [state]);
    assert.deepEqual(await statesOf(second, "worker"), ["TASK_STATE_CANCELED"]);
    await second.close();
  });
}

Deno.test("a wait whose agent is gone leaves none waiting that its task has begun", async () => {
  const records = new MemoryRecords();
  const impatient = BOSS.replace("{llm: boss,", "{llm: boss, task: {input_timeout: 3600},");
  const open = (holder: string, now: () => number, text: string) =>
    openTestHouse(candidateOf(text), {
      store: new MemoryStore({ holder, now }, records),
      holder,
      now,
      reread: undefined,
    });
  const first = await open("first", () => Date.now(), impatient);
  await first.say("boss", "which");
  await first.house.drain(AbortSignal.abort());
  const second = await open("second", () => Date.now() + DAY_MS, impatient.replace(/^ {2}boss: \{llm.*\n/m, ""));
  await second.house.recover();
  assert.deepEqual(await statesOf(second, "boss"), ["TASK_STATE_FAILED"]);
  assert.deepEqual(await statesOf(second, "worker"), ["TASK_STATE_CANCELED"]);
  await second.close();
});

Deno.test("a task whose agent is gone at a start leaves none waiting that it has begun", async () => {
  const records = new MemoryRecords();
  const now = () => Date.now();
  const open = (holder: string, text: string) =>
    openTestHouse(candidateOf(text), { store: new MemoryStore({ holder, now }, records), holder, reread: undefined });
  const first = await open("first", TWO);
  await begin(first, "boss", "go");
  await awaitTask(first, "asks", ({ status }) => isInterrupted(status.state));
  await first.house.drain(AbortSignal.abort());
  const second = await open("second", TWO.replace(/^ {2}boss: \{llm.*\n/m, ""));
  await second.house.recover();
  assert.deepEqual(await statesOf(second, "boss"), ["TASK_STATE_FAILED"]);
  assert.deepEqual(await statesOf(second, "asks"), ["TASK_STATE_CANCELED"]);
  await second.close();
});

const ROUND = `
agents:
  a: {llm: pass, tools: [to_b]}
  b: {llm: pass, tools: [to_a]}
tools:
  to_a: {type: agent_call}
  to_b: {type: agent_call}
llms:
  pass:
    provider: scripted
    rules:
      - {match: {tool_result: true}, reply: {text: "{{tool_result}}"}}
      - {match: {tool: to_a}, reply: {calls: [{name: to_a, arguments: {agent: a, task: go}}]}}
    default: {calls: [{name: to_b, arguments: {agent: b, task: go}}]}
`;

Deno.test("agent_call refuses to give a task to an agent that waits for its answer", async () => {
  const house = await openTestHouse(candidateOf(ROUND));
  const task = await house.say("a", "go");
  assert.match(answerOf(task), /Cannot give "a" a task: it waits for the answer itself \(a → b → a\)/);
  await house.close();
});

Deno.test("cancelTask() of a task that waits because the other agent does cancels that one's task, too", async () => {
  const house = await openTestHouse(candidateOf(BOSS));
  const asked = await house.say("boss", "which");
  assert.equal(asked.status.state, "TASK_STATE_INPUT_REQUIRED");
  await house.house.services.get("boss")?.cancelTask({ id: asked.id }, asCall());
  assert.deepEqual((await tasksOf(house, "worker")).map(({ status }) => status.state), ["TASK_STATE_CANCELED"]);
  await house.close();
});

/** A store that takes its time to record questions: `begun` are those that it is about to. */
function hesitant(holder: string) {
  const inner = new MemoryStore({ holder, now: () => Date.now() });
  const recorded = Promise.withResolvers<void>();
  const begun: string[] = [];
  const append: Store["journal"]["append"] = async (ref, drafts, expect) => {
    const asks = drafts.some((draft) =>
      "event" in draft && "statusUpdate" in draft.event && isInterrupted(draft.event.statusUpdate.status.state)
    );
    if (asks && begun.push(ref.id) > 1) await recorded.promise;
    return await inner.journal.append(ref, drafts, expect);
  };
  const { tasks, contexts, webhooks, revisions, place } = inner;
  const journal = { ...inner.journal, append };
  const store: Store = { tasks, contexts, webhooks, revisions, place, journal, close: () => inner.close() };
  return { store, begun, recorded };
}

Deno.test("cancelTask() of a task that just asks what the other agent asks cancels that one's task, too", async () => {
  const { store, begun, recorded } = hesitant("first");
  const house = await openTestHouse(candidateOf(BOSS), { store, holder: "first" });
  const id = await begin(house, "boss", "which");
  while (!begun.includes(id)) await new Promise((resolve) => setImmediate(resolve));
  const canceled = house.house.services.get("boss")?.cancelTask({ id }, asCall());
  await new Promise((resolve) => setImmediate(resolve));
  recorded.resolve();
  assert.equal((await canceled)?.status.state, "TASK_STATE_CANCELED");
  assert.deepEqual((await tasksOf(house, "worker")).map(({ status }) => status.state), ["TASK_STATE_CANCELED"]);
  await house.close();
});

Deno.test("a task whose caller was canceled is canceled when it would go on after a crash", async () => {
  const records = new MemoryRecords();
  const now = () => Date.now();
  const over = (holder: string) => ({ store: new MemoryStore({ holder, now }, records), holder });
  const first = await openTestHouse(candidateOf(BOSS), over("first"));
  const id = await begin(first, "boss", "slow");
  await awaitTask(first, "worker", ({ artifacts = [] }) => artifacts.length > 0);
  await first.house.drain(AbortSignal.abort());
  const second = await openTestHouse(candidateOf(BOSS), over("second"));
  // As if the process had died between the two.
  await second.house.services.get("boss")?.cancelTask({ id }, asCall());
  await second.house.recover();
  assert.deepEqual((await tasksOf(second, "worker")).map(({ status }) => status.state), ["TASK_STATE_CANCELED"]);
  await second.close();
});
