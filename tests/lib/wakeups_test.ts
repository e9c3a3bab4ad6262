import assert from "node:assert/strict";
import { Wakeups } from "../../src/lib/wakeups.ts";

const never = new AbortController().signal;

Deno.test("wake() wakes those who wait under the key, and nobody else", async () => {
  const wakeups = new Wakeups();
  const [one, two, other] = ["a", "a", "b"].map((key) => wakeups.subscribe(key, never));
  const heard: string[] = [];
  const waits = [one?.next().then(() => heard.push("one")), two?.next().then(() => heard.push("two"))];
  const otherWait = other?.next().then((woken) => heard.push(`other ${woken}`));
  wakeups.wake("a");
  wakeups.wake("nobody");
  await Promise.all(waits);
  assert.deepEqual(heard, ["one", "two"]);
  other?.close();
  await otherWait;
  assert.deepEqual(heard, ["one", "two", "other false"]);
});

Deno.test("next() remembers a wake-up that came while nobody waited, once", async () => {
  const wakeups = new Wakeups();
  const sleeper = wakeups.subscribe("a", never);
  wakeups.wake("a");
  wakeups.wake("a");
  assert.equal(await sleeper.next(), true);
  let woken = false;
  const next = sleeper.next().then(() => woken = true);
  await Promise.resolve();
  assert.equal(woken, false);
  wakeups.wake("a");
  await next;
  sleeper.close();
});

Deno.test("next() is false when the signal aborts, before, during or after", async () => {
  const wakeups = new Wakeups();
  const controller = new AbortController();
  const early = wakeups.subscribe("a", controller.signal);
  const waiting = early.next();
  controller.abort();
  assert.equal(await waiting, false);
  assert.equal(await early.next(), false);
  wakeups.wake("a");
  assert.equal(await early.next(), false, "an ended sleeper cannot be woken");
  const late = wakeups.subscribe("a", controller.signal);
  assert.equal(await late.next(), false);
  early.close();
  late.close();
  assert.equal(wakeups.size, 0);
});

Deno.test("close() forgets the sleeper, and the key with its last one", async () => {
  const wakeups = new Wakeups();
  const sleepers = ["a", "a", "b"].map((key) => wakeups.subscribe(key, never));
  assert.equal(wakeups.size, 3);
  sleepers[0]?.close();
  assert.equal(wakeups.size, 2);
  wakeups.wake("a");
  assert.equal(await sleepers[1]?.next(), true);
  for (const sleeper of sleepers) sleeper.close();
  assert.equal(wakeups.size, 0);
  const again = wakeups.subscribe("a", never);
  wakeups.wake("a");
  assert.equal(await again.next(), true);
});

Deno.test("wakeAll() wakes under every key", async () => {
  const wakeups = new Wakeups();
  const waits = ["a", "b", "c"].map((key) => wakeups.subscribe(key, never).next());
  wakeups.wakeAll();
  assert.deepEqual(await Promise.all(waits), [true, true, true]);
});

Deno.test("a sleeper may close itself and others while it is being woken", async () => {
  const wakeups = new Wakeups();
  const sleepers = Array.from({ length: 5 }, () => wakeups.subscribe("a", never));
  const waits = sleepers.map((sleeper) => sleeper.next());
  waits[0]?.then(() => sleepers.forEach((sleeper) => sleeper.close()));
  wakeups.wake("a");
  assert.deepEqual(await Promise.all(waits), [true, true, true, true, true]);
  assert.equal(wakeups.size, 0);
});
