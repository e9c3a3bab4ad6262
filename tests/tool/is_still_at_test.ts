import assert from "node:assert/strict";
import { isStillAt } from "../../src/tool/is_still_at.ts";
import { inTempDir } from "./run_tool.ts";

Deno.test("isStillAt() is true for the file itself, however often one looks", async () => {
  await inTempDir(async (base) => {
    await Deno.writeTextFile(`${base}/f`, "x");
    const opened = await Deno.stat(`${base}/f`);
    const identity = { ino: opened.ino ?? -1, dev: opened.dev };
    for (let round = 0; round < 200; round++) assert.equal(isStillAt(identity, `${base}/f`), true);
  });
});

const MOVES: [name: string, move: (base: string) => Promise<void>][] = [
  ["another file took its place", async (base) => {
    await Deno.writeTextFile(`${base}/other`, "x");
    await Deno.rename(`${base}/other`, `${base}/dir/f`);
  }],
  ["a link to it took its place", async (base) => {
    await Deno.rename(`${base}/dir/f`, `${base}/moved`);
    await Deno.symlink("../moved", `${base}/dir/f`);
  }],
  ["a link to its folder took the folder's place", async (base) => {
    await Deno.rename(`${base}/dir`, `${base}/moved`);
    await Deno.symlink("moved", `${base}/dir`);
  }],
];
for (const [name, move] of MOVES) {
  Deno.test(`isStillAt() is false when ${name}`, async () => {
    await inTempDir(async (base) => {
      await Deno.mkdir(`${base}/dir`);
      await Deno.writeTextFile(`${base}/dir/f`, "x");
      const { ino, dev } = await Deno.stat(`${base}/dir/f`);
      await move(base);
      for (let round = 0; round < 50; round++) assert.equal(isStillAt({ ino: ino ?? -1, dev }, `${base}/dir/f`), false);
    });
  });
}

Deno.test("isStillAt() throws when nothing is there", async () => {
  await inTempDir(async (base) => {
    await Promise.resolve();
    assert.throws(() => isStillAt({ ino: 1, dev: 1 }, `${base}/none`), { code: "ENOENT" });
  });
});
