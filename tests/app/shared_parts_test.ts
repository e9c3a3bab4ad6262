import assert from "node:assert/strict";
import { SharedParts } from "../../src/app/shared_parts.ts";

function counted() {
  const parts = new SharedParts<{ close(): void }>();
  const counts = { made: 0, closed: 0 };
  const create = () => {
    counts.made++;
    return { close: () => void counts.closed++ };
  };
  return { parts, counts, create };
}

Deno.test("SharedParts makes a part once for all who use it, and closes it with the last of them", () => {
  const { parts, counts, create } = counted();
  const one = parts.use("a", create);
  const other = parts.use("a", create);
  assert.equal(one.value, other.value);
  one.release();
  assert.deepEqual(counts, { made: 1, closed: 0 });
  other.release();
  assert.deepEqual(counts, { made: 1, closed: 1 });
});

Deno.test("SharedParts lets nobody release what another uses", () => {
  const { parts, counts, create } = counted();
  const one = parts.use("a", create);
  const other = parts.use("a", create);
  one.release();
  one.release();
  assert.equal(counts.closed, 0);
  other.release();
  assert.equal(counts.closed, 1);
});

Deno.test("SharedParts makes a part anew after it was closed, and tells others apart", () => {
  const { parts, counts, create } = counted();
  parts.use("a", create).release();
  parts.use("a", create);
  parts.use("b", create);
  assert.deepEqual(counts, { made: 3, closed: 1 });
});

Deno.test("SharedParts keeps nothing of a part that cannot be made", () => {
  const { parts, counts, create } = counted();
  const fail = () => {
    throw new Error("no such folder");
  };
  assert.throws(() => parts.use("a", fail), /no such folder/);
  parts.use("a", create).release();
  assert.deepEqual(counts, { made: 1, closed: 1 });
});
