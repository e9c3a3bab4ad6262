import assert from "node:assert/strict";
import { Slots } from "../../src/lib/slots.ts";

const { signal } = new AbortController();

/** Whether the promise is settled after everything that can happen by itself. */
async function isOpen(promise: Promise<unknown>): Promise<boolean> {
  const open = {};
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
  return await Promise.race([promise.then(() => undefined, () => undefined), Promise.resolve(open)]) === open;
}

Deno.test("Slots lets so many in for each name", async () => {
  const slots = new Slots(2);
  const first = await slots.take("a", signal);
  await slots.take("a", signal);
  await slots.take("b", signal);
  const third = slots.take("a", signal);
  assert.ok(await isOpen(third));
  first();
  await third;
});

Deno.test("Slots serves those who wait in their order, before those who come", async () => {
  const slots = new Slots(1);
  const order: number[] = [];
  let give = await slots.take("a", signal);
  const waiting = [1, 2, 3].map((number) =>
    slots.take("a", signal).then((next) => {
      order.push(number);
      give = next;
    })
  );
  for (const wait of waiting) {
    give();
    await wait;
  }
  assert.deepEqual(order, [1, 2, 3]);
});

Deno.test("Slots lets who waits go away, and gives the slot to the next", async () => {
  const slots = new Slots(1);
  const give = await slots.take("a", signal);
  const impatient = new AbortController();
  const leaving = slots.take("a", impatient.signal);
  const next = slots.take("a", signal);
  impatient.abort(new Error("too slow"));
  await assert.rejects(leaving, /too slow/);
  await assert.rejects(slots.take("b", impatient.signal), /too slow/);
  give();
  (await next)();
  await slots.take("a", signal);
});
