import assert from "node:assert/strict";
import { slowPattern } from "../../src/lib/slow_pattern.ts";

const SLOW = [
  "(a+)+$",
  "^(a*)*$",
  "(a+)*b",
  "([a-z]+)+",
  "(?:\\w+\\s?)*$",
  "((a|b)+c?)+",
  "(.*)*x",
  "(.*,){11,}",
  "(x+x+)+y",
  "(?<name>a+)+",
  "(a{2,}){20}",
  "(a|a)*",
  "(a|ab)*c",
  "(\\d|\\w)+",
  "([ab]|b)+$",
  "(|a)+",
  "^(([a-z])+.)+[A-Z]([a-z])+$",
  "(?:(?:a+)b?)+?",
  "(\\u0061+)+",
];
for (const source of SLOW) {
  Deno.test(`slowPattern() finds ${source}`, () => {
    new RegExp(source);
    assert.match(slowPattern(source) ?? "", /repeats what .*, which can take forever$/);
  });
}

const FINE = [
  "plan (.+)",
  "^\\W*(hi|hello|hey|hallo|good (morning|afternoon|evening))\\b.{0,20}$",
  "\\b(api.?key|connect|real model|provider)\\b",
  "(a|b)+",
  "(foo|bar)*",
  "(ab)+",
  "(a?b)+",
  "[(+)]+",
  "\\(a+\\)+",
  "a{3}b{2,5}c{2,}",
  "(a+){2,5}",
  "(?:GET|POST) /.*",
  "(?=a)b*",
  "[\\]]+x*",
  "\\p{L}+",
  "",
  "a||b",
];
for (const source of FINE) {
  Deno.test(`slowPattern() finds nothing in ${source}`, () => {
    new RegExp(source, "u");
    assert.equal(slowPattern(source), undefined);
  });
}

Deno.test("slowPattern() names the part, and not all of a long one", () => {
  assert.equal(slowPattern("x(a+)+y"), "(a+)+ repeats what repeats itself, which can take forever");
  assert.ok((slowPattern(`(${"a".repeat(400)}+)+`) ?? "").length < 120);
});

Deno.test("slowPattern() reads any text once, even one that is no expression", () => {
  for (
    const source of ["(".repeat(5000), "(a", "a)", "[", "\\", "{", "{1", "*", "(?", "(?<", "((((+", "|".repeat(500)]
  ) {
    slowPattern(source);
  }
  assert.equal(slowPattern("(".repeat(5000)), "it has more than 50 groups inside of each other");
});
