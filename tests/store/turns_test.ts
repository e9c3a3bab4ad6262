import assert from "node:assert/strict";
import { Turns } from "../../src/store/turns.ts";

Deno.test("take() lets one at a time act under a name, and strangers at once", async () => {
  const turns = new Turns();
  const steps: string[] = [];
  const first = Promise.withResolvers<void>();
  const one = turns.take(["a", "b"], async () => {
    steps.push("one");
    await first.promise;
    steps.push("one ends");
  });
  const two = turns.take(["b", "c"], () => Promise.resolve(steps.push("two")));
  const three = turns.take(["c"], () => Promise.resolve(steps.push("three")));
  await three;
  assert.deepEqual(steps, ["one", "three"]);
  assert.deepEqual([turns.isBusy("a"), turns.isBusy("c")], [true, false]);
  first.resolve();
  await Promise.all([one, two]);
  assert.deepEqual(steps, ["one", "three", "one ends", "two"]);
  assert.equal(turns.isBusy("b"), false);
});

Deno.test("take() gives the turn back after a failure, and tells its own only", async () => {
  const turns = new Turns();
  const failed = turns.take(["a"], () => Promise.reject(new RangeError("mine")));
  const next = turns.take(["a"], () => Promise.resolve("fine"));
  await assert.rejects(failed, RangeError);
  assert.equal(await next, "fine");
});

Deno.test("take() never lets two in, however many want", async () => {
  const turns = new Turns();
  let inside = 0;
  let most = 0;
  await Promise.all(
    Array.from(
      { length: 200 },
      (_, at) =>
        turns.take(at % 3 === 0 ? ["a"] : at % 3 === 1 ? ["a", "b"] : ["b", "a"], async () => {
          most = Math.max(most, ++inside);
          await Promise.resolve();
          inside--;
        }),
    ),
  );
  assert.equal(most, 1);
});

Deno.test("idle() waits for those who act and those who wait", async () => {
  const turns = new Turns();
  await turns.idle();
  const done: number[] = [];
  for (let at = 0; at < 5; at++) turns.take(["a"], () => Promise.resolve(done.push(at)));
  await turns.idle();
  assert.equal(done.length, 5);
});
