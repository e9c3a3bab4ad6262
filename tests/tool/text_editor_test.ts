import assert from "node:assert/strict";
import type { JsonObject } from "../../src/lib/json.ts";
import { textEditor } from "../../src/tool/text_editor.ts";
import { callTool, inTempDir, namesIn, refusal, toolDeps } from "./run_tool.ts";

const edit = (base: string, input: JsonObject) => callTool(textEditor, { path: "f", ...input }, { baseDir: base });

Deno.test("text_editor creates, views, replaces, inserts and takes back", async () => {
  await inTempDir(async (base) => {
    assert.equal(await edit(base, { command: "create", file_text: "one\ntwo\n" }), "Wrote f: a new file, 8 bytes");
    assert.equal(await edit(base, { command: "view" }), "f: lines 1–2 of 2\n1\tone\n2\ttwo");
    assert.equal(
      await edit(base, { command: "str_replace", old_str: "two", new_str: "2" }),
      "Changed f, backup in f.bak\n@@ line 2 @@\n one\n-two\n+2",
    );
    assert.equal(
      await edit(base, { command: "insert", insert_line: 1, insert_text: "1.5" }),
      "Changed f, backup in f.bak\n@@ line 2 @@\n one\n+1.5\n 2",
    );
    assert.equal(await Deno.readTextFile(`${base}/f`), "one\n1.5\n2\n");
    assert.equal(await edit(base, { command: "undo_edit" }), "Took the last change of f back");
    assert.equal(await Deno.readTextFile(`${base}/f`), "one\n2\n");
    assert.match(await refusal(edit(base, { command: "undo_edit" }), base), /nothing to take back/);
    assert.deepEqual(await namesIn(base), ["f"]);
  });
});

/** [text, behind which line, what is inserted, the text then] */
const INSERTS: [before: string, line: number, added: string, after: string][] = [
  ["", 0, "a", "a\n"],
  ["a\nb\n", 0, "x\n", "x\na\nb\n"],
  ["a\nb\n", 2, "x", "a\nb\nx\n"],
  ["a\nb", 2, "x", "a\nb\nx"],
  ["a\nb", 1, "x", "a\nx\nb"],
  ["a\r\nb\r\n", 1, "x\ny", "a\r\nx\r\ny\r\nb\r\n"],
];
for (const [before, line, added, after] of INSERTS) {
  Deno.test(`text_editor inserts ${JSON.stringify(added)} behind line ${line} of ${JSON.stringify(before)}`, async () => {
    await inTempDir(async (base) => {
      await Deno.writeTextFile(`${base}/f`, before);
      await edit(base, { command: "insert", insert_line: line, insert_text: added });
      assert.equal(await Deno.readTextFile(`${base}/f`), after);
    });
  });
}

Deno.test("text_editor views directories two levels deep, without what is off limits", async () => {
  await inTempDir(async (base) => {
    await Deno.mkdir(`${base}/src/deep/deeper`, { recursive: true });
    await Deno.mkdir(`${base}/.git`);
    for (const path of ["a.txt", "src/b.ts", "src/deep/c.ts", ".env"]) await Deno.writeTextFile(`${base}/${path}`, "");
    assert.equal(await edit(base, { command: "view", path: "." }), "a.txt\nsrc/\nsrc/b.ts\nsrc/deep/");
    assert.equal(await edit(base, { command: "view", path: "src/deep/deeper" }), "src/deep/deeper is empty");
  });
});

const REFUSED: [input: JsonObject, told: RegExp][] = [
  [{ command: "create" }, /file_text: create needs it/],
  [{ command: "insert", insert_line: 9, insert_text: "x" }, /insert_line is 9, and it has 2 lines/],
  [{ command: "insert", insert_text: "x" }, /insert_line: insert needs it/],
  [{ command: "str_replace", old_str: "a" }, /new_str: str_replace needs it/],
  [{ command: "str_replace", old_str: "z", new_str: "y" }, /old_string is not in it/],
  [{ command: "create", file_text: "\ud800" }, /file_text: is not well-formed/],
  [{ command: "view", path: "../f" }, /holds "\.\."/],
  [{ command: "view", view_range: [5, 9] }, /start_line is 5, and it has 2 lines/],
  [{ command: "undo_edit" }, /nothing to take back/],
  [{ command: "delete" }, /command: /],
];
for (const [input, told] of REFUSED) {
  Deno.test(`text_editor refuses ${JSON.stringify(input)}, and changes nothing`, async () => {
    await inTempDir(async (base) => {
      await Deno.writeTextFile(`${base}/f`, "a\nb\n");
      assert.match(await refusal(edit(base, input), base), told);
      assert.equal(await Deno.readTextFile(`${base}/f`), "a\nb\n");
      assert.deepEqual(await namesIn(base), ["f"]);
    });
  });
}

Deno.test("text_editor asks a person for whatever changes a file", () => {
  const { needsApproval } = textEditor.create({}, toolDeps("/"));
  const asks = (input: JsonObject) => needsApproval?.({ path: "f", ...input });
  assert.deepEqual(
    [asks({ command: "view" }), asks({ command: "undo_edit" }), asks({ command: "create", file_text: "" })],
    [false, true, true],
  );
});
