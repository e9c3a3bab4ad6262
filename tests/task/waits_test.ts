import assert from "node:assert/strict";
import { isNoAnswer } from "../../src/a2a/approval.ts";
import { textOf } from "../../src/a2a/parts.ts";
import type { Message, Task } from "../../src/a2a/types.ts";
import type { AnswerBy } from "../../src/agent/agent.ts";
import { manualTimers } from "../lib/manual_timers.ts";
import { callOf, COMPLETED, isRefusal, openHouse, requestOf, type RunFunction, send, START_MS } from "./house.ts";

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

function reasonOf({ status }: Task): string {
  return status.message === undefined ? "" : textOf(status.message);
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
