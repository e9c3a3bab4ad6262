import assert from "node:assert/strict";
import { linesOf, printable, wantsColor } from "../../src/cli/terminal.ts";

/** [environment, is a terminal, colors] */
const COLORS: readonly [env: Record<string, string>, isTerminal: boolean, wants: boolean][] = [
  [{}, true, true],
  [{}, false, false],
  [{ TERM: "dumb" }, true, false],
  [{ NO_COLOR: "1" }, true, false],
  [{ NO_COLOR: "" }, true, true],
  [{ CLICOLOR_FORCE: "1" }, false, true],
  [{ CLICOLOR_FORCE: "0" }, false, false],
  [{ CLICOLOR_FORCE: "1", NO_COLOR: "1" }, true, false],
  [{ CLICOLOR_FORCE: "1", TERM: "dumb" }, false, true],
];

for (const [env, isTerminal, wants] of COLORS) {
  Deno.test(`wantsColor(${JSON.stringify(env)}, ${isTerminal}) is ${wants}`, () => {
    assert.equal(wantsColor((name) => env[name], isTerminal), wants);
  });
}

Deno.test("printable() keeps words, tabs and line ends, and drops what moves a cursor", () => {
  assert.equal(printable("Grüße\t👋\r\n\u001b]0;title\u0007\u009b2J\u0000"), "Grüße\t👋\n]0;title2J");
});

/** [pieces, lines] */
const PIECES: readonly [pieces: readonly string[], lines: readonly string[]][] = [
  [[], []],
  [["one\ntwo\n"], ["one", "two"]],
  [["on", "e\nt", "wo"], ["one", "two"]],
  [["\n\n"], ["", ""]],
];

for (const [pieces, lines] of PIECES) {
  Deno.test(`linesOf() reads ${JSON.stringify(pieces)}`, async () => {
    const stream = ReadableStream.from(pieces.map((piece) => new TextEncoder().encode(piece)));
    assert.deepEqual(await Array.fromAsync(linesOf(stream)), lines);
  });
}

Deno.test("linesOf() gives a line as soon as it is whole", async () => {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const writer = writable.getWriter();
  const lines = linesOf(readable);
  writer.write(new TextEncoder().encode("one\ntw"));
  assert.deepEqual(await lines.next(), { done: false, value: "one" });
  writer.write(new TextEncoder().encode("o\n"));
  assert.deepEqual(await lines.next(), { done: false, value: "two" });
  await lines.return(undefined);
});
