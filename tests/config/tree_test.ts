import assert from "node:assert/strict";
import { find, join, NOWHERE, type Place, quote, tableOf, toPath, type Tree, treeOf } from "../../src/config/tree.ts";

const JOINED: readonly (readonly [path: string, step: string | number, joined: string])[] = [
  ["", "agents", "agents"],
  ["agents", "a", "agents.a"],
  ["agents.a.tools", 0, "agents.a.tools[0]"],
  ["llms", "gpt-4o", "llms.gpt-4o"],
  ["llms", "org/model:3b", "llms.org/model:3b"],
  ["llms", "gpt-4.1", 'llms["gpt-4.1"]'],
  ["agents", "my agent", 'agents["my agent"]'],
  ["agents", "", 'agents[""]'],
  ["agents", "a\u001b[31m", 'agents["a\\u001b[31m"]'],
  ["", "k".repeat(100), `["${"k".repeat(57)}…"]`],
  ["--tools", 1, "--tools[1]"],
];
for (const [path, step, joined] of JOINED) {
  Deno.test(`join() writes ${JSON.stringify(step).slice(0, 30)} behind ${JSON.stringify(path)}`, () => {
    assert.equal(join(path, step), joined);
  });
}

Deno.test("quote() keeps a text on one line and short", () => {
  assert.equal(quote('a "b"\n'), '"a \\"b\\"\\n"');
  assert.equal(quote("x".repeat(60)), `"${"x".repeat(60)}"`);
  assert.equal(quote("x".repeat(61)), `"${"x".repeat(57)}…"`);
});

const ROOT: Tree = {
  kind: "table",
  offset: 0,
  entries: new Map([
    ["a", {
      offset: 10,
      was: "older.a",
      value: { kind: "list", offset: 20, items: [{ kind: "scalar", offset: 30, value: 1 }] },
    }],
    ["b", { offset: 40, value: { kind: "scalar", offset: 50, value: "x" } }],
    ["c", { offset: 60, value: { kind: "scalar", offset: 70, value: null } }],
  ]),
};
const FROM: Place = { tree: ROOT, path: "p", offset: 5 };

const FOUND: readonly (readonly [path: readonly (string | number)[], offset: number, written: string])[] = [
  [[], 5, "p"],
  [["b"], 50, "p.b"],
  [["c"], 60, "p.c"],
  [["a"], 10, "older.a"],
  [["a", 0], 30, "older.a[0]"],
  [["a", 7], 10, "older.a[7]"],
  [["missing"], 5, "p.missing"],
  [["missing", "deeper"], 5, "p.missing.deeper"],
  [["constructor"], 5, "p.constructor"],
];
for (const [path, offset, written] of FOUND) {
  Deno.test(`find() points at ${JSON.stringify(path)}`, () => {
    const found = find(FROM, path);
    assert.deepEqual([found.offset, found.path], [offset, written]);
  });
}

Deno.test("find() points at the place itself when nothing is there", () => {
  assert.deepEqual(find({ tree: undefined, path: "server", offset: 9 }, ["port"]), {
    node: undefined,
    offset: 9,
    path: "server.port",
  });
});

Deno.test("treeOf() makes a tree without places, whose texts may become what a schema wants", () => {
  const tree = treeOf({ a: ["5", 6, true], b: null, c: { d: "x" } });
  assert.ok(tree.kind === "table");
  assert.equal(tree.offset, NOWHERE);
  const list = tree.entries.get("a")?.value;
  assert.ok(list?.kind === "list");
  assert.deepEqual(list.items, [
    { kind: "scalar", offset: NOWHERE, value: "5", retypable: true },
    { kind: "scalar", offset: NOWHERE, value: 6 },
    { kind: "scalar", offset: NOWHERE, value: true },
  ]);
  assert.equal(find({ tree, path: "", offset: 0 }, ["c", "d"]).path, "c.d");
});

Deno.test("tableOf() lets a flag stand for a path", () => {
  const tree = tableOf([{ key: "model", value: treeOf("x"), was: "--model" }, { key: "name", value: treeOf("y") }]);
  const from: Place = { tree, path: "llms.default", offset: NOWHERE };
  assert.deepEqual([find(from, ["model"]).path, find(from, ["name"]).path], ["--model", "llms.default.name"]);
});

Deno.test("toPath() writes a symbol out, which no file can hold", () => {
  assert.deepEqual(toPath(["a", 0, Symbol("s")]), ["a", 0, "Symbol(s)"]);
});
