import assert from "node:assert/strict";
import { type Passage, passages } from "../../src/rag/passages.ts";

const cut = (text: string): Passage[] => [...passages(text)];
const lines = (count: number, text = (number: number) => `line ${number}`) =>
  Array.from({ length: count }, (_, at) => text(at + 1)).join("\n");

const SMALL: [name: string, text: string, expected: Passage[]][] = [
  ["nothing", "", []],
  ["line breaks only", "\n\n\r\n", []],
  ["signs only", "----\n====\n", []],
  ["one line", "hello", [{ firstLine: 1, lastLine: 1, text: "hello" }]],
  ["one line with its break", "hello\n", [{ firstLine: 1, lastLine: 1, text: "hello" }]],
  ["CRLF", "a\r\nb\r\n", [{ firstLine: 1, lastLine: 2, text: "a\nb" }]],
  ["a byte order mark", "\ufeffa\nb", [{ firstLine: 1, lastLine: 2, text: "a\nb" }]],
  ["empty lines around text", "\n\na\n\n", [{ firstLine: 1, lastLine: 4, text: "\n\na\n" }]],
  ["other scripts", "日本語", [{ firstLine: 1, lastLine: 1, text: "日本語" }]],
];
for (const [name, text, expected] of SMALL) {
  Deno.test(`passages() of ${name}`, () => assert.deepEqual(cut(text), expected));
}

Deno.test("passages() are at most 40 lines, and the next begins with the last three", () => {
  const found = cut(lines(100));
  assert.deepEqual(found.map(({ firstLine, lastLine }) => [firstLine, lastLine]), [[1, 40], [38, 77], [75, 100]]);
  assert.ok(found[1]?.text.startsWith("line 38\nline 39\nline 40\nline 41"));
});

Deno.test("passages() are at most 1,500 characters", () => {
  for (const { text } of cut(lines(500, (number) => "word ".repeat(number % 90)))) assert.ok(text.length <= 1_500);
});

const LONG: [length: number, pieces: number][] = [[1_500, 1], [1_501, 2], [3_000, 2], [100_000, 67]];
for (const [length, pieces] of LONG) {
  Deno.test(`passages() cut a line of ${length} characters into ${pieces}, all with its number`, () => {
    const found = cut(`first\n${"x".repeat(length)}\nlast`).filter(({ text }) => text.includes("x"));
    assert.equal(found.length, pieces);
    for (const { firstLine, lastLine } of found) assert.ok(firstLine <= 2 && lastLine >= 2);
    assert.equal(found.map(({ text }) => text.replace(/[^x]/g, "")).join(""), "x".repeat(length));
  });
}

Deno.test("passages() never cut a character in two", () => {
  for (const { text } of cut(`a${"😀".repeat(5_000)}`)) assert.ok(text.isWellFormed());
});

Deno.test("passages() hold every line, under its own number, in texts of many shapes", () => {
  for (let shape = 0; shape < 60; shape++) {
    const all = Array.from({ length: 20 + shape * 3 }, (_, at) => `n${at + 1} ${"y".repeat((at * shape * 7) % 400)}`);
    const found = cut(all.join("\n"));
    const seen = new Set<number>();
    for (const { firstLine, lastLine, text } of found) {
      assert.deepEqual(text.split("\n"), all.slice(firstLine - 1, lastLine));
      for (let number = firstLine; number <= lastLine; number++) seen.add(number);
    }
    assert.equal(seen.size, all.length, `shape ${shape}`);
  }
});
