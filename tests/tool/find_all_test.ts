import assert from "node:assert/strict";
import { findAll } from "../../src/tool/find_all.ts";

/** What findAll promises, in the slow and obvious way. */
function naive(text: string, pattern: string): number[] {
  const found: number[] = [];
  for (let at = text.indexOf(pattern); at >= 0; at = text.indexOf(pattern, at + pattern.length)) found.push(at);
  return found;
}

const ROWS: [text: string, pattern: string, expected: number[]][] = [
  ["", "a", []],
  ["abc", "", []],
  ["abc", "abc", [0]],
  ["abc", "abcd", []],
  ["aaaa", "aa", [0, 2]],
  ["aaaaa", "aa", [0, 2]],
  ["ababab", "abab", [0]],
  ["abcabcabd", "abcabd", [3]],
  ["a\nb\na\nb", "a\nb", [0, 4]],
  ["😀😀", "😀", [0, 2]],
];
for (const [text, pattern, expected] of ROWS) {
  Deno.test(`findAll(${JSON.stringify(text)}, ${JSON.stringify(pattern)})`, () => {
    assert.deepEqual(findAll(text, pattern), expected);
  });
}

Deno.test("findAll() finds what indexOf finds, in every text of three letters and length 7", () => {
  const words = (length: number): string[] =>
    length === 0 ? [""] : words(length - 1).flatMap((word) => ["a", "b", "c"].map((letter) => word + letter));
  for (const pattern of [...words(1), ...words(2), ...words(3), "abab", "aabaa", "aaab"]) {
    for (const text of words(7)) {
      assert.deepEqual(findAll(text, pattern), naive(text, pattern), `${pattern} in ${text}`);
    }
  }
});

Deno.test("findAll() is done in time for a pattern that makes a search by shifting quadratic", () => {
  assert.deepEqual(findAll("a".repeat(2_000_000), `${"a".repeat(200_000)}b`), []);
  assert.deepEqual(findAll("ab".repeat(1_000_000), `${"ab".repeat(100_000)}b`), []);
});
