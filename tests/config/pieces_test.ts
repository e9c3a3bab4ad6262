import assert from "node:assert/strict";
import { locator, movedBy, placePieces, toProblems } from "../../src/config/pieces.ts";
import { find, type Tree } from "../../src/config/tree.ts";
import { readYaml } from "../../src/config/read_yaml.ts";

const PIECES = placePieces([
  { file: "a.yaml", text: "one: 1\ntwo: 2" },
  { file: "empty.yaml", text: "" },
  { file: "b.yaml", text: "\uFEFFthree: 3\r\nfour: 4\n" },
]);

/** [offset in the joint text, where that is] */
const PLACES: readonly (readonly [offset: number, place: string])[] = [
  [0, "a.yaml:1:1"],
  [4, "a.yaml:1:5"],
  [7, "a.yaml:2:1"],
  [13, "a.yaml:2:7"],
  [14, "empty.yaml:1:1"],
  [15, "b.yaml:1:1"],
  [15 + 10, "b.yaml:2:1"],
  [15 + 18, "b.yaml:3:1"],
  // What stands nowhere.
  [-1, "a.yaml:1:1"],
];
for (const [offset, place] of PLACES) {
  Deno.test(`locator() finds the place of offset ${offset}`, () => {
    const { file, position } = locator(PIECES)(offset);
    assert.equal(`${file}:${position.line}:${position.column}`, place);
  });
}

Deno.test("placePieces() passes over byte order marks", () => {
  assert.deepEqual(PIECES.map(({ start }) => start), [0, 14, 15]);
  assert.equal(PIECES[2]?.text, "three: 3\r\nfour: 4\n");
});

Deno.test("movedBy() moves each place of a tree, and leaves it shared", () => {
  const { tree } = readYaml("a: &x {b: [1, two]}\nc: *x\n");
  assert.ok(tree);
  const moved = movedBy(tree, 100);
  assert.equal(movedBy(tree, 0), tree);
  const at = (root: Tree, path: readonly (string | number)[]) =>
    find({ tree: root, path: "", offset: root.offset }, path);
  for (const path of [[], ["a"], ["a", "b"], ["a", "b", 1], ["c", "b", 0]]) {
    assert.equal(at(moved, path).offset, at(tree, path).offset + 100, path.join("."));
  }
  assert.equal(at(moved, ["a"]).node, at(moved, ["c"]).node);
});

Deno.test("toProblems() lists what is wrong in the order of the pieces", () => {
  const findings = [20, 0, 7].map((offset) => ({ offset, path: `at ${offset}`, message: "wrong" }));
  const problems = toProblems(findings, locator(PIECES));
  assert.deepEqual(problems.map(({ file, path }) => [file, path]), [
    ["a.yaml", "at 0"],
    ["a.yaml", "at 7"],
    ["b.yaml", "at 20"],
  ]);
});
