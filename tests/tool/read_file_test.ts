import assert from "node:assert/strict";
import { readFile } from "../../src/tool/read_file.ts";
import { callTool, inTempDir, refusal, toolDeps } from "./run_tool.ts";

type Input = Parameters<typeof callTool>[1];

async function readText(content: string | Uint8Array<ArrayBuffer>, input: Input = {}, options: Input = {}) {
  let shown = "";
  await inTempDir(async (baseDir) => {
    const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
    await Deno.writeFile(`${baseDir}/f.txt`, bytes);
    shown = await callTool(readFile, { path: "f.txt", ...input }, { baseDir, options });
  });
  return shown;
}

const FIVE = "one\ntwo\nthree\nfour\nfive\n";
const ROWS: [name: string, content: string, input: Input, expected: string][] = [
  ["a whole file", "a\nb\n", {}, "f.txt: lines 1–2 of 2\n1\ta\n2\tb"],
  ["a last line without its break", "a\nb", {}, "f.txt: lines 1–2 of 2\n1\ta\n2\tb"],
  ["empty lines at the end", "a\n\n\n", {}, "f.txt: lines 1–3 of 3\n1\ta\n2\t\n3\t"],
  ["one line break", "\n", {}, "f.txt: lines 1–1 of 1\n1\t"],
  ["CRLF", "a\r\nb\r\n", {}, "f.txt: lines 1–2 of 2\n1\ta\n2\tb"],
  ["a byte order mark", "\ufeffa\n", {}, "f.txt: lines 1–1 of 1\n1\ta"],
  ["an empty file", "", {}, "f.txt is empty"],
  ["without line numbers", "a\nb\n", { line_numbers: false }, "f.txt: lines 1–2 of 2\na\nb"],
  ["from a line", FIVE, { start_line: 4 }, "f.txt: lines 4–5 of 5\n4\tfour\n5\tfive"],
  ["to a line", FIVE, { end_line: 2 }, "f.txt: lines 1–2 of 5\n1\tone\n2\ttwo"],
  ["a range", FIVE, { start_line: 2, end_line: 3 }, "f.txt: lines 2–3 of 5\n2\ttwo\n3\tthree"],
  ["one line", FIVE, { start_line: 5, end_line: 5 }, "f.txt: lines 5–5 of 5\n5\tfive"],
  ["a range that ends behind the file", FIVE, { start_line: 5, end_line: 99 }, "f.txt: lines 5–5 of 5\n5\tfive"],
  ["other scripts", "日本\n👍\n", {}, "f.txt: lines 1–2 of 2\n1\t日本\n2\t👍"],
];
for (const [name, content, input, expected] of ROWS) {
  Deno.test(`read_file shows ${name}`, async () => assert.equal(await readText(content, input), expected));
}

const REFUSED: [name: string, content: string | Uint8Array<ArrayBuffer>, input: Input, told: RegExp][] = [
  ["a start behind the end", FIVE, { start_line: 6 }, /start_line is 6, and it has 5 lines/],
  ["a range that ends before it starts", FIVE, { start_line: 3, end_line: 2 }, /end_line: must not be before/],
  ["line 0", FIVE, { start_line: 0 }, /start_line: /],
  ["half a line", FIVE, { start_line: 1.5 }, /start_line: /],
  ["binary content", new Uint8Array([1, 0, 2]), {}, /Cannot read "f\.txt": it is a binary file/],
  ["Latin-1", new Uint8Array([0x68, 0xe9]), {}, /it is not UTF-8 text/],
  ["a file that is not there", "", { path: "g.txt" }, /Cannot read "g\.txt": there is no such file/],
  ["a name that has no end", "", { path: "x".repeat(5000) }, /^Cannot read "x{200}…": the path is too long$/],
];
for (const [name, content, input, told] of REFUSED) {
  Deno.test(`read_file refuses ${name}`, async () => assert.match(await refusal(readText(content, input)), told));
}

Deno.test("read_file shows a long file in parts that join without a gap", async () => {
  const lines = Array.from({ length: 500 }, (_, at) => `line number ${at + 1}`);
  const seen: string[] = [];
  for (let start = 1; seen.length < 500;) {
    const shown = await readText(lines.join("\n"), { start_line: start, line_numbers: false }, {
      max_output_chars: 1000,
    });
    const [head = "", ...part] = shown.split("\n");
    assert.ok(part.join("\n").length <= 1000);
    seen.push(...part);
    const next = /read on with start_line=(\d+)$/.exec(head)?.[1];
    assert.equal(next === undefined, seen.length === 500, head);
    start = Number(next);
  }
  assert.deepEqual(seen, lines);
});

Deno.test("read_file cuts a line that is longer than a result may be", async () => {
  const shown = await readText(`${"x".repeat(5000)}\nshort`, {}, { max_output_chars: 200 });
  assert.match(
    shown,
    /^f\.txt: lines 1–1 of 2; read on with start_line=2\n1\tx{198} … \[the line goes on: 5000 characters\]$/,
  );
});

Deno.test("read_file holds max_file_size on the border", async () => {
  assert.match(await readText("12345", {}, { max_file_size: 5 }), /12345/);
  assert.match(
    await refusal(readText("123456", {}, { max_file_size: 5 })),
    /it has 6 bytes or more, and at most 5 are allowed/,
  );
});

Deno.test("read_file refuses a sparse giant without reading it", async () => {
  await inTempDir(async (baseDir) => {
    using file = await Deno.create(`${baseDir}/giant`);
    await file.truncate(2 ** 40);
    assert.match(await refusal(callTool(readFile, { path: "giant" }, { baseDir })), /1099511627776 bytes or more/);
  });
});

Deno.test(
  "read_file says that the server may not read, without naming its path",
  { ignore: Deno.uid() === 0 },
  async () => {
    await inTempDir(async (baseDir) => {
      await Deno.writeTextFile(`${baseDir}/f`, "x", { mode: 0o000 });
      assert.match(await refusal(callTool(readFile, { path: "f" }, { baseDir }), baseDir), /may not access it/);
    });
  },
);

Deno.test("read_file refuses options that it does not know", () => {
  assert.throws(
    () => readFile.create({ max_filesize: 1 }, toolDeps("/", { documents: never })),
    /max_filesize/,
  );
});
const never = { stores: [], search: () => Promise.reject(new Error("not asked")) };
