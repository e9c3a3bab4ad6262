import assert from "node:assert/strict";
import { readWithImports } from "../../../src/tool/typescript/read_with_imports.ts";

/** [what, the files, what is read] */
const ROWS: readonly (readonly [what: string, files: Readonly<Record<string, string>>, read: readonly string[]])[] = [
  ["a file by itself", { "tool.ts": "export default {};" }, ["tool.ts"]],
  ["a file that is not there", {}, ["tool.ts"]],
  ["what it imports by its address", { "tool.ts": `import a from "file:///w/a.ts";` }, ["tool.ts", "/w/a.ts"]],
  [
    "what it imports for what that does, exports on, and imports late",
    { "tool.ts": `import 'file:///a.ts'; export * from "file:///b.ts"; await import("file:///c.ts");` },
    ["tool.ts", "/a.ts", "/b.ts", "/c.ts"],
  ],
  [
    "what imported files import, beside them",
    { "tool.ts": `import "file:///w/a.ts"`, "/w/a.ts": `import "./b.ts"; import "../c.ts";`, "/w/b.ts": "" },
    ["tool.ts", "/w/a.ts", "/w/b.ts", "/c.ts"],
  ],
  [
    "circles once",
    {
      "tool.ts": `import "file:///a.ts"`,
      "/a.ts": `import "./b.ts?v=1"`,
      "/b.ts": `import "./a.ts"; import "./b.ts";`,
    },
    ["tool.ts", "/a.ts", "/b.ts"],
  ],
  // It is loaded from an address that has no neighbours.
  ["no neighbours of the tool itself", { "tool.ts": `import "./a.ts";` }, ["tool.ts"]],
  [
    "nothing that is no file",
    { "tool.ts": `import "node:fs"; import "https://a.example/b.ts"; import "file://host/a"; import "file:///a%2Fb";` },
    ["tool.ts"],
  ],
];

for (const [what, files, expected] of ROWS) {
  Deno.test(`readWithImports() reads ${what}`, () => {
    const known = new Map(Object.entries(files));
    const read: string[] = [];
    readWithImports("tool.ts", (path) => {
      read.push(path);
      return known.get(path);
    });
    assert.deepEqual(read, expected);
  });
}

Deno.test("readWithImports() ends with modules that never do", () => {
  let count = 0;
  readWithImports("tool.ts", () => `import "file:///m${++count}.ts";`);
  assert.equal(count, 101);
});
