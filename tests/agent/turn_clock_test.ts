import assert from "node:assert/strict";
import { textOf } from "../../src/a2a/parts.ts";
import { OutOfTime, TurnClock } from "../../src/agent/turn_clock.ts";
import { call, fakeAgent, fakeModel, fakeTool, says } from "./fake_agent.ts";
import { Crash, FakeTask, inputOf } from "./fake_run.ts";

/** A clock and its only timer, moved by hand. */
function handClock(startMs = 1_000_000) {
  const clock = {
    nowMs: startMs,
    asked: Array<number>(),
    ring: () => {},
    now: () => clock.nowMs,
    sleep: (ms: number, signal: AbortSignal) =>
      new Promise<void>((resolve, reject) => {
        clock.asked.push(ms);
        clock.ring = resolve;
        signal.addEventListener("abort", () => reject(signal.reason));
      }),
  };
  return clock;
}

Deno.test("run() fails with a sentence and what there is when its time is up between two deltas", async () => {
  const clock = handClock();
  const model = fakeModel([says(["half", "never", "never"])]);
  const task = new FakeTask();
  const run = task.run();
  const end = await fakeAgent({ model, ...clock, limits: { timeoutSeconds: 60 } }).run(inputOf("Go"), {
    ...run,
    emit: (event) => {
      clock.nowMs += 60_001;
      return run.emit(event);
    },
  });
  assert.equal(end.state, "TASK_STATE_FAILED");
  assert.equal(
    end.message && textOf(end.message),
    "Cannot finish this task: it took longer than 60 s (timeout_seconds); the answer holds what there is so far.",
  );
  assert.equal(end.metadata?.stopReason, "timeout");
  assert.deepEqual(task.answers, ["half"]);
});

Deno.test("run() does not wait for a tool that works on when the time is up, and aborts its signal", async () => {
  const clock = handClock();
  const started = Promise.withResolvers<AbortSignal>();
  const deaf = fakeTool("deaf", {
    act: (_input, { signal }) => {
      started.resolve(signal);
      return new Promise(() => {});
    },
  });
  const model = fakeModel([says([], { calls: [call("a", "deaf")] })]);
  const task = new FakeTask();
  const ending = fakeAgent({ model, tools: [deaf], ...clock, limits: { timeoutSeconds: 60 } })
    .run(inputOf("Go"), task.run());
  const signal = await started.promise;
  assert.deepEqual(clock.asked, [60_000]);
  clock.ring();
  const end = await ending;
  assert.equal(end.state, "TASK_STATE_FAILED");
  assert.match(end.message ? textOf(end.message) : "", /^Cannot finish this task: it took longer than 60 s.*\)\.$/);
  assert.ok(signal.reason instanceof OutOfTime);
  assert.deepEqual(task.announced, ["deaf a"]);
});

Deno.test("run() counts the time from the turn's first start, also after a crash", async () => {
  const clock = handClock();
  const parts = { model: fakeModel([says(["x", "y"])]), ...clock, limits: { timeoutSeconds: 60 } };
  const task = new FakeTask();
  // start, the first delta: there it dies.
  await assert.rejects(fakeAgent(parts).run(inputOf("Go"), task.run({ crashAt: 2 })), Crash);
  clock.nowMs += 60_001;
  const end = await fakeAgent(parts).run(inputOf("Go"), task.run());
  assert.equal(end.metadata?.stopReason, "timeout");
});

Deno.test("run() completes what was recorded as complete, however late", async () => {
  const clock = handClock();
  const parts = { model: fakeModel([says(["x"])]), ...clock, limits: { timeoutSeconds: 60 } };
  const task = new FakeTask();
  await fakeAgent(parts).run(inputOf("Go"), task.run());
  clock.nowMs += 1_000_000;
  const end = await fakeAgent(parts).run(inputOf("Go"), task.run());
  assert.equal(end.state, "TASK_STATE_COMPLETED");
});

Deno.test("TurnClock.within() calls its timer off when the work is done", async () => {
  const clock = handClock();
  let off = false;
  const sleep = (ms: number, signal: AbortSignal) => {
    signal.addEventListener("abort", () => off = true);
    return clock.sleep(ms, signal);
  };
  const turnClock = new TurnClock(new FakeTask().run(), { now: clock.now, sleep, timeoutSeconds: 60 });
  assert.equal(await turnClock.within(new AbortController().signal, () => Promise.resolve("done")), "done");
  assert.ok(off);
});

Deno.test("TurnClock.within() hands on the turn's own abort", async () => {
  const turn = new AbortController();
  const { now, sleep } = handClock();
  const turnClock = new TurnClock(new FakeTask().run(), { now, sleep, timeoutSeconds: 60 });
  const work = turnClock.within(
    turn.signal,
    (signal) => new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
  );
  turn.abort(new Error("canceled"));
  await assert.rejects(work, { message: "canceled" });
});

Deno.test("TurnClock gives a turn no more time when the clock is set back", async () => {
  const clock = handClock();
  const turnClock = new TurnClock(new FakeTask().run(), { ...clock, timeoutSeconds: 60 });
  await turnClock.ready;
  clock.nowMs -= 10 ** 12;
  turnClock.check();
  await turnClock.within(new AbortController().signal, () => Promise.resolve());
  assert.deepEqual(clock.asked, [60_000]);
});
