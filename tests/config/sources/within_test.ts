import assert from "node:assert/strict";
import { within } from "../../../src/config/sources/within.ts";
import { manualTimers } from "../../lib/manual_timers.ts";

const late = () => new Error("late");

Deno.test("within() returns what is done in time, and leaves no timer", async () => {
  const timers = manualTimers();
  const signal = new AbortController().signal;
  assert.equal(await within(10, () => Promise.resolve(1), { timers, signal, expired: late }), 1);
  await assert.rejects(
    within(10, () => Promise.reject(new Error("own")), { timers, signal, expired: late }),
    /^Error: own$/,
  );
  assert.equal(timers.running(), 0);
});

Deno.test("within() gives up what takes too long, whether it listens or not", async () => {
  for (const listens of [true, false]) {
    const timers = manualTimers();
    const signal = new AbortController().signal;
    const working = within(10, (inner) =>
      new Promise((_, reject) => {
        if (listens) inner.addEventListener("abort", () => reject(new Error("cut")));
      }), { timers, signal, expired: late });
    timers.advance(10);
    await assert.rejects(working, /^Error: late$/);
  }
});

Deno.test("within() throws the caller's reason when the caller gives up", async () => {
  const timers = manualTimers();
  const caller = new AbortController();
  const working = within(10, () => new Promise(() => {}), { timers, signal: caller.signal, expired: late });
  caller.abort(new Error("enough"));
  await assert.rejects(working, /^Error: enough$/);
  assert.equal(timers.running(), 0);
  const doing = () => assert.fail("it was begun");
  await assert.rejects(within(10, doing, { timers, signal: caller.signal, expired: late }), /^Error: enough$/);
});
