import assert from "node:assert/strict";
import type { DirectorySettings } from "../../../src/rag/sources/directory_files.ts";
import { DirectoryIndex } from "../../../src/rag/sources/directory_index.ts";
import { inTree, put } from "./make_tree.ts";

const LONG_AGO = new Date("2020-01-01T00:00:00Z");

function open(root: string, changes: Partial<DirectorySettings> = {}, now = Date.now): DirectoryIndex {
  const limits = { maxFileBytes: 1_000, maxFiles: 100, maxTotalBytes: 100_000 };
  return new DirectoryIndex({ root, include: [], exclude: [], own: [], ...limits, ...changes }, now);
}

const found = (index: DirectoryIndex, query: string) => {
  index.refresh();
  return index.find(query, 10).hits.map(({ path }) => path);
};

Deno.test("refresh() sees files that are new, changed, moved and gone", async () => {
  await inTree({ "a.md": "zebra", "b/c.md": "lion" }, async (root) => {
    using index = open(root);
    assert.deepEqual([found(index, "zebra"), found(index, "lion")], [["a.md"], ["b/c.md"]]);
    await put(root, "new.md", "zebra");
    assert.deepEqual(found(index, "zebra").sort(), ["a.md", "new.md"]);
    await put(root, "a.md", "tiger and more");
    assert.deepEqual([found(index, "zebra"), found(index, "tiger")], [["new.md"], ["a.md"]]);
    await Deno.rename(`${root}/b`, `${root}/d`);
    assert.deepEqual(found(index, "lion"), ["d/c.md"]);
    await Deno.remove(`${root}/new.md`);
    assert.deepEqual(found(index, "zebra"), []);
  });
});

Deno.test("refresh() sees a change of a young file that neither its size nor its time tells", async () => {
  await inTree({ "a.md": "zebra" }, async (root) => {
    using index = open(root);
    const { mtime } = await Deno.stat(`${root}/a.md`);
    assert.deepEqual(found(index, "zebra"), ["a.md"]);
    await put(root, "a.md", "tiger");
    await Deno.utime(`${root}/a.md`, mtime ?? 0, mtime ?? 0);
    assert.deepEqual([found(index, "zebra"), found(index, "tiger")], [[], ["a.md"]]);
  });
});

Deno.test("refresh() reads an old file once", async () => {
  await inTree({ "a.md": "zebra" }, async (root) => {
    await Deno.utime(`${root}/a.md`, LONG_AGO, LONG_AGO);
    using index = open(root);
    assert.deepEqual(found(index, "zebra"), ["a.md"]);
    const { ino } = await Deno.stat(`${root}/a.md`);
    // The same size, time and inode: only reading could tell, and it is not read.
    await Deno.writeTextFile(`${root}/a.md`, "tiger");
    await Deno.utime(`${root}/a.md`, LONG_AGO, LONG_AGO);
    assert.equal((await Deno.stat(`${root}/a.md`)).ino, ino);
    assert.deepEqual(found(index, "zebra"), ["a.md"]);
    await Deno.utime(`${root}/a.md`, LONG_AGO, new Date());
    assert.deepEqual(found(index, "tiger"), ["a.md"]);
  });
});

Deno.test("refresh() reads again, once it is old enough, what was young when it was read", async () => {
  await inTree({ "a.md": "zebra" }, async (root) => {
    const written = (await Deno.stat(`${root}/a.md`)).mtime?.getTime() ?? 0;
    let now = written + 1_000;
    using index = open(root, {}, () => now);
    assert.deepEqual(found(index, "zebra"), ["a.md"]);
    await Deno.writeTextFile(`${root}/a.md`, "tiger");
    await Deno.utime(`${root}/a.md`, LONG_AGO, new Date(written));
    now = written + 10_000;
    assert.deepEqual(found(index, "tiger"), ["a.md"]);
  });
});

Deno.test("refresh() counts what it holds and what it skips", async () => {
  const files = {
    "a.md": "text",
    "bin": new Uint8Array([1, 0]),
    "large.md": "x".repeat(1_001),
    "b.md": "x".repeat(1_000),
  };
  await inTree(files, async (root) => {
    await Promise.resolve();
    using index = open(root);
    assert.deepEqual(index.refresh(), { files: 2, passages: 2, skipped: 2, notes: [] });
  });
});

Deno.test("refresh() follows a file that becomes binary or too large, and back", async () => {
  await inTree({ "a.md": "zebra" }, async (root) => {
    using index = open(root);
    assert.deepEqual(found(index, "zebra"), ["a.md"]);
    for (const bad of [new Uint8Array([0x7a, 0]), "zebra ".repeat(500)]) {
      await put(root, "a.md", bad);
      assert.deepEqual(found(index, "zebra"), []);
      await put(root, "a.md", "zebra again");
      assert.deepEqual(found(index, "zebra"), ["a.md"]);
    }
  });
});

const FULL: [changes: Partial<DirectorySettings>, files: number, leftOut: number][] = [
  [{ maxFiles: 3 }, 3, 2],
  [{ maxFiles: 5 }, 5, 0],
  [{ maxTotalBytes: 49 }, 4, 1],
  [{ maxTotalBytes: 50 }, 5, 0],
  [{ maxTotalBytes: 9 }, 0, 5],
];
for (const [changes, files, leftOut] of FULL) {
  Deno.test(`refresh() of five files of ten bytes with ${JSON.stringify(changes)}`, async () => {
    await inTree(Object.fromEntries([1, 2, 3, 4, 5].map((at) => [`f${at}`, "0123456789"])), async (root) => {
      await Promise.resolve();
      using index = open(root, changes);
      const summary = index.refresh();
      assert.equal(summary.files, files);
      assert.equal(summary.notes.length, leftOut === 0 ? 0 : 1);
      if (leftOut > 0) assert.match(summary.notes[0] ?? "", new RegExp(`^${leftOut} files are not searched`));
    });
  });
}
