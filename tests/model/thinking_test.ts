import assert from "node:assert/strict";
import { effortOf, ThinkingOption, toThinking } from "../../src/model/thinking.ts";

/** [what stands in the file, what it means] */
const OPTIONS: [option: unknown, thinking: unknown][] = [
  [undefined, undefined],
  [true, { enabled: true }],
  [false, { enabled: false }],
  ["adaptive", { enabled: true }],
  ["disabled", { enabled: false }],
  [{}, { enabled: true }],
  [{ enabled: true, budget_tokens: 2_048 }, { enabled: true, budgetTokens: 2_048 }],
  [{ budget_tokens: 2_048 }, { enabled: true, budgetTokens: 2_048 }],
  [{ enabled: false, budget_tokens: 0 }, { enabled: false }],
];
for (const [option, thinking] of OPTIONS) {
  Deno.test(`toThinking() of ${JSON.stringify(option)}`, () => {
    const once = ThinkingOption().parse(option);
    assert.deepEqual(toThinking(once), thinking);
    assert.deepEqual(ThinkingOption().parse(once), once, "it accepts its own output");
  });
}

for (const option of ["yes", 7, { budget: 7 }, { budget_tokens: -1 }]) {
  Deno.test(`ThinkingOption refuses ${JSON.stringify(option)}`, () =>
    assert.ok(!ThinkingOption().safeParse(option).success));
}

/** [budget, effort] */
const EFFORTS = [[undefined, undefined], [1, "low"], [1_024, "low"], [1_025, "medium"], [8_192, "medium"], [
  8_193,
  "high",
]] as const;
for (const [budgetTokens, effort] of EFFORTS) {
  Deno.test(`effortOf() a budget of ${budgetTokens} tokens is ${effort}`, () =>
    assert.equal(effortOf({ enabled: true, ...(budgetTokens === undefined ? {} : { budgetTokens }) }), effort));
}
