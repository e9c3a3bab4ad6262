import assert from "node:assert/strict";
import { folderPoints, watchPoints } from "../../../src/config/sources/watch_points.ts";
import { inFolder, lay } from "./support/in_folder.ts";

/** [what it is, the files, the path, its points as folder/name, all within the test's folder]. */
const ROWS: [name: string, files: Record<string, string>, path: string, points: string[]][] = [
  ["a file", { "a/c.yaml": "x" }, "a/c.yaml", ["a", "a/c.yaml"]],
  ["a file deep down", { "a/b/c/d.yaml": "x" }, "a/b/c/d.yaml", ["a/b/c", "a/b/c/d.yaml"]],
  ["a file that is not there", { "a/x": "" }, "a/c.yaml", ["a", "a/c.yaml"]],
  ["a file whose folders are not there", { "a/x": "" }, "a/b/c/d.yaml", ["a/b"]],
  ["a link to a file beside it", { "a/b": "x", "a/c": "-> b" }, "a/c", ["a", "a/c", "a/b"]],
  ["a link to a file elsewhere", { "b/d": "x", "a/c": "-> ../b/d" }, "a/c", ["a", "a/c", "b", "b/d"]],
  ["a link to nothing", { "a/c": "-> gone/d" }, "a/c", ["a", "a/c", "a/gone"]],
  ["a folder on the way that is a link", { "v1/c": "x", "now": "-> v1" }, "now/c", ["now", "v1", "v1/c"]],
  [
    "a ConfigMap of Kubernetes",
    { "m/..2024/c.yaml": "x", "m/..data": "-> ..2024", "m/c.yaml": "-> ..data/c.yaml" },
    "m/c.yaml",
    ["m", "m/c.yaml", "m/..data", "m/..2024", "m/..2024/c.yaml"],
  ],
  ["dots in the path", { "a/c.yaml": "x", "b/x": "" }, "b/.././a/c.yaml", ["a", "a/c.yaml"]],
];

for (const [name, files, path, points] of ROWS) {
  Deno.test(`watchPoints() of ${name}`, () =>
    inFolder(async (folder) => {
      await lay(folder, files);
      const found = await watchPoints(`${folder}/${path}`);
      assert.deepEqual(
        found.map((point) => `${point.folder}/${point.name}`),
        points.map((point) => `${folder}/${point}`),
      );
    }));
}

Deno.test("watchPoints() of an absolute link begins at the root again", () =>
  inFolder(async (folder) => {
    await lay(folder, { "b/d.yaml": "x", "a/c.yaml": `-> ${folder}/b/d.yaml` });
    assert.deepEqual(await watchPoints(`${folder}/a/c.yaml`), [
      { folder, name: "a" },
      { folder: `${folder}/a`, name: "c.yaml" },
      { folder, name: "b" },
      { folder: `${folder}/b`, name: "d.yaml" },
    ]);
  }));

Deno.test("watchPoints() of links in a circle ends", () =>
  inFolder(async (folder) => {
    await lay(folder, { "a": "-> b", "b": "-> a" });
    const found = await watchPoints(`${folder}/a`);
    assert.ok(found.length < 100, String(found.length));
  }));

Deno.test("folderPoints() are every name in it, the way to it, and where its links lead", () =>
  inFolder(async (folder) => {
    await lay(folder, { "v1/a.yaml": "x", "v1/b.yaml": "-> ../out/b.yaml", "out/b.yaml": "x", "now": "-> v1" });
    const found = (await folderPoints(`${folder}/now`)).map((point) => `${point.folder}/${point.name ?? "*"}`);
    const points = ["now", "v1", "v1/*", "v1/b.yaml", "out", "out/b.yaml"].map((point) => `${folder}/${point}`);
    assert.deepEqual(new Set(found), new Set([folder, ...points]));
    assert.deepEqual(await folderPoints(`${folder}/gone/deep`), [{ folder, name: "gone" }]);
  }));
