import assert from "node:assert/strict";
import { mergeTrees } from "../../src/config/merge_trees.ts";
import { locator, movedBy, placePieces, toProblems } from "../../src/config/pieces.ts";
import { toLine } from "../../src/config/config_error.ts";
import { readYaml } from "../../src/config/read_yaml.ts";
import type { Finding, Tree } from "../../src/config/tree.ts";

/** The texts as files a.yaml, b.yaml, …, merged: the value, and what was found as people read it. */
function merge(...texts: readonly string[]): { readonly value: unknown; readonly told: readonly string[] } {
  const placed = placePieces(texts.map((text, at) => ({ text, file: `${String.fromCharCode(97 + at)}.yaml` })));
  const locate = locator(placed);
  const findings: Finding[] = [];
  const trees = placed.map(({ text, start }) => {
    const { tree } = readYaml(text);
    assert.ok(tree !== undefined, text);
    return movedBy(tree, start);
  });
  const value = plain(mergeTrees(trees, { findings, locate }));
  return { value, told: toProblems(findings, locate).map(toLine) };
}

function plain(tree: Tree): unknown {
  switch (tree.kind) {
    case "scalar":
      return tree.value;
    case "list":
      return tree.items.map(plain);
    default:
      return Object.fromEntries([...tree.entries].map(([key, { value }]) => [key, plain(value)]));
  }
}

const MERGED: [name: string, texts: string[], value: unknown][] = [
  ["one file as it is", ["a: 1"], { a: 1 }],
  ["one file that is no mapping as it is", ["[1, 2]"], [1, 2]],
  ["keys of several files, in their order", ["b: 1", "a: 2", "c: 3"], { b: 1, a: 2, c: 3 }],
  [
    "mappings however deep",
    ["agents: {a: {llm: x, memory: {budget: 1}}}", "agents: {a: {memory: {strategy: s}}, b: {llm: y}}"],
    { agents: { a: { llm: "x", memory: { budget: 1, strategy: "s" } }, b: { llm: "y" } } },
  ],
  ["YAML with JSON", ["tools:\n  a: {type: x}", '{"tools": {"b": {"type": "y"}}}'], {
    tools: { a: { type: "x" }, b: { type: "y" } },
  }],
  ["the same value said twice", ['version: "2"', 'version: "2"\nname: n'], { version: "2", name: "n" }],
  ["a key with nothing behind it and a mapping", ["agents:", "agents: {a: {}}"], { agents: { a: {} } }],
  ["a mapping and a key with nothing behind it", ["agents: {a: {}}", "agents:"], { agents: { a: {} } }],
  ["two keys with nothing behind them", ["agents:", "agents:"], { agents: null }],
  ["three files, the third deep in the first", ["a: {b: {c: 1}}", "d: 1", "a: {b: {e: 2}}"], {
    a: { b: { c: 1, e: 2 } },
    d: 1,
  }],
];

for (const [name, texts, value] of MERGED) {
  Deno.test(`mergeTrees() takes ${name}`, () => assert.deepEqual(merge(...texts), { value, told: [] }));
}

const SECOND = "found a second value in b.yaml, beside the one at";
const CONFLICTS: [name: string, texts: string[], told: string[]][] = [
  ["two values", ["name: a", "\nname: b"], [
    `b.yaml:2:1: name: ${SECOND} a.yaml:1:1, expected it in one file only`,
  ]],
  ["a number and the same as text", ["a: 1", 'a: "1"'], [
    `b.yaml:1:1: a: ${SECOND} a.yaml:1:1, expected it in one file only`,
  ]],
  ["two lists, even equal ones", ["agents: {a: {tools: [x]}}", "agents:\n  a:\n    tools: [x]"], [
    `b.yaml:3:5: agents.a.tools: ${SECOND} a.yaml:1:14, expected it in one file only`,
  ]],
  ["a list and a mapping", ["tools: [x]", "tools: {x: {}}"], [
    "b.yaml:1:1: tools: found a mapping in b.yaml, but a list at a.yaml:1:1, expected it in one file only",
  ]],
  ["a value and a mapping", ["a: {b: 1}", "a: x"], [
    "b.yaml:1:1: a: found a single value in b.yaml, but a mapping at a.yaml:1:1, expected it in one file only",
  ]],
  ["a file that is no mapping", ["a: 1", "[x]"], [
    "b.yaml:1:1: found a list in b.yaml, but a mapping at a.yaml:1:1, expected it in one file only",
  ]],
];

for (const [name, texts, told] of CONFLICTS) {
  Deno.test(`mergeTrees() refuses ${name}, and names both files`, () => {
    const merged = merge(...texts);
    assert.deepEqual(merged.told, told);
  });
}

Deno.test("mergeTrees() tells every conflict, and what the first file says stays", () => {
  const { value, told } = merge("a: 1\nb: {c: 1}", "a: 2\nb: {c: 2, d: 3}", "a: 3");
  assert.deepEqual(value, { a: 1, b: { c: 1, d: 3 } });
  assert.deepEqual(told.map((line) => line.split(": found")[0]), ["b.yaml:1:1: a", "b.yaml:2:5: b.c", "c.yaml:1:1: a"]);
});

Deno.test("mergeTrees() merges what aliases share in one place without changing the other", () => {
  const { value } = merge("base: &b {x: 1}\nagents: {a: *b, c: *b}", "agents: {a: {y: 2}}");
  assert.deepEqual(value, { base: { x: 1 }, agents: { a: { x: 1, y: 2 }, c: { x: 1 } } });
});

Deno.test("mergeTrees() of mappings with names that objects have takes them as keys", () => {
  const { value, told } = merge("constructor: {a: 1}", "constructor: {toString: 2}");
  assert.deepEqual(Object.entries(Object(value)), [["constructor", { a: 1, toString: 2 }]]);
  assert.deepEqual(told, []);
});

Deno.test("mergeTrees() needs a tree", () => {
  const locate = () => ({ file: "", position: { line: 1, column: 1 } });
  assert.throws(() => mergeTrees([], { findings: [], locate }), RangeError);
});
