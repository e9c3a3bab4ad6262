import assert from "node:assert/strict";
import { ByteBudget } from "../../src/lib/byte_budget.ts";

Deno.test("ByteBudget.take() gives what is left, all or nothing, and again what was given back", () => {
  const budget = new ByteBudget(10);
  assert.equal(budget.take(6), true);
  assert.equal(budget.take(5), false);
  assert.equal(budget.take(4), true);
  assert.equal(budget.take(1), false);
  assert.equal(budget.take(0), true);
  budget.giveBack(6);
  assert.equal(budget.take(6), true);
});
