import assert from "node:assert/strict";
import { isNoAnswer } from "../../src/a2a/approval.ts";
import { textOf } from "../../src/a2a/parts.ts";
import type { Message, Task, TaskState } from "../../src/a2a/types.ts";
import type { AnswerBy } from "../../src/agent/agent.ts";
import { AgentGone, type AgentSource } from "../../src/task/agent_source.ts";
import { manualTimers } from "../lib/manual_timers.ts";
import {
  callOf,
  COMPLETED,
  type House,
  isRefusal,
  openHouse,
  requestOf,
  type RunFunction,
  send,
  START_MS,
} from "./house.ts";

/* A turn that waits for an answer waits no longer than it says. */

const MINUTE_MS = 60_000;

/** Asks, and tells what it heard. */
function asks(otherwise: AnswerBy["otherwise"], heard: Message[] = []): RunFunction {
  return ({ answers: [answer] }, run) => {
    const question: Message = { messageId: run.nextId("question"), role: "ROLE_AGENT", parts: [{ text: "which?" }] };
    if (answer === undefined) {
      const answerBy = { atMs: START_MS + MINUTE_MS, otherwise };
      return Promise.resolve({ state: "TASK_STATE_INPUT_REQUIRED", message: question, suspended: true, answerBy });
    }
    heard.push(answer.message);
    return Promise.resolve(COMPLETED);
  };
}

function scene(run: RunFunction) {
  const timers = manualTimers();
  const clock = { ms: START_MS };
  const house = openHouse(run, { timers, clock });
  const pass = async (ms: number) => {
    clock.ms += ms;
    timers.advance(ms);
    await new Promise((resolve) => setImmediate(resolve));
    await house.service.settled();
  };
  return { house, timers, clock, pass };
}

async function ended(follow: AsyncIterable<unknown>): Promise<void> {
  for await (const _event of follow);
}

/** As the store has it: nobody has asked the service. */
async function recorded(house: House, id: string): Promise<Task | undefined> {
  return (await house.store.tasks.get({ tenant: "default", owner: "anonymous", id }))?.task;
}

function stateOf(task: Task | undefined): TaskState | undefined {
  return task?.status.state;
}

/** The process ends and the time passes; nothing of it is left to act. */
async function gone({ service }: House, clock: { ms: number }, ms: number): Promise<void> {
  await service.drain(AbortSignal.abort());
  clock.ms += ms;
}

function reasonOf(task: Task | undefined): string {
  const message = task?.status.message;
  return message === undefined ? "" : textOf(message);
}

Deno.test("a wait that nobody ends in time fails the task, and whoever follows it hears that", async () => {
  const { house, pass } = scene(asks("fail"));
  const { id } = await send(house, requestOf("Go"));
  const followed = ended(house.service.subscribeToTask({ id }, callOf()));
  await pass(MINUTE_MS - 1_000);
  assert.equal((await house.service.getTask({ id }, callOf())).status.state, "TASK_STATE_INPUT_REQUIRED");
  await pass(1_000);
  await followed;
  const task = await house.service.getTask({ id }, callOf());
  assert.equal(task.status.state, "TASK_STATE_FAILED");
  assert.equal(reasonOf(task), "Nobody answered in time (input_timeout).");
});

Deno.test("a wait that nobody ends in time goes on without an answer, where it is to", async () => {
  const heard: Message[] = [];
  const { house, pass } = scene(asks("deny", heard));
  const { id } = await send(house, requestOf("Go"));
  const followed = ended(house.service.subscribeToTask({ id }, callOf()));
  await pass(MINUTE_MS);
  await followed;
  assert.equal((await house.service.getTask({ id }, callOf())).status.state, "TASK_STATE_COMPLETED");
  assert.deepEqual(heard.map(isNoAnswer), [true]);
});

Deno.test("an answer in time calls the end of the wait off", async () => {
  const { house, pass } = scene(asks("fail"));
  const { id } = await send(house, requestOf("Go"));
  await pass(1_000);
  assert.equal((await send(house, requestOf("this", { taskId: id }))).status.state, "TASK_STATE_COMPLETED");
  await pass(MINUTE_MS);
  assert.equal((await house.service.getTask({ id }, callOf())).status.state, "TASK_STATE_COMPLETED");
});

