import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import { editedLines } from "../../src/cli/edited_lines.ts";

const UP = "\u001b[A";
const DOWN = "\u001b[B";
const LEFT = "\u001b[D";
const BACKSPACE = "\u007f";
const CTRL_A = "\u0001";
const CTRL_C = "\u0003";
const CTRL_D = "\u0004";
const CTRL_U = "\u0015";

/** Presses `keys` on a terminal whose earlier lines are `history`; gives the lines that come of it. */
async function pressed(keys: string, history: readonly string[] = []) {
  const input = new PassThrough();
  const output = new PassThrough();
  output.resume();
  const remembered: string[] = [];
  const lines: string[] = [];
  const remember = (line: string) => Promise.resolve(void remembered.push(line));
  input.write(keys);
  for await (const line of editedLines({ input, output, prompt: "› ", history, remember })) lines.push(line);
  return { lines, remembered };
}

/** [what, keys, history, lines] */
const ROWS: readonly [what: string, keys: string, history: readonly string[], lines: readonly string[]][] = [
  ["plain lines", `one\rtwo\r${CTRL_D}`, [], ["one", "two"]],
  ["a correction", `onr${BACKSPACE}e\r${CTRL_D}`, [], ["one"]],
  ["a letter put in before", `ne${LEFT}${LEFT}o\r${CTRL_D}`, [], ["one"]],
  ["the line's beginning", `ne${CTRL_A}o\r${CTRL_D}`, [], ["one"]],
  ["a line taken back", `wrong${CTRL_U}right\r${CTRL_D}`, [], ["right"]],
  ["the line of an earlier time", `${UP}\r${CTRL_D}`, ["newest", "older"], ["newest"]],
  ["the line before that", `${UP}${UP}${UP}${DOWN}\r${CTRL_D}`, ["newest", "middle", "oldest"], ["middle"]],
  ["the line of this time", `one\r${UP}!\r${CTRL_D}`, ["older"], ["one", "one!"]],
  ["Ctrl-C on a line", `wrong${CTRL_C}right\r${CTRL_D}`, [], ["right"]],
  ["Ctrl-C on an empty line", `one\r${CTRL_C}two\r`, [], ["one"]],
  ["letters of other scripts", `Grüße 👋${BACKSPACE}🦉\r${CTRL_D}`, [], ["Grüße 🦉"]],
];

for (const [what, keys, history, lines] of ROWS) {
  Deno.test(`editedLines() reads ${what}`, async () => {
    assert.deepEqual((await pressed(keys, history)).lines, lines);
  });
}

Deno.test("editedLines() remembers what was typed, but no blank line", async () => {
  assert.deepEqual((await pressed(`one\r  \rtwo\r${CTRL_D}`)).remembered, ["one", "two"]);
});
