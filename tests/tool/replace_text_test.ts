import assert from "node:assert/strict";
import { replaceText } from "../../src/tool/replace_text.ts";

const LIMITS = { all: false, maxReplacements: 100 };
const replace = (text: string, oldString: string, newString: string, all = false) =>
  replaceText(text, { ...LIMITS, oldString, newString, all }).text;

const ROWS: [name: string, text: string, from: string, to: string, expected: string][] = [
  ["a word", "say hello now", "hello", "bye", "say bye now"],
  ["the whole text", "abc", "abc", "", ""],
  ["at the start and the end", "xay", "xay", "yax", "yax"],
  ["with text that holds the old", "a", "a", "aa", "aa"],
  ["literally, not as an expression", "a.c abc", "a.c", "$& $1 \\n", "$& $1 \\n abc"],
  ["lines in LF", "a\nb\nc\n", "a\nb", "x\ny\nz", "x\ny\nz\nc\n"],
  ["lines in CRLF, asked for with LF", "a\r\nb\r\nc\r\n", "a\nb", "x\ny\nz", "x\r\ny\r\nz\r\nc\r\n"],
  ["lines in CRLF, asked for with CRLF", "a\r\nb\r\nc", "b\r\nc", "y", "a\r\ny"],
  ["lines in LF, asked for with CRLF", "a\nb\n", "a\r\nb", "x\r\ny", "x\ny\n"],
  ["one line by two in CRLF", "a\r\nb\r\n", "b", "x\ny", "a\r\nx\r\ny\r\n"],
  ["the last line by two in CRLF", "a\r\nb", "b", "x\ny", "a\r\nx\r\ny"],
  ["in a mixed file, where CRLF is", "a\r\nb\nc\n", "a", "x\ny", "x\r\ny\r\nb\nc\n"],
  ["in a mixed file, where LF is", "a\r\nb\nc\n", "b", "x\ny", "a\r\nx\ny\nc\n"],
  ["a line break in CRLF", "a\r\nb", "\n", " ", "a b"],
  ["what begins with a line break", "a\r\nb\r\nc", "\nb", "", "a\r\nc"],
  ["what ends with a line break", "a\r\nb\r\nc", "b\n", "", "a\r\nc"],
  ["with lone carriage returns, which stay", "a\rb\r\nc", "c", "d", "a\rb\r\nd"],
  ["behind a byte order mark", "\ufeffa", "a", "b", "\ufeffb"],
  ["an empty line's neighbour", "\n\na\n", "a", "b", "\n\nb\n"],
  ["text with no line break by lines", "abc", "b", "x\ny", "ax\nyc"],
  ["other scripts", "日本語", "本", "木", "日木語"],
];
for (const [name, text, from, to, expected] of ROWS) {
  Deno.test(`replaceText() replaces ${name}`, () => assert.equal(replace(text, from, to), expected));
}

Deno.test("replaceText() replaces all, without looking again at what it put in", () => {
  assert.equal(replace("a b a\r\na", "a", "aa", true), "aa b aa\r\naa");
});

const REFUSED: [name: string, text: string, from: string, to: string, told: RegExp][] = [
  ["the same", "a", "a", "a", /the same/],
  ["the same but for CRLF", "a\nb", "a\nb", "a\r\nb", /the same/],
  ["two places", "x a\ny\na", "a", "b", /is in it 2 times \(lines 1, 3\); .*replace_all/],
  ["two places on one line", "a a", "a", "b", /2 times \(line 1\)/],
  ["many places", "a\n".repeat(30), "a", "b", /30 times \(lines 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, …\)/],
  ["none", "abc", "x", "y", /is not in it: read the file again/],
  [
    "other white space",
    "if (a) {\n\tb();\n}\n",
    "if (a) {\n    b();",
    "x",
    /first line is on line 1 but for white space/,
  ],
  ["other indentation", "  a\n", "    a", "b", /on line 1 but for white space/],
  ["line numbers", "one\ntwo\n", "1\tone\n2\ttwo", "x", /without the numbers and tabs/],
  ["blank text", "a", "\n \n", "x", /is not in it$/],
];
for (const [name, text, from, to, told] of REFUSED) {
  Deno.test(`replaceText() refuses ${name}`, () => assert.throws(() => replace(text, from, to), told));
}

Deno.test("replaceText() holds maxReplacements on the border", () => {
  const at = (count: number) => () =>
    replaceText("a ".repeat(count), { oldString: "a", newString: "b", all: true, maxReplacements: 5 }).text;
  assert.equal(at(5)(), "b b b b b ");
  assert.throws(at(6), /6 times, and at most 5 are replaced at once/);
});

/** Every text of the pieces, so that breaks of both kinds meet each other and the edges. */
Deno.test("replaceText() leaves all that it does not replace as it is, in 3,125 texts of mixed line breaks", () => {
  const pieces = ["a", "\n", "\r\n", "b", "\r"];
  const texts = (length: number): string[] =>
    length === 0 ? [""] : texts(length - 1).flatMap((text) => pieces.map((piece) => text + piece));
  for (const text of texts(5)) {
    if (!text.includes("b")) continue;
    const marked = replace(text, "b", "<>", true);
    assert.equal(marked, text.replaceAll("b", "<>"), JSON.stringify(text));
    const broken = replace(text, "b", "<\n>", true);
    assert.equal(broken.replaceAll(/<\r?\n>/g, "b"), text, JSON.stringify(text));
    if (!/(^|[^\r])\n/.test(text) && text.includes("\n")) assert.ok(!/[^\r]\n/.test(broken), JSON.stringify(broken));
  }
});