for (const otherwise of ["fail", "deny"] as const) {
  Deno.test(`a wait that ended while no process ran is over for whoever asks next (${otherwise})`, async () => {
    const heard: Message[] = [];
    const { house, clock } = scene(asks(otherwise, heard));
    const { id } = await send(house, requestOf("Go"));
    clock.ms += MINUTE_MS;
    const next = house.restart(asks(otherwise, heard), { timers: manualTimers() });
    const late = send(next, requestOf("this", { taskId: id }));
    await assert.rejects(late, isRefusal("UNSUPPORTED_OPERATION"));
    await next.service.settled();
    const { status } = await next.service.getTask({ id }, callOf());
    assert.equal(status.state, otherwise === "fail" ? "TASK_STATE_FAILED" : "TASK_STATE_COMPLETED");
    assert.deepEqual(heard.map(isNoAnswer), otherwise === "fail" ? [] : [true]);
  });
}

Deno.test("a wait that ended while no process ran is over for whoever cancels its task", async () => {
  const { house, clock } = scene(asks("fail"));
  const { id } = await send(house, requestOf("Go"));
  clock.ms += MINUTE_MS;
  const next = house.restart(asks("fail"), { timers: manualTimers() });
  await assert.rejects(next.service.cancelTask({ id }, callOf()), isRefusal("TASK_NOT_CANCELABLE"));
  assert.equal(stateOf(await recorded(next, id)), "TASK_STATE_FAILED");
});

for (const otherwise of ["fail", "deny"] as const) {
  Deno.test(`a wait that ended while no process ran ends at the next start, though nobody asks (${otherwise})`, async () => {
    const heard: Message[] = [];
    const { house, clock } = scene(asks(otherwise, heard));
    const { id } = await send(house, requestOf("Go"));
    await gone(house, clock, MINUTE_MS);
    const next = house.restart(asks(otherwise, heard), { timers: manualTimers() });
    assert.equal(await next.service.recover(), otherwise === "fail" ? 0 : 1);
    assert.equal(
      stateOf(await recorded(next, id)),
      otherwise === "fail" ? "TASK_STATE_FAILED" : "TASK_STATE_COMPLETED",
    );
    assert.deepEqual(heard.map(isNoAnswer), otherwise === "fail" ? [] : [true]);
    await gone(next, clock, 0);
    const third = next.restart(asks(otherwise, heard), { timers: manualTimers() });
    const before = await third.journal(id);
    assert.equal(await third.service.recover(), 0);
    assert.deepEqual(await third.journal(id), before);
  });

  Deno.test(`a wait that is not over at a start ends at its time, though nobody asks (${otherwise})`, async () => {
    const heard: Message[] = [];
    const { house, clock } = scene(asks(otherwise, heard));
    const { id } = await send(house, requestOf("Go"));
    await gone(house, clock, MINUTE_MS / 2);
    const timers = manualTimers();
    const next = house.restart(asks(otherwise, heard), { timers });
    assert.equal(await next.service.recover(), 0);
    assert.equal(stateOf(await recorded(next, id)), "TASK_STATE_INPUT_REQUIRED");
    await next.service.getTask({ id }, callOf());
    assert.equal(timers.running(), 1, "whoever asks starts no second watch");
    const followed = ended(next.service.subscribeToTask({ id }, callOf()));
    clock.ms += MINUTE_MS / 2;
    timers.advance(MINUTE_MS / 2);
    await followed;
    assert.equal(
      stateOf(await recorded(next, id)),
      otherwise === "fail" ? "TASK_STATE_FAILED" : "TASK_STATE_COMPLETED",
    );
    assert.deepEqual(heard.map(isNoAnswer), otherwise === "fail" ? [] : [true]);
  });
}

