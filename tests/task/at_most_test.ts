import assert from "node:assert/strict";
import { atMost } from "../../src/task/at_most.ts";

Deno.test("atMost() acts on each once, on so many at a time, and counts what was done", async () => {
  const seen: number[] = [];
  const under = { now: 0, most: 0 };
  const count = await atMost(3, [1, 2, 3, 4, 5, 6, 7].values(), async (one) => {
    under.most = Math.max(under.most, ++under.now);
    await new Promise((resolve) => setImmediate(resolve));
    under.now--;
    seen.push(one);
    return one % 2 === 0;
  });
  assert.deepEqual(seen.sort(), [1, 2, 3, 4, 5, 6, 7]);
  assert.deepEqual([count, under.most], [3, 3]);
});

Deno.test("atMost() takes nothing before it is needed", async () => {
  let taken = 0;
  async function* endless(): AsyncGenerator<number, undefined> {
    for (;;) yield await Promise.resolve(++taken);
  }
  const gate = Promise.withResolvers<boolean>();
  const working = atMost(2, endless(), () => gate.promise);
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(taken, 2);
  gate.reject(new Error("enough"));
  await assert.rejects(working, /enough/);
});

Deno.test("atMost() does nothing where there is nothing", async () => {
  assert.equal(await atMost(4, [].values(), () => Promise.resolve(true)), 0);
});
