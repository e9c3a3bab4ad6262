import assert from "node:assert/strict";
import { didYouMean, nearest } from "../../src/lib/suggest.ts";

const KNOWN = ["instruction", "reasoning", "tools", "llm", "description", "visibility"];

/** [what was written, what was meant] */
const ROWS: [word: string, meant: string | undefined][] = [
  ["instructon", "instruction"],
  ["Instruction", "instruction"],
  ["resoning", "reasoning"],
  ["tolls", "tools"],
  ["toosl", "tools"],
  ["lm", "llm"],
  ["visiblity", "visibility"],
  ["temperature", undefined],
  ["", undefined],
  ["x".repeat(10_000), undefined],
];

for (const [word, meant] of ROWS) {
  Deno.test(`nearest("${word.slice(0, 20)}") is ${meant}`, () => assert.equal(nearest(word, KNOWN), meant));
}

Deno.test("nearest() prefers the fewest edits, then the first", () => {
  assert.equal(nearest("cat", ["cut", "cat", "car"]), "cat");
  assert.equal(nearest("cot", ["cut", "cat"]), "cut");
});

Deno.test("didYouMean() ends a sentence or says nothing", () => {
  assert.equal(didYouMean("tolls", KNOWN), `; did you mean "tools"?`);
  assert.equal(didYouMean("zzz", KNOWN), "");
});
