import assert from "node:assert/strict";
import { createHeartbeat } from "../../src/lib/heartbeat.ts";
import { manualTimers } from "./manual_timers.ts";

Deno.test("createHeartbeat() beats once per interval for each member, on one timer", () => {
  const timers = manualTimers();
  const heartbeat = createHeartbeat({ intervalMs: 16_000, timers });
  const beats = Array.from({ length: 40 }, () => 0);
  for (const at of beats.keys()) heartbeat.join(() => beats[at] = (beats[at] ?? 0) + 1);
  assert.equal(timers.running(), 1);
  timers.advance(16_000);
  assert.deepEqual(new Set(beats), new Set([1]));
  timers.advance(32_000);
  assert.deepEqual(new Set(beats), new Set([3]));
});

Deno.test("createHeartbeat() spreads its members over the interval", () => {
  const timers = manualTimers();
  const heartbeat = createHeartbeat({ intervalMs: 1600, timers });
  let beats = 0;
  for (let member = 0; member < 1600; member++) heartbeat.join(() => beats++);
  timers.advance(100);
  assert.equal(beats, 100);
});

Deno.test("createHeartbeat() tells its members the time and lets them go", () => {
  const timers = manualTimers();
  const heartbeat = createHeartbeat({ intervalMs: 160, timers });
  const heard: number[] = [];
  const leave = heartbeat.join((nowMs) => heard.push(nowMs));
  timers.advance(160);
  assert.equal(heard.length, 1);
  assert.ok((heard[0] ?? 0) <= 160);
  leave();
  timers.advance(1600);
  assert.equal(heard.length, 1);
});

Deno.test("createHeartbeat() runs no timer while it has no member", () => {
  const timers = manualTimers();
  const heartbeat = createHeartbeat({ intervalMs: 160, timers });
  assert.equal(timers.running(), 0);
  const first = heartbeat.join(() => {});
  const second = heartbeat.join(() => {});
  first();
  first();
  assert.equal(timers.running(), 1);
  second();
  assert.equal(timers.running(), 0);
  heartbeat.join(() => {})();
  assert.equal(timers.running(), 0);
});
