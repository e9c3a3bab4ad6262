import assert from "node:assert/strict";
import { applyPatch } from "../../src/tool/apply_patch.ts";
import { callTool, inTempDir, namesIn, refusal, toolDeps } from "./run_tool.ts";

const FILE = "one\ntwo\nthree\nfour\nfive\nsix\nseven\neight\nnine\n";

async function patch(base: string, input: Parameters<typeof callTool>[1], options = {}) {
  return await callTool(applyPatch, { path: "f", ...input }, { baseDir: base, options });
}

Deno.test("apply_patch changes lines between the lines around them, and keeps the old content", async () => {
  await inTempDir(async (base) => {
    await Deno.writeTextFile(`${base}/f`, FILE);
    const input = {
      old_string: "two\nthree\nfour\nfive\nsix\nseven\neight",
      new_string: "two\nthree\nfour\n5\nsix\nseven\neight",
    };
    assert.equal(
      await patch(base, input),
      "Patched f, backup in f.bak\n@@ line 5 @@\n three\n four\n-five\n+5\n six\n seven",
    );
    assert.equal(await Deno.readTextFile(`${base}/f`), FILE.replace("five", "5"));
    assert.equal(await Deno.readTextFile(`${base}/f.bak`), FILE);
  });
});

/** [what, old lines, new lines, options, what is told: undefined for a patch that is done] */
const CONTEXTS: [name: string, before: string, after: string, options: object, told: RegExp | undefined][] = [
  ["without lines around", "five", "5", {}, /0 unchanged lines before its change and 0 behind it, expected 3/],
  ["with too few behind", "two\nthree\nfour\nfive\nsix", "two\nthree\nfour\n5\nsix", {}, /3 .* and 1 behind/],
  ["at the beginning of the file", "one\ntwo\nthree\nfour", "1\ntwo\nthree\nfour", {}, undefined],
  ["at the end of the file", "six\nseven\neight\nnine\n", "six\nseven\neight\n9\n", {}, undefined],
  ["with as many as the options want", "four\nfive\nsix", "four\n5\nsix", { context_lines: 1 }, undefined],
  ["that is in no file", "four\nFIVE\nsix", "four\n5\nsix", {}, /old_string is not in it/],
];
for (const [name, before, after, options, told] of CONTEXTS) {
  Deno.test(`apply_patch ${told === undefined ? "takes" : "refuses"} a patch ${name}`, async () => {
    await inTempDir(async (base) => {
      await Deno.writeTextFile(`${base}/f`, FILE);
      const done = patch(base, { old_string: before, new_string: after, create_backup: false }, options);
      if (told === undefined) await done;
      else assert.match(await refusal(done, base), told);
      const expected = told === undefined ? FILE.replace(before, after) : FILE;
      assert.equal(await Deno.readTextFile(`${base}/f`), expected);
      assert.deepEqual(await namesIn(base), ["f"]);
    });
  });
}

for (const [name, before, after, options, told] of CONTEXTS) {
  Deno.test(`apply_patch's check ${told === undefined ? "passes" : "refuses"} a patch ${name}, and changes nothing`, async () => {
    await inTempDir(async (base) => {
      await Deno.writeTextFile(`${base}/f`, FILE);
      const tool = await applyPatch.create(options, toolDeps(base));
      assert.ok(tool.check);
      const checked = tool.check({ path: "f", old_string: before, new_string: after }, new AbortController().signal);
      if (told === undefined) await checked;
      else assert.match(await refusal(checked, base), told);
      assert.equal(await Deno.readTextFile(`${base}/f`), FILE);
      assert.deepEqual(await namesIn(base), ["f"]);
    });
  });
}

Deno.test("apply_patch without context_validation asks for no lines around, and still for one place", async () => {
  await inTempDir(async (base) => {
    await Deno.writeTextFile(`${base}/f`, "a\nb\na\n");
    const unsure = { context_validation: false };
    assert.match(await refusal(patch(base, { ...unsure, old_string: "a", new_string: "c" })), /2 times \(lines 1, 3\)/);
    await patch(base, { ...unsure, old_string: "b", new_string: "c" });
    assert.equal(await Deno.readTextFile(`${base}/f`), "a\nc\na\n");
  });
});

Deno.test("apply_patch asks a person by default, and is never repeated unasked", () => {
  const { needsApproval, replay } = applyPatch.create({}, toolDeps("/"));
  const input = { path: "f", old_string: "a", new_string: "b" };
  assert.deepEqual([needsApproval?.(input), replay], [true, "once"]);
});
