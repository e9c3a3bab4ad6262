import assert from "node:assert/strict";
import { A2AError } from "../../src/a2a/errors.ts";
import { AgentGone, type AgentSource } from "../../src/task/agent_source.ts";
import {
  asking,
  callOf,
  COMPLETED,
  echo,
  type HouseOptions,
  isRefusal,
  lending,
  openHouse,
  requestOf,
  send,
  waiting,
} from "./house.ts";

const owner = { tenant: "default", owner: "anonymous" };

/** A house whose agent comes from `agents`, which the test may exchange. */
function openWith(agents: AgentSource, options: HouseOptions = {}) {
  return openHouse(echo, { ...options, agents });
}

Deno.test("a task is recorded with the revision of the agent that it begins with", async () => {
  const { agents, lent } = lending("r1", echo);
  const house = openWith(agents);
  const { id } = await send(house, requestOf("hello"));
  assert.equal((await house.store.tasks.get({ ...owner, id }))?.revision, "r1");
  await house.service.settled();
  assert.equal(lent(), 0);
});

Deno.test("the next turn of a task is done by the agent with which it began", async () => {
  const old = lending("r1", asking);
  const fresh = lending("r2", () => Promise.resolve({ state: "TASK_STATE_FAILED" }));
  let today: AgentSource = old.agents;
  const house = openWith({
    now: () => today.now(),
    at: (revision) => (revision === "r1" ? old : fresh).agents.at(revision),
  });
  const { id, contextId, status } = await send(house, requestOf("hello"));
  assert.equal(status.state, "TASK_STATE_INPUT_REQUIRED");
  today = fresh.agents;
  const answered = await send(house, requestOf("done", { taskId: id }));
  assert.equal(answered.status.state, "TASK_STATE_COMPLETED");
  assert.deepEqual(old.asked, ["r1"]);
  const next = await send(house, requestOf("hello", { contextId }));
  assert.equal(next.status.state, "TASK_STATE_FAILED", "a new task in the same context begins with today's agent");
  await house.service.settled();
  assert.deepEqual([old.lent(), fresh.lent()], [0, 0]);
});

Deno.test("an agent is lent until its run has returned, not only until the task has ended", async () => {
  const returned = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<void>();
  const { agents, lent } = lending("r1", async () => {
    begun.resolve();
    await returned.promise;
    return COMPLETED;
  });
  const house = openWith(agents);
  const { id } = await send(house, requestOf("hello", {}, { returnImmediately: true }));
  await begun.promise;
  await house.service.cancelTask({ id }, callOf());
  assert.equal(lent(), 1);
  returned.resolve();
  await returned.promise;
  while (lent() > 0) await Promise.resolve();
});

Deno.test("an agent is given back when its task cannot be recorded", async () => {
  const { agents, lent } = lending("r1", echo);
  const house = openWith(agents, { journal: () => ({ create: () => Promise.reject(new Error("disk")) }) });
  await assert.rejects(send(house, requestOf("hello")), isRefusal("INTERNAL"));
  assert.equal(lent(), 0);
});

Deno.test("an agent is given back when the message turns out to be one that was sent before", async () => {
  const { agents, lent } = lending("r1", echo);
  const house = openWith(agents);
  const request = requestOf("hello");
  const { id } = await send(house, request);
  assert.equal((await send(house, request)).id, id);
  await house.service.settled();
  assert.equal(lent(), 0);
});

Deno.test("an agent is given back when the service has begun to drain meanwhile", async () => {
  const gate = Promise.withResolvers<void>();
  const { agents, lent } = lending("r1", waiting().run);
  const house = openWith(agents, {
    journal: ({ create }) => ({ create: (task) => create(task).finally(() => gate.promise) }),
  });
  const sending = send(house, requestOf("hello"));
  const draining = house.service.drain(AbortSignal.abort());
  gate.resolve();
  await assert.rejects(sending, isRefusal("UNAVAILABLE"));
  await draining;
  assert.equal(lent(), 0);
});

Deno.test("a message to an agent that is served no more finds no agent", async () => {
  const house = openWith({
    now: () => {
      throw new AgentGone('Agent "echo" is not served');
    },
    at: () => Promise.reject(new AgentGone('Agent "echo" is not served')),
  });
  await assert.rejects(send(house, requestOf("hello")), (thrown) => {
    assert.ok(thrown instanceof A2AError);
    assert.deepEqual([thrown.reason, thrown.message], ["AGENT_NOT_FOUND", 'Agent "echo" is not served']);
    return true;
  });
});
