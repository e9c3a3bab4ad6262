import assert from "node:assert/strict";
import { MAX_CONFIG_LENGTH, readYaml } from "../../src/config/read_yaml.ts";
import type { Tree } from "../../src/config/tree.ts";

/** What a tree says, without its places. */
function plain(tree: Tree | undefined): unknown {
  switch (tree?.kind) {
    case "scalar":
      return tree.value;
    case "list":
      return tree.items.map(plain);
    case "table":
      return Object.fromEntries([...tree.entries].map(([key, { value }]) => [key, plain(value)]));
    case undefined:
      return undefined;
  }
}

const READ: readonly (readonly [text: string, value: unknown])[] = [
  ["a: 1", { a: 1 }],
  ["a: yes", { a: "yes" }],
  ["a: no", { a: "no" }],
  ["a: on", { a: "on" }],
  ["a: true", { a: true }],
  ["a: ~", { a: null }],
  ["a:", { a: null }],
  ["a: 010", { a: 10 }],
  ["a: 0x10", { a: 16 }],
  ["a: 0o10", { a: 8 }],
  ["a: 1_000", { a: "1_000" }],
  ["a: 12:30", { a: "12:30" }],
  ["a: 2026-01-01", { a: "2026-01-01" }],
  ["a: 1.0.1", { a: "1.0.1" }],
  ["a: 1e3", { a: 1000 }],
  ["a: '1'", { a: "1" }],
  ["a: !!str 1", { a: "1" }],
  ["a: |\n  x\n  y\n", { a: "x\ny\n" }],
  ["a: >-\n  x\n  y\n", { a: "x y" }],
  ["a: x\n  y", { a: "x y" }],
  ["- a\n- b: 1", ["a", { b: 1 }]],
  ["{a: [1, {b: 2}],}", { a: [1, { b: 2 }] }],
  ['{"a": "\\ud83d\\ude00 \\/"}', { a: "😀 /" }],
  ["a: ${X}", { a: "${X}" }],
  ["a: ${X:-b c}", { a: "${X:-b c}" }],
  ["a: x#y", { a: "x#y" }],
  ["a: x # y", { a: "x" }],
  ["a: &x {b: 1}\nc: *x", { a: { b: 1 }, c: { b: 1 } }],
  ["a: &x {b: 1, c: 2}\nd: {<<: *x, c: 3}", { a: { b: 1, c: 2 }, d: { c: 3, b: 1 } }],
  ["a: &x {b: 1}\nc: &y {b: 2, d: 2}\ne: {<<: [*x, *y]}", { a: { b: 1 }, c: { b: 2, d: 2 }, e: { b: 1, d: 2 } }],
  ["a: &x 1\nb: &x 2\nc: *x", { a: 1, b: 2, c: 2 }],
  ["---\na: 1\n...\n", { a: 1 }],
  ["constructor: {a: 1}", { constructor: { a: 1 } }],
];
for (const [text, value] of READ) {
  Deno.test(`readYaml() reads ${JSON.stringify(text)}`, () => {
    const { tree, findings } = readYaml(text);
    assert.deepEqual(findings, []);
    assert.deepEqual(plain(tree), value);
  });
}

Deno.test("readYaml() keeps the place of every key and value", () => {
  const text = "a: 1\nb:\n  - x\n  - c: 'y'\n";
  const { tree } = readYaml(text);
  assert.ok(tree?.kind === "table");
  const b = tree.entries.get("b");
  assert.ok(b?.value.kind === "list");
  assert.deepEqual([b.offset, b.value.items.map(({ offset }) => text.slice(offset, offset + 1))], [5, ["x", "c"]]);
  const second = b.value.items[1];
  assert.ok(second?.kind === "table");
  assert.equal(text.slice(second.entries.get("c")?.value.offset), "'y'\n");
});

Deno.test("readYaml() shares what has an alias, instead of writing it out", () => {
  const { tree } = readYaml("a: &x [1, 2]\nb: *x\n");
  assert.ok(tree?.kind === "table");
  assert.equal(tree.entries.get("a")?.value, tree.entries.get("b")?.value);
});

const DEPTHS: readonly (readonly [depth: number, isRead: boolean])[] = [[60, true], [64, true], [65, false], [
  200,
  false,
]];
for (const [depth, isRead] of DEPTHS) {
  Deno.test(`readYaml() ${isRead ? "reads" : "refuses"} ${depth} levels, in every style`, () => {
    const indented = Array.from({ length: depth }, (_, at) => `${" ".repeat(at)}a:`).join("\n") + " 1";
    for (
      const text of ["[".repeat(depth) + "]".repeat(depth), "{a: ".repeat(depth) + "1" + "}".repeat(depth), indented]
    ) {
      assert.equal(readYaml(text).tree !== undefined, isRead, text.slice(0, 20));
    }
  });
}

Deno.test("readYaml() reads a text of just one mebibyte, and none that is longer", () => {
  const text = `a: ${"x".repeat(MAX_CONFIG_LENGTH - 3)}`;
  assert.ok(readYaml(text).tree);
  assert.deepEqual(readYaml(`${text}x`).findings, [{
    offset: 0,
    path: "",
    message: "found more than 1 MiB, expected a smaller file",
  }]);
});

Deno.test("readYaml() reads a configuration of 500 agents", () => {
  const agent = (at: number) =>
    `  agent-${at}:\n    llm: x\n    instruction: |\n      Do ${at}.\n    tools: [a, b, c]\n    reasoning: {max_iterations: 5}\n`;
  const { tree, findings } = readYaml(`agents:\n${Array.from({ length: 500 }, (_, at) => agent(at)).join("")}`);
  assert.deepEqual(findings, []);
  assert.ok(tree?.kind === "table");
});
