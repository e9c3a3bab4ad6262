import assert from "node:assert/strict";
import { lineAt, showDiff } from "../../src/tool/show_diff.ts";

/** Edits that put `text` in place of each of `words`, wherever they are. */
function editsOf(text: string, words: Record<string, string>) {
  return Object.entries(words).flatMap(([word, by]) => {
    const start = text.indexOf(word);
    return start < 0 ? [] : [{ start, end: start + word.length, text: by }];
  }).sort((a, b) => a.start - b.start);
}

const ROWS: [name: string, text: string, words: Record<string, string>, expected: string[]][] = [
  ["a line in the middle", "1\n2\n3\n4\n5\n6\n7", { 4: "four" }, [
    "@@ line 4 @@",
    " 2",
    " 3",
    "-4",
    "+four",
    " 5",
    " 6",
  ]],
  ["the first line", "1\n2\n3\n4\n", { 1: "one" }, ["@@ line 1 @@", "-1", "+one", " 2", " 3"]],
  ["the last line", "1\n2\n3", { 3: "three" }, ["@@ line 3 @@", " 1", " 2", "-3", "+three"]],
  ["the only line", "1", { 1: "one" }, ["@@ line 1 @@", "-1", "+one"]],
  ["a part of a line", "let a = 1;\n", { "1": "2" }, ["@@ line 1 @@", "-let a = 1;", "+let a = 2;"]],
  ["a line that goes away", "1\n2\n3\n", { "2\n": "" }, ["@@ line 2 @@", " 1", "-2", " 3"]],
  ["lines that are added", "1\n2\n", { "1\n": "1\na\nb\n" }, ["@@ line 2 @@", " 1", "+a", "+b", " 2"]],
  ["an empty first line", "\n2\n3\n", { 2: "x" }, ["@@ line 2 @@", " ", "-2", "+x", " 3"]],
  ["two on one line", "a b c\n", { a: "A", c: "C" }, ["@@ line 1 @@", "-a b c", "+A b C"]],
  ["two on near lines", "a\nx\nb\n", { a: "A", b: "B" }, ["@@ line 1 @@", "-a", "-x", "-b", "+A", "+x", "+B"]],
  [
    "two far apart",
    "a\n1\n2\n3\n4\nb\n",
    { a: "A", b: "B" },
    ["@@ line 1 @@", "-a", "+A", " 1", " 2", "@@ line 6 @@", " 3", " 4", "-b", "+B"],
  ],
];
for (const [name, text, words, expected] of ROWS) {
  Deno.test(`showDiff() shows ${name}`, () =>
    assert.deepEqual(showDiff(text, editsOf(text, words)).split("\n"), expected));
}

Deno.test("showDiff() of nothing is empty", () => assert.equal(showDiff("a", []), ""));

Deno.test("showDiff() is cut, and says so", () => {
  const text = `${"x".repeat(300)}\n\n\n\n\n`.repeat(50);
  const edits = [...text.matchAll(/x+/g)].map(({ index }) => ({ start: index, end: index + 1, text: "y" }));
  const shown = showDiff(text, edits);
  assert.ok(shown.length < 4_200);
  assert.match(shown, /… \(cut; \d\d of 50 places are not shown whole\)$/);
});

Deno.test("lineAt() counts from 1, a break belongs to the line that it ends", () => {
  assert.deepEqual([0, 1, 2, 3, 4].map((at) => lineAt("a\n\nb", at)), [1, 1, 2, 3, 3]);
});
