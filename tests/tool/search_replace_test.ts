import assert from "node:assert/strict";
import { searchReplace } from "../../src/tool/search_replace.ts";
import { callTool, inTempDir, namesIn, refusal, toolDeps } from "./run_tool.ts";

async function edit(base: string, content: string | Uint8Array, input: Parameters<typeof callTool>[1], options = {}) {
  await Deno.writeFile(`${base}/f`, typeof content === "string" ? new TextEncoder().encode(content) : content);
  return await callTool(searchReplace, { path: "f", ...input }, { baseDir: base, options });
}

Deno.test("search_replace changes one place, shows it, and keeps the old content", async () => {
  await inTempDir(async (base) => {
    const told = await edit(base, "one\ntwo\nthree\n", { old_string: "two", new_string: "2" });
    assert.equal(told, "Replaced 1 occurrence in f, backup in f.bak\n@@ line 2 @@\n one\n-two\n+2\n three");
    assert.equal(await Deno.readTextFile(`${base}/f`), "one\n2\nthree\n");
    assert.equal(await Deno.readTextFile(`${base}/f.bak`), "one\ntwo\nthree\n");
  });
});

Deno.test("search_replace without show_diff and create_backup says that it is done, and leaves no backup", async () => {
  await inTempDir(async (base) => {
    const input = { old_string: "a", new_string: "b", replace_all: true, show_diff: false, create_backup: false };
    assert.equal(await edit(base, "a a\na", input), "Replaced 3 occurrences in f");
    assert.equal(await Deno.readTextFile(`${base}/f`), "b b\nb");
    assert.deepEqual(await namesIn(base), ["f"]);
  });
});

Deno.test("search_replace keeps a CRLF file in CRLF, byte order mark and missing last break included", async () => {
  await inTempDir(async (base) => {
    await edit(base, "\ufeffone\r\ntwo\r\nthree", { old_string: "one\ntwo", new_string: "1\n2\n2.5" });
    const expected = new TextEncoder().encode("\ufeff1\r\n2\r\n2.5\r\nthree");
    assert.deepEqual(await Deno.readFile(`${base}/f`), expected);
  });
});

const REFUSED: [name: string, content: string | Uint8Array, input: Parameters<typeof callTool>[1], told: RegExp][] = [
  [
    "text that is not there",
    "abc",
    { old_string: "x", new_string: "y" },
    /^Cannot change "f": old_string is not in it/,
  ],
  ["text that is there twice", "a\na", { old_string: "a", new_string: "b" }, /2 times \(lines 1, 2\)/],
  ["empty old text", "abc", { old_string: "", new_string: "b" }, /old_string: /],
  ["half a character", "abc", { old_string: "a", new_string: "\ud800" }, /new_string: is not well-formed/],
  ["a binary file", new Uint8Array([97, 0]), { old_string: "a", new_string: "b" }, /binary/],
  ["a Latin-1 file", new Uint8Array([97, 0xe4]), { old_string: "a", new_string: "b" }, /not UTF-8/],
  ["a file that is not there", "", { path: "g", old_string: "a", new_string: "b" }, /no such file; create it/],
  ["an argument that it does not know", "a", { old_string: "a", new_string: "b", regex: true }, /regex/],
];
for (const [name, content, input, told] of REFUSED) {
  Deno.test(`search_replace refuses ${name}, and changes nothing`, async () => {
    await inTempDir(async (base) => {
      assert.match(await refusal(edit(base, content, input), base), told);
      const tool = await searchReplace.create({}, toolDeps(base));
      const { signal } = new AbortController();
      assert.match(await refusal(Promise.resolve(tool.check?.({ path: "f", ...input }, signal)), base), told);
      const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
      assert.deepEqual(new Uint8Array(await Deno.readFile(`${base}/f`)), bytes);
      assert.deepEqual(await namesIn(base), ["f"]);
    });
  });
}

Deno.test("search_replace holds max_replacements and max_file_size on the border", async () => {
  await inTempDir(async (base) => {
    const all = { old_string: "a", new_string: "bb", replace_all: true };
    assert.match(await edit(base, "aaa", all, { max_replacements: 3, max_file_size: 6 }), /3 occurrences/);
    assert.match(await refusal(edit(base, "aaaa", all, { max_replacements: 3 })), /4 times, and at most 3/);
    assert.match(await refusal(edit(base, "aaaa", all, { max_file_size: 7 })), /would have 8 bytes, and at most 7/);
    assert.match(
      await refusal(edit(base, "aaaaaaaa", all, { max_file_size: 7 })),
      /has 8 bytes or more, and at most 7/,
    );
  });
});

Deno.test("search_replace may run once only: text that it puts in may hold what it replaced", () => {
  assert.equal(searchReplace.create({}, toolDeps("/")).replay, "once");
});

Deno.test("search_replace at the same time loses no change", async () => {
  await inTempDir(async (base) => {
    const marks = Array.from({ length: 30 }, (_, at) => `<${at}>`);
    await Deno.writeTextFile(`${base}/f`, marks.join("\n"));
    await Promise.all(
      marks.map((mark) =>
        callTool(searchReplace, { path: "f", old_string: mark, new_string: `done ${mark}` }, { baseDir: base })
      ),
    );
    assert.equal(await Deno.readTextFile(`${base}/f`), marks.map((mark) => `done ${mark}`).join("\n"));
    assert.deepEqual(await namesIn(base), ["f", "f.bak"]);
  });
});

Deno.test("search_replace in a large file is done, and the diff stays short", async () => {
  await inTempDir(async (base) => {
    const lines = Array.from(
      { length: 150_000 },
      (_, at) => `line ${at} of a large file, ${at % 1500 === 0 ? "MARK" : "-"}`,
    );
    const told = await edit(base, lines.join("\r\n"), { old_string: "MARK", new_string: "mark", replace_all: true });
    assert.match(told, /Replaced 100 occurrences/);
    assert.ok(told.length < 5_000);
    assert.equal(await Deno.readTextFile(`${base}/f`), lines.join("\r\n").replaceAll("MARK", "mark"));
  });
});