Deno.test("many waits that are over end a few at a time", async () => {
  const { house, clock } = scene(asks("deny"));
  const overdue = await Promise.all(Array.from({ length: 6 }, () => send(house, requestOf("Go"))));
  await gone(house, clock, MINUTE_MS);
  const gate = Promise.withResolvers<void>();
  const under = { now: 0, most: 0 };
  const slow: RunFunction = async () => {
    under.most = Math.max(under.most, ++under.now);
    await gate.promise;
    under.now--;
    return COMPLETED;
  };
  const next = house.restart(slow, { timers: manualTimers(), limits: { maxRecoveries: 2 } });
  const recovering = next.service.recover();
  while (under.now < 2) await new Promise((resolve) => setImmediate(resolve));
  gate.resolve();
  assert.equal(await recovering, 6);
  assert.equal(under.most, 2);
  for (const { id } of overdue) assert.equal(stateOf(await recorded(next, id)), "TASK_STATE_COMPLETED");
});

Deno.test("an answer that came before the end of the wait counts, however late the process starts", async () => {
  const heard: Message[] = [];
  const { house, clock } = scene(asks("fail", heard));
  const { id } = await send(house, requestOf("Go"));
  await send(house, requestOf("this", { taskId: id }));
  await gone(house, clock, MINUTE_MS);
  const next = house.restart(asks("fail", heard), { timers: manualTimers() });
  assert.equal(await next.service.recover(), 0);
  assert.equal(stateOf(await recorded(next, id)), "TASK_STATE_COMPLETED");
  assert.equal(heard.length, 1);
});

Deno.test("a start leaves the waits of other agents alone", async () => {
  const { house, clock } = scene(asks("fail"));
  const { id } = await send(house, requestOf("Go"));
  await gone(house, clock, MINUTE_MS);
  const next = house.restart(asks("fail"), { timers: manualTimers(), agentId: "other" });
  assert.equal(await next.service.recover(), 0);
  assert.equal(stateOf(await recorded(next, id)), "TASK_STATE_INPUT_REQUIRED");
});

Deno.test("a wait whose agent is gone fails at its end", async () => {
  const { house, clock } = scene(asks("deny"));
  const { id } = await send(house, requestOf("Go"));
  await gone(house, clock, MINUTE_MS);
  const missing = () => new AgentGone("It is gone");
  const agents: AgentSource = {
    now: () => {
      throw missing();
    },
    at: () => Promise.reject(missing()),
  };
  const next = house.restart(asks("deny"), { timers: manualTimers(), agents });
  assert.equal(await next.service.recover(), 0);
  const task = await recorded(next, id);
  assert.equal(stateOf(task), "TASK_STATE_FAILED");
  assert.equal(reasonOf(task), "Nobody answered in time (input_timeout).");
});

Deno.test("a process that died while it ended a wait leaves it to the next one", async () => {
  const heard: Message[] = [];
  const { house, clock } = scene(asks("deny", heard));
  const { id } = await send(house, requestOf("Go"));
  await gone(house, clock, MINUTE_MS);
  const lost = () => Promise.reject(new Error("the process is gone"));
  const dying = house.restart(asks("deny", heard), { timers: manualTimers(), journal: () => ({ append: lost }) });
  assert.equal(await dying.service.recover(), 0);
  assert.equal(stateOf(await recorded(dying, id)), "TASK_STATE_INPUT_REQUIRED");
  await gone(dying, clock, 0);
  const next = dying.restart(asks("deny", heard), { timers: manualTimers(), journal: () => ({}) });
  assert.equal(await next.service.recover(), 1);
  assert.equal(stateOf(await recorded(next, id)), "TASK_STATE_COMPLETED");
  assert.deepEqual(heard.map(isNoAnswer), [true]);
});

Deno.test("a restart goes on with a wait where it was", async () => {
  const { house, clock } = scene(asks("fail"));
  const { id } = await send(house, requestOf("Go"));
  clock.ms += MINUTE_MS / 2;
  const timers = manualTimers();
  const next = house.restart(asks("fail"), { timers });
  await next.service.getTask({ id }, callOf());
  assert.equal(timers.running(), 1);
  await next.service.drain(AbortSignal.abort());
  assert.equal(timers.running(), 0);
});
