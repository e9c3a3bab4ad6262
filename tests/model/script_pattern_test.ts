import assert from "node:assert/strict";
import { compilePattern, Pattern } from "../../src/model/script_pattern.ts";

/** [pattern, text, match] */
const ROWS: [pattern: string, text: string, match: string[] | undefined][] = [
  ["weather", "The Weather in Paris", ["Weather"]],
  ["weather", "time", undefined],
  ["1+1?", "what is 1+1? well", ["1+1?"]],
  ["a.c", "abc", undefined],
  ["/a.c/", "abc", ["abc"]],
  ["/a.c/", "ABC", undefined],
  ["/a.c/i", "ABC", ["ABC"]],
  ["/weather in (\\w+)/i", "Weather in Paris today", ["Weather in Paris", "Paris"]],
  ["/^b$/m", "a\nb\nc", ["b"]],
  ["/a.b/s", "a\nb", ["a\nb"]],
  ["/", "either/or", ["/"]],
  ["//", "a // b", ["//"]],
  ["/x/q", "has /x/q inside", ["/x/q"]],
];

for (const [pattern, text, match] of ROWS) {
  Deno.test(`compilePattern("${pattern}") on ${JSON.stringify(text)}`, () => {
    const found = compilePattern(pattern)(text);
    assert.deepEqual(found && [...found], match);
  });
}

for (const pattern of ["", "/(/", "/a**/", `/${"x".repeat(500)}/`, "/\\p{Nope}/u"]) {
  Deno.test(`Pattern refuses ${JSON.stringify(pattern.slice(0, 20))}`, () => {
    assert.equal(Pattern().safeParse(pattern).success, false);
  });
}

Deno.test("compilePattern() reads the beginning of a text without end", () => {
  const find = compilePattern("needle");
  assert.notEqual(find(`${"x".repeat(9_000)}needle`), undefined);
  assert.equal(find(`${"x".repeat(20_000)}needle`), undefined);
});

Deno.test("compilePattern() keeps no state from one text to the next", () => {
  const find = compilePattern("/a/");
  assert.ok(find("a") && find("a") && find("a"));
});

Deno.test("Pattern refuses an expression that could take forever, and reads the same as plain text", () => {
  const { error } = Pattern().safeParse("/(a+)+$/");
  assert.equal(error?.issues[0]?.message, "(a+)+ repeats what repeats itself, which can take forever");
  assert.ok(Pattern().safeParse("(a+)+$").success);
});
