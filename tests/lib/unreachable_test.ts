import assert from "node:assert/strict";
import { isUnreachable, Unreachable } from "../../src/lib/unreachable.ts";

const none = new Unreachable("No connection came about");

for (
  const [thrown, expected] of [
    [none, true],
    [new Error("Cannot ask", { cause: new TypeError("fetch failed", { cause: none }) }), true],
    [new Error("The connection broke off", { cause: "reset" }), false],
    ["text", false],
    [undefined, false],
  ] as const
) {
  Deno.test(`isUnreachable() is ${expected} for ${String(thrown)}`, () =>
    assert.equal(isUnreachable(thrown), expected));
}
