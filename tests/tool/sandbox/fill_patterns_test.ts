import assert from "node:assert/strict";
import { CommandRefusal } from "../../../src/tool/sandbox/command_refusal.ts";
import { fillPatterns } from "../../../src/tool/sandbox/fill_patterns.ts";
import { parseScript } from "../../../src/tool/sandbox/parse_script.ts";

const FOLDERS = new Map<string, readonly string[]>([
  ["", ["b.ts", "a.ts", "a.md", ".hidden", "-rf", "src", "[x]", "a*b", "ü.ts", "A.ts"]],
  ["src", ["one.ts", "two.ts", "deep", ".env"]],
  ["src/deep", ["three.ts"]],
]);

function filled(line: string): string {
  const [step] = parseScript(`x ${line}`);
  return fillPatterns(step?.pipeline[0].words ?? [], (folder) => FOLDERS.get(folder) ?? []).slice(1).join(" ");
}

const ROWS: [line: string, words: string][] = [
  ["*.ts", "A.ts a.ts b.ts ü.ts"],
  ["[ab].ts", "a.ts b.ts"],
  ["[!a].ts", "A.ts b.ts ü.ts"],
  ["[a-z].ts", "a.ts b.ts"],
  ["?.md", "a.md"],
  ["*.none", "*.none"],
  ["'*'.ts", "*.ts"],
  ["\\*.ts", "*.ts"],
  ["a'*'*", "a*b"],
  ["'[x]'*", "[x]"],
  ["src/*.ts", "src/one.ts src/two.ts"],
  ["./src/*.ts", "./src/*.ts"],
  ["*/*/*.ts", "src/deep/three.ts"],
  ["src//t*", "src/two.ts"],
  [".h*", ".hidden"],
  ["src/*", "src/deep src/one.ts src/two.ts"],
  ["src/.*", "src/.env"],
  ["-*", "-*"],
  ["*rf", "./-rf"],
  ["--glob=*.ts", "--glob=*.ts"],
  ["/*", "/*"],
  ["../*", "../*"],
  ["src/../*", "src/../*"],
  ["plain 'a b'", "plain a b"],
  ["[", "["],
  ["[z-a]x", ""],
];

for (const [line, words] of ROWS) {
  Deno.test(`fillPatterns() makes ${JSON.stringify(words)} of ${line}`, () => {
    if (words === "") assert.throws(() => filled(line), CommandRefusal);
    else assert.equal(filled(line), words);
  });
}

Deno.test("fillPatterns() refuses patterns that match too much", () => {
  const many = Array.from({ length: 5000 }, (_, at) => `f${at}`);
  assert.throws(() => fillPatterns([{ text: "*", pattern: "*" }], () => many), CommandRefusal);
  assert.throws(
    () => fillPatterns([{ text: "*/*/*/*", pattern: "*/*/*/*" }], () => many.slice(0, 100)),
    CommandRefusal,
  );
});
