import assert from "node:assert/strict";
import { directoryOf } from "../../src/app/create_directory.ts";
import type { Reload } from "../../src/app/house.ts";
import { MemoryRecords, MemoryStore } from "../../src/store/memory_store.ts";
import {
  answerOf,
  callOf,
  candidateOf,
  configOf,
  openTestHouse,
  reread,
  type TestHouse,
  wordAgents,
} from "./configurations.ts";

const RED = wordAgents({ a: "red" });
const BLUE = wordAgents({ a: "blue" });

/** A house over kept records, as a process before or after a restart has it. */
function openOver(records: MemoryRecords, holder: string, text: string, over = {}): Promise<TestHouse> {
  const store = new MemoryStore({ holder, now: () => Date.now() }, records);
  return openTestHouse(candidateOf(text), { store, holder, ...over });
}

function applied(outcome: Reload) {
  if (outcome.kind !== "applied") throw new TypeError(`Expected that it is applied, got ${JSON.stringify(outcome)}`);
  return outcome;
}

Deno.test("reload() serves the new configuration from then on", async () => {
  const { house, say, close } = await openTestHouse(candidateOf(RED));
  assert.equal(answerOf(await say("a", "hello")), "red");
  const before = house.revision;
  const outcome = applied(await house.reload(candidateOf(BLUE)));
  assert.equal(outcome.before, before);
  assert.equal(outcome.revision, house.revision);
  assert.notEqual(house.revision, before);
  assert.equal(answerOf(await say("a", "hello")), "blue");
  await close();
});

Deno.test("reload() of the same configuration changes nothing", async () => {
  const { house, close } = await openTestHouse(candidateOf(RED));
  const directory = directoryOf(house);
  const before = directory();
  const { revision, sinceMs } = house;
  assert.deepEqual(await house.reload(candidateOf(`# a comment\n${RED}`)), {
    kind: "unchanged",
    revision,
    waiting: [],
  });
  assert.equal(directory(), before);
  assert.equal(house.sinceMs, sinceMs);
  await close();
});

Deno.test("reload() of what cannot be built leaves what is served as it is, and says why", async () => {
  const { house, say, close } = await openTestHouse(candidateOf(RED));
  const directory = directoryOf(house);
  const before = directory();
  const { revision } = house;
  const outcome = await house.reload(candidateOf("agents: {a: {llm: gpt-4o}}"));
  assert.equal(outcome.kind, "refused");
  assert.match(outcome.kind === "refused" ? outcome.reason : "", /OPENAI_API_KEY/);
  assert.equal(directory(), before);
  assert.equal(house.revision, revision);
  assert.equal(answerOf(await say("a", "hello")), "red");
  await close();
});

Deno.test("reload() serves new agents and hides those that are gone, whose streams go on to their end", async () => {
  const { house, say, close } = await openTestHouse(candidateOf(wordAgents({ a: "red", b: "black" })));
  const begun = await house.services.get("b")?.sendMessage({
    message: { messageId: "m1", role: "ROLE_USER", parts: [{ text: "slow" }] },
    configuration: { returnImmediately: true },
  }, callOf());
  assert.ok(begun && "task" in begun);
  const { id } = begun.task;
  const following = Array.fromAsync(house.services.get("b")?.subscribeToTask({ id }, callOf()) ?? []);
  applied(await house.reload(candidateOf(wordAgents({ a: "red", c: "green" }))));
  assert.deepEqual([...directoryOf(house)().agents.keys()], ["a", "c"]);
  assert.equal(answerOf(await say("c", "hello")), "green");
  const last = (await following).at(-1);
  assert.ok(last && "statusUpdate" in last.event);
  assert.equal(last.event.statusUpdate.status.state, "TASK_STATE_COMPLETED");
  await assert.rejects(say("b", "hello"), /Agent "b" not found/);
  await close();
});

Deno.test("a task that waits for its peer goes on with the configuration with which it began", async () => {
  const { house, say, close } = await openTestHouse(candidateOf(RED));
  const { id, status } = await say("a", "ask me");
  assert.equal(status.state, "TASK_STATE_INPUT_REQUIRED");
  applied(await house.reload(candidateOf(BLUE)));
  assert.equal(answerOf(await say("a", "this one", { taskId: id })), "red");
  assert.equal(answerOf(await say("a", "hello")), "blue");
  await close();
});

Deno.test("a task that waits for its peer goes on so after a restart with another configuration, too", async () => {
  const records = new MemoryRecords();
  const first = await openOver(records, "p1", RED);
  const { id } = await first.say("a", "ask me");
  const second = await openOver(records, "p2", BLUE);
  assert.equal(answerOf(await second.say("a", "this one", { taskId: id })), "red");
  assert.equal(answerOf(await second.say("a", "hello")), "blue");
  await second.close();
});

