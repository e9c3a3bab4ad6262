import assert from "node:assert/strict";
import type { Task, TaskState } from "../../../src/a2a/types.ts";
import { type Agent, type RunEnd, RunPaused, Unfinished } from "../../../src/agent/agent.ts";
import { Askers } from "../../../src/agent/many/askers.ts";
import { heedHops } from "../../../src/agent/many/heed_hops.ts";
import { HOPS } from "../../../src/agent/many/hops.ts";
import { leaveNoneWaiting } from "../../../src/agent/many/leave_none_waiting.ts";
import { FakeTask, inputOf } from "../fake_run.ts";
import { colleaguesOf, fakeService } from "./fake_colleagues.ts";

/** A task that the run's task, or another one, has begun. */
function begun(id: string, by: string, state: TaskState): Task {
  const metadata = { [HOPS]: [{ agent: "boss", task: by }] };
  const message = { messageId: `m-${id}`, role: "ROLE_USER" as const, parts: [{ text: "x" }], metadata };
  return { id, contextId: "c", status: { state }, history: [message] };
}

const FAILED: RunEnd = { state: "TASK_STATE_FAILED" };
const ASKS: RunEnd = { state: "TASK_STATE_INPUT_REQUIRED", suspended: true };

interface Scene {
  readonly end: () => RunEnd;
  readonly asked?: boolean;
  readonly answered?: boolean;
}

/** What is canceled because of how a turn ends. */
async function calledOff({ end, asked = true, answered = false }: Scene): Promise<readonly string[]> {
  const task = new FakeTask();
  const run = task.run();
  const { id } = run.task;
  const service = fakeService([
    begun("waits", id, "TASK_STATE_INPUT_REQUIRED"),
    begun("authenticates", id, "TASK_STATE_AUTH_REQUIRED"),
    begun("is another's", "other", "TASK_STATE_INPUT_REQUIRED"),
    begun("is done", id, "TASK_STATE_COMPLETED"),
  ]);
  const askers = new Askers();
  const agent: Agent = {
    run: () => {
      if (asked) askers.note(id);
      return Promise.resolve().then(end);
    },
  };
  const input = inputOf("go");
  const answers = answered ? [{ message: input.message, at: "2026-01-01T00:00:00Z" }] : [];
  const submitted = { ...run, task: { ...run.task, status: { state: "TASK_STATE_SUBMITTED" as const } } };
  const wrapped = leaveNoneWaiting(agent, colleaguesOf({ worker: service }, askers));
  await wrapped.run({ ...input, answers }, submitted).catch(() => {});
  return service.canceled;
}

const BOTH = ["waits", "authenticates"];

function throwing(thrown: Error) {
  return () => {
    throw thrown;
  };
}

/** [how the turn ends, what is called off] */
const CASES: readonly [string, Scene, readonly string[]][] = [
  ["that fails", { end: () => FAILED }, BOTH],
  ["that is refused", { end: () => ({ state: "TASK_STATE_REJECTED" }) }, BOTH],
  ["that throws", { end: throwing(new Error("broken")) }, BOTH],
  ["that has an answer after it has waited", { end: () => ({ state: "TASK_STATE_COMPLETED" }), answered: true }, BOTH],
  ["that has an answer at once", { end: () => ({ state: "TASK_STATE_COMPLETED" }) }, []],
  ["that waits", { end: () => ASKS, answered: true }, []],
  ["that does not know what it did", { end: throwing(new Unfinished("s", {})) }, []],
  ["that fails and has asked nobody", { end: () => FAILED, asked: false }, []],
];

for (const [name, scene, expected] of CASES) {
  Deno.test(`leaveNoneWaiting() of a turn ${name} calls off [${expected}]`, async () => {
    assert.deepEqual(await calledOff(scene), expected);
  });
}

Deno.test("leaveNoneWaiting() leaves alone what a run that pauses has begun", async () => {
  const task = new FakeTask();
  const pausing = new AbortController();
  const run = { ...task.run(), signal: pausing.signal };
  const service = fakeService([begun("waits", run.task.id, "TASK_STATE_INPUT_REQUIRED")]);
  const agent: Agent = {
    run: () => {
      pausing.abort(new RunPaused("shutdown"));
      return Promise.reject(pausing.signal.reason);
    },
  };
  const wrapped = leaveNoneWaiting(agent, colleaguesOf({ worker: service }, new Askers()));
  await assert.rejects(wrapped.run(inputOf("go"), run), RunPaused);
  assert.deepEqual(service.canceled, []);
});

for (const [state, expected] of [["TASK_STATE_FAILED", ["own"]], ["TASK_STATE_WORKING", []]] as const) {
  Deno.test(`heedHops() lets no task ask whose caller is ${state} meanwhile: canceled [${expected}]`, async () => {
    const task = new FakeTask();
    const own = fakeService([]);
    const began = { id: "own", contextId: "c", status: { state: "TASK_STATE_SUBMITTED" as const } };
    const run = { ...task.run(), task: began };
    const boss = fakeService([{ id: "b", contextId: "c", status: { state } }]);
    const input = inputOf("go");
    const message = { ...input.message, metadata: { [HOPS]: [{ agent: "boss", task: "b" }] } };
    const agent = heedHops({ run: () => Promise.resolve(ASKS) }, "worker", colleaguesOf({ boss, worker: own }));
    assert.deepEqual(await agent.run({ ...input, message }, run), ASKS);
    assert.deepEqual(own.canceled, expected);
  });
}
