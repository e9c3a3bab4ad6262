import assert from "node:assert/strict";
import { walkFiles } from "./walk_files.ts";
import {
  builderBreaches,
  circles,
  crowdedFiles,
  deadFiles,
  layerBreaches,
  misnamedFiles,
  sizeBreaches,
  spelledPlugins,
  type Tree,
} from "./lint/architecture.ts";
import { pluginNames } from "../src/plugins.ts";

/** Files over 400 lines, each with the reason why it is one thing. */
const LONG_FILES: ReadonlyMap<string, string> = new Map();

/** Strings that look like a plugin's name and mean something else. */
const OTHER_WORDS: ReadonlyMap<string, string> = new Map([
  // The flag --demo: any file on the model that needs no key.
  ["src/cli/setup.ts", "demo"],
  ["src/cli/with_flags.ts", "demo"],
  // A kind of part, and of download.
  ["src/a2a/dialects/a2a_v0_3.ts", "file"],
  ["src/a2a/dialects/hector_v1.ts", "file"],
  ["src/a2a/dialects/tolerant_part.ts", "file"],
  ["src/a2a/dialects/typed_part.ts", "file"],
  ["src/cli/print_stream.ts", "file"],
  ["src/model/openai_chat.ts", "file"],
]);

/** Where one comes in: the program, its client as a library, and what it expects of tools. */
const ENTRIES = ["main.ts", "client.ts", "tool_contract.ts"] as const;

const root = new URL("../", import.meta.url).pathname;

async function readTree(folders: readonly string[]): Promise<Tree> {
  const tree = new Map<string, string>();
  for (const folder of folders) {
    for await (const path of walkFiles(`${root}${folder}`)) {
      if (/\.tsx?$/.test(path)) tree.set(path.slice(root.length), await Deno.readTextFile(path));
    }
  }
  for (const entry of ENTRIES) tree.set(entry, await Deno.readTextFile(`${root}${entry}`));
  return tree;
}

const source = await readTree(["src"]);

Deno.test("architecture: rooms import only downwards", () => assert.deepEqual(layerBreaches(source), []));
Deno.test("architecture: no import circles", () => assert.deepEqual(circles(source), []));
Deno.test("architecture: files stay within their sizes", () => assert.deepEqual(sizeBreaches(source, LONG_FILES), []));
Deno.test("architecture: no file imports half the house", () => assert.deepEqual(crowdedFiles(source), []));
Deno.test("architecture: no dead files", () => assert.deepEqual(deadFiles(source, ENTRIES), []));
Deno.test("architecture: files are named after what they hold", () => assert.deepEqual(misnamedFiles(source), []));
Deno.test("architecture: only cli and main.ts know how the house is put together", () =>
  assert.deepEqual(builderBreaches(source), []));
Deno.test("architecture: a plugin's name stands in its own file and in plugins.ts", () =>
  assert.deepEqual(spelledPlugins(source, pluginNames(), OTHER_WORDS), []));
Deno.test("architecture: at least as many lines of tests as of source", async () => {
  const lines = (tree: Tree) => [...tree.values()].reduce((sum, text) => sum + text.split("\n").length, 0);
  const tests = await readTree(["tests"]);
  assert.ok(lines(tests) >= lines(source), `${lines(tests)} lines of tests for ${lines(source)} of source`);
});

const long = (count: number) =>
  Array.from({ length: count }, (_, line) => `export const a${line} = ${line};`).join("\n");
const tree = (files: Record<string, string>): Tree => new Map(Object.entries(files));

/** Each check finds its breach when one is planted: [check, planted files, what is told]. */
const PLANTED: [name: string, found: string[], told: RegExp][] = [
  [
    "layers, value import",
    layerBreaches(tree({ "src/server/x.ts": `import { run } from "../task/run.ts";` })),
    /server may import/,
  ],
  [
    "layers, type import",
    layerBreaches(tree({ "src/task/x.ts": `import type { Model } from "../model/model.ts";` })),
    /task may import/,
  ],
  [
    "layers, import()",
    layerBreaches(tree({ "src/config/x.ts": `await import("../store/kv.ts");` })),
    /config may import/,
  ],
  ["layers, unknown room", layerBreaches(tree({ "src/misc/x.ts": "" })), /room "misc" is not in the table/],
  [
    "circles",
    circles(tree({
      "src/lib/a.ts": `import { b } from "./b.ts";`,
      "src/lib/b.ts": `export * from "./c.ts";`,
      "src/lib/c.ts": `import type { A } from "./a.ts";`,
    })),
    /a\.ts → src\/lib\/b\.ts → src\/lib\/c\.ts → src\/lib\/a\.ts/,
  ],
  ["file size", sizeBreaches(tree({ "src/lib/x.ts": long(401) }), new Map()), /401 lines, at most 400/],
  ["median size", sizeBreaches(tree({ "src/lib/x.ts": long(131) }), new Map()), /median 131/],
  ["p90 size", sizeBreaches(tree({ "src/lib/x.ts": long(301) }), new Map()), /p90 301/],
  [
    "stale allow-list",
    sizeBreaches(tree({ "src/lib/x.ts": long(3) }), new Map([["src/lib/x.ts", "reason"]])),
    /it is not long/,
  ],
  [
    "imports of ours",
    crowdedFiles(tree({
      "src/lib/x.ts": Array.from({ length: 13 }, (_, at) => `import "./y${at}.ts";`).join("\n"),
    })),
    /imports 13 files/,
  ],
  [
    "dead files",
    deadFiles(
      tree({
        "main.ts": `import "./src/a.ts";`,
        "src/a.ts": `new URL("./w.ts", import.meta.url)`,
        "src/w.ts": "",
        "src/b.ts": "",
      }),
      ["main.ts"],
    ),
    /^src\/b\.ts$/,
  ],
  ["builders", builderBreaches(tree({ "src/task/x.ts": `import "../app/app.ts";` })), /only cli/],
  [
    "plugin names",
    spelledPlugins(
      tree({ "src/agent/x.ts": `if (provider === "acme") {}`, "src/model/acme.ts": `"acme"` }),
      ["acme"],
      new Map(),
    ),
    /src\/agent\/x\.ts spells "acme"/,
  ],
  ["file names", misnamedFiles(tree({ "src/lib/index.ts": "" })), /index\.ts/],
  ["file names, camelCase", misnamedFiles(tree({ "src/lib/myThing.ts": "" })), /myThing/],
];

for (const [name, found, told] of PLANTED) {
  Deno.test(`architecture: a planted breach is found (${name})`, () => {
    assert.ok(found.some((breach) => told.test(breach)), JSON.stringify(found));
  });
}