Deno.test("recover() ends what was under way with the configuration with which it began, and an agent that is gone with it", async () => {
  const records = new MemoryRecords();
  const first = await openOver(records, "p1", wordAgents({ a: "red", b: "black" }));
  const tasks = await Promise.all(["a", "b"].map(async (agent) => {
    const answer = await first.house.services.get(agent)?.sendMessage({
      message: { messageId: "m1", role: "ROLE_USER", parts: [{ text: "slow" }] },
      configuration: { returnImmediately: true },
    }, callOf());
    assert.ok(answer && "task" in answer);
    return answer.task.id;
  }));
  await first.house.drain(AbortSignal.abort());
  const second = await openOver(records, "p2", BLUE);
  assert.equal(await second.house.recover(), 2);
  const [said] = second.logged;
  assert.deepEqual([said?.message, said?.fields], ["taking up tasks of an earlier process", { tasks: 2 }]);
  const owner = { tenant: "default", owner: "anonymous" };
  const ended = await Promise.all(tasks.map((id) => second.store.tasks.get({ ...owner, id })));
  assert.deepEqual(ended.map((stored) => stored && answerOf(stored.task)), ["red", "black"]);
  assert.deepEqual([...directoryOf(second.house)().agents.keys()], ["a"]);
  await second.close();
});

Deno.test("recover() ends what began under a configuration that cannot be read any more with that of today, and says so", async () => {
  const records = new MemoryRecords();
  const first = await openOver(records, "p1", RED);
  const { id } = await first.say("a", "ask me");
  const second = await openOver(records, "p2", BLUE, {
    reread: () => Promise.reject(new Error("the variable is not set")),
  });
  assert.equal(answerOf(await second.say("a", "this one", { taskId: id })), "blue");
  assert.match(second.logged.find(({ level }) => level === "warn")?.message ?? "", /cannot be built any more/);
  await second.close();
});

Deno.test("reload() keeps the server as it runs, and tells what waits for a restart", async () => {
  const { house, close } = await openTestHouse(candidateOf(RED));
  const outcome = applied(await house.reload(candidateOf(`${BLUE}server: {port: 9999, default_agent: a}\n`)));
  assert.deepEqual(outcome.waiting, ["server.port"]);
  assert.equal(house.config.server.port, 8080);
  const again = await house.reload(candidateOf(`${BLUE}server: {port: 9998}\n`));
  assert.deepEqual([again.kind, again.kind !== "refused" && again.waiting], ["unchanged", ["server.port"]]);
  await close();
});

Deno.test("reload() takes one after the other: the last one that was given is served", async () => {
  const { house, say, close } = await openTestHouse(candidateOf(RED));
  const words = ["1", "2", "3", "4", "5"];
  const outcomes = await Promise.all(words.map((word) => house.reload(candidateOf(wordAgents({ a: word })))));
  const revisions = outcomes.map((outcome) => applied(outcome));
  for (const [at, { before }] of revisions.entries()) {
    if (at > 0) assert.equal(before, revisions[at - 1]?.revision);
  }
  assert.equal(answerOf(await say("a", "hello")), "5");
  await close();
});

Deno.test("drain() does not wait for a reload that waits for a server of tools, nor for one that comes later", async () => {
  const asked = Promise.withResolvers<void>();
  const answer = Promise.withResolvers<Response>();
  await using server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, () => {
    asked.resolve();
    return answer.promise;
  });
  const { house, close } = await openTestHouse(candidateOf(RED));
  const tools =
    `tools: {far: {type: mcp, url: "http://127.0.0.1:${server.addr.port}/mcp", connect_timeout_seconds: 600}}`;
  const reload = house.reload(
    candidateOf(`agents: {a: {llm: m, tools: [far]}}\nllms: {m: {provider: demo}}\n${tools}`),
  );
  await asked.promise;
  const later = house.reload(candidateOf(BLUE));
  const { revision } = house;
  await close();
  for (const outcome of [await reload, await later]) {
    assert.equal(outcome.kind, "refused");
    assert.match(outcome.kind === "refused" ? outcome.reason : "", /the server is stopping/);
  }
  assert.equal(house.revision, revision);
  answer.resolve(new Response());
});

Deno.test("the revisions that were served are kept, and can be read again", async () => {
  const { house, close } = await openTestHouse(candidateOf(RED));
  await house.reload(candidateOf(BLUE));
  const [newest, oldest] = await house.revisions.list();
  assert.equal(newest?.id, house.revision);
  assert.deepEqual((await reread(oldest?.content ?? {})).config.agents, configOf(RED).agents);
  await close();
});

Deno.test("a configuration that stands nowhere is served and not kept", async () => {
  const { house, say, close } = await openTestHouse({ config: configOf(RED) });
  assert.deepEqual(await house.revisions.list(), []);
  const { id } = await say("a", "ask me");
  assert.equal(answerOf(await say("a", "this one", { taskId: id })), "red");
  await close();
});

Deno.test("a model's key comes from the environment with which the configuration was read", async () => {
  const { house, close } = await openTestHouse(candidateOf(RED));
  const needsKey = { config: configOf("agents: {a: {llm: gpt-4o}}") };
  assert.equal((await house.reload(needsKey)).kind, "refused");
  const env = (name: string) => name === "OPENAI_API_KEY" ? "sk-1" : undefined;
  assert.equal((await house.reload({ ...needsKey, env })).kind, "applied");
  await close();
});
