import assert from "node:assert/strict";
import { createIds, timeOfId } from "../../src/lib/ids.ts";

const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

function zeros(bytes: Uint8Array): void {
  bytes.fill(0);
}

function ones(bytes: Uint8Array): void {
  bytes.fill(0xff);
}

function take(nextId: () => string, count: number): string[] {
  return Array.from({ length: count }, () => nextId());
}

Deno.test("createIds() writes time, version and variant where RFC 9562 §5.7 wants them", () => {
  const now = () => 0x017f22e279b0;
  assert.equal(createIds({ now, random: zeros })(), "017f22e2-79b0-7000-8000-000000000000");
  // The counter's first bit begins at 0, to leave room.
  assert.equal(createIds({ now, random: ones })(), "017f22e2-79b0-77ff-bfff-ffffffffffff");
});

Deno.test("createIds() makes ids that are all different and rise as text, however many fall into a millisecond", () => {
  const nextId = createIds({ now: () => 1_700_000_000_000, random: (bytes) => crypto.getRandomValues(bytes) });
  const ids = take(nextId, 20_000);
  assert.ok(ids.every((id) => UUID_V7.test(id)));
  assert.equal(new Set(ids).size, ids.length);
  assert.deepEqual([...ids].sort(), ids);
});

Deno.test("createIds() goes on rising when the clock goes back, and follows it when it goes on", () => {
  const clock = [5_000, 4_000, 4_999, 5_000, 6_000];
  const nextId = createIds({ now: () => clock.shift() ?? 0, random: zeros });
  const ids = take(nextId, 5);
  assert.deepEqual([...ids].sort(), ids);
  const times = ids.map((id) => parseInt(id.slice(0, 13).replace("-", ""), 16));
  assert.deepEqual(times, [5_000, 5_000, 5_000, 5_000, 6_000]);
});

Deno.test("createIds() borrows the next millisecond when the counter is used up", () => {
  const nextId = createIds({ now: () => 1_000, random: ones });
  const ids = take(nextId, 0x1000);
  assert.deepEqual([...ids].sort(), ids);
  assert.equal(ids.at(0)?.slice(0, 18), "00000000-03e8-77ff");
  assert.equal(ids.at(-1)?.slice(0, 13), "00000000-03e9");
});

Deno.test("createIds() uses every random byte once", () => {
  let next = 0;
  const nextId = createIds({ now: () => next, random: (bytes) => bytes.forEach((_, at) => bytes[at] = next++ & 0xff) });
  const tails = take(nextId, 200).map((id) => id.slice(24));
  assert.equal(new Set(tails).size > 100, true);
  assert.equal(next % 10, 0);
});

Deno.test("timeOfId() tells when an id was made, and nothing of an id that is not ours", () => {
  assert.equal(timeOfId(createIds({ now: () => 0x017f22e279b0, random: ones })()), 0x017f22e279b0);
  for (const id of ["", "t1", "017f22e2-79b0-4000-8000-000000000000"]) assert.equal(timeOfId(id), undefined);
});
