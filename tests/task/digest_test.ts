import assert from "node:assert/strict";
import { digestOf } from "../../src/task/digest.ts";

const SAME: [a: unknown, b: unknown][] = [
  [{ a: 1, b: { c: [1, { d: 2, e: 3 }] } }, { b: { c: [1, { e: 3, d: 2 }] }, a: 1 }],
  [{ a: 1, b: undefined }, { a: 1 }],
  [[undefined], [null]],
];

for (const [a, b] of SAME) {
  Deno.test(`digestOf() is the same for ${JSON.stringify(a)} in any order`, () =>
    assert.equal(digestOf(a), digestOf(b)));
}

const DIFFERENT: [a: unknown, b: unknown][] = [
  [[1, 2], [2, 1]],
  [{ a: "1" }, { a: 1 }],
  [{ a: null }, {}],
  [{ "a,b": 1 }, { a: 1, b: 1 }],
  [["a", "b"], ['a","b']],
  [{}, []],
];

for (const [a, b] of DIFFERENT) {
  Deno.test(`digestOf() tells ${JSON.stringify(a)} from ${JSON.stringify(b)}`, () => {
    assert.notEqual(digestOf(a), digestOf(b));
  });
}

Deno.test("digestOf() is short and fit for any key", () => assert.match(digestOf({ a: 1 }), /^[\w-]{43}$/));
