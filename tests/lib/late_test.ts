import assert from "node:assert/strict";
import { late } from "../../src/lib/late.ts";

Deno.test("late() makes the value when it is first asked for, and once", () => {
  let made = 0;
  const value = late(() => ({ number: ++made }));
  assert.equal(made, 0);
  assert.equal(value(), value());
  assert.deepEqual([made, value()], [1, { number: 1 }]);
});

Deno.test("late() makes undefined once, too", () => {
  let made = 0;
  const nothing = late(() => {
    made++;
  });
  assert.deepEqual([nothing(), nothing(), made], [undefined, undefined, 1]);
});

Deno.test("late() tries again where making the value failed", () => {
  let tries = 0;
  const value = late(() => {
    if (++tries === 1) throw new Error("not yet");
    return tries;
  });
  assert.throws(value, /not yet/);
  assert.equal(value(), 2);
});
