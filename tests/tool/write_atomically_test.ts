import assert from "node:assert/strict";
import { fileOptions, toWorkspace } from "../../src/tool/file_options.ts";
import { locate } from "../../src/tool/paths.ts";
import { writeAtomically } from "../../src/tool/write_atomically.ts";
import { inTempDir, namesIn, refusal, toolDeps } from "./run_tool.ts";

async function* bytes(...texts: string[]): AsyncIterable<Uint8Array> {
  for (const text of texts) yield await Promise.resolve(new TextEncoder().encode(text));
}

const place = (base: string, path: string) => locate(toWorkspace(fileOptions(1).parse({}), toolDeps(base)), path);

Deno.test("writeAtomically() joins the chunks and makes the folders", async () => {
  await inTempDir(async (base) => {
    await writeAtomically(await place(base, "a/b/f"), bytes("one ", "", "two"));
    assert.equal(await Deno.readTextFile(`${base}/a/b/f`), "one two");
    assert.deepEqual(await namesIn(`${base}/a/b`), ["f"]);
  });
});

Deno.test("writeAtomically() leaves no trace of content that breaks off", async () => {
  await inTempDir(async (base) => {
    await Deno.writeTextFile(`${base}/f`, "old");
    const content = async function* () {
      yield* bytes("half");
      assert.equal((await namesIn(base)).length, 2, "it is written beside the file");
      throw new Error("broke off");
    };
    assert.equal(await refusal(writeAtomically(await place(base, "f"), content())), "broke off");
    assert.equal(await Deno.readTextFile(`${base}/f`), "old");
    assert.deepEqual(await namesIn(base), ["f"]);
  });
});

Deno.test("writeAtomically() asks once more before the new takes the place of the old", async () => {
  await inTempDir(async (base) => {
    await Deno.writeTextFile(`${base}/f`, "old");
    const check = () => Promise.reject(new Error("not now"));
    assert.equal(await refusal(writeAtomically(await place(base, "f"), bytes("new"), { check })), "not now");
    assert.equal(await Deno.readTextFile(`${base}/f`), "old");
    assert.deepEqual(await namesIn(base), ["f"]);
  });
});

Deno.test("writeAtomically() replaces a link that was put there, and does not follow it", async () => {
  await inTempDir(async (base) => {
    await Deno.mkdir(`${base}/work`);
    await Deno.writeTextFile(`${base}/outside`, "safe");
    const target = await place(`${base}/work`, "f");
    await Deno.symlink("../outside", `${base}/work/f`);
    await writeAtomically(target, bytes("new"));
    assert.equal(await Deno.readTextFile(`${base}/outside`), "safe");
    assert.equal(await Deno.readTextFile(`${base}/work/f`), "new");
  });
});

for (const depth of ["a", "a/b/c"]) {
  Deno.test(`writeAtomically() makes nothing behind a link that took the place of the folder ${depth}`, async () => {
    await inTempDir(async (base) => {
      await Deno.mkdir(`${base}/work`);
      await Deno.mkdir(`${base}/outside`);
      const target = await place(`${base}/work`, `${depth}/f`);
      await Deno.symlink("../outside", `${base}/work/a`);
      await refusal(writeAtomically(target, bytes("new")));
      assert.deepEqual((await namesIn(`${base}/outside`)).filter((name) => name === "f" || name === "c"), []);
    });
  });
}
