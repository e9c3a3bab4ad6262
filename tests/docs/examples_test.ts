import assert from "node:assert/strict";
import { z } from "zod";
import { parse, stringify } from "yaml";
import { PLUGIN_TABLES } from "../../src/app/runtime.ts";
import { loadConfig } from "../../src/config/load.ts";
import { isRecord } from "../../src/lib/json.ts";
import { walkFiles } from "../walk_files.ts";

/*
 * What the pages below docs/ show in their blocks. A block of YAML is a whole configuration, unless it says otherwise
 * behind its language, which readers do not see:
 *
 * - `yaml part`: agents that it does not declare are declared elsewhere.
 * - `yaml part of tools.crm`: it stands there, in the nearest block before it that has such a place.
 * - `yaml of Prometheus`: it is for another program.
 */

const root = new URL("../../", import.meta.url).pathname;

interface Block {
  /** `docs/mcp.md:7` */
  readonly place: string;
  readonly language: string;
  /** What stands behind the language. */
  readonly note: string;
  readonly text: string;
}

function blocksOf(page: string, markdown: string): Block[] {
  return [...markdown.matchAll(/^```(\w+)(?: (.*))?\n([\s\S]*?)^```$/gm)].map((match) => {
    const [, language = "", note = "", text = ""] = match;
    const line = markdown.slice(0, match.index).split("\n").length;
    return { place: `${page}:${line}`, language, note, text };
  });
}

const pages = new Map<string, Block[]>();
for await (const path of walkFiles(`${root}docs`)) {
  const page = path.slice(root.length);
  if (page.endsWith(".md")) pages.set(page, blocksOf(page, await Deno.readTextFile(path)));
}

type Tree = Readonly<Record<string, unknown>>;
const Mapping = z.record(z.string(), z.unknown());

/** Whose names the pages use without declaring them each time. */
const ELSEWHERE = ["assistant", "analyst", "writer", "reviewer"];

function completed(part: Tree): Tree {
  const elsewhere = ELSEWHERE.map((name) => [name, { description: "Declared elsewhere" }]);
  return merged({ agents: Object.fromEntries(elsewhere) }, part);
}

function merged(under: Tree, over: Tree): Tree {
  const both = Object.entries(over).map(([key, value]) => {
    const below = under[key];
    return [key, isRecord(below) && isRecord(value) ? merged(below, value) : value];
  });
  return { ...under, ...Object.fromEntries(both) };
}

function has(tree: unknown, [key, ...deeper]: readonly string[]): boolean {
  if (key === undefined) return true;
  return isRecord(tree) && key in tree && has(tree[key], deeper);
}

/** The configurations that a page's blocks of YAML are or belong to. */
function configurationsOf(blocks: readonly Block[]): { readonly place: string; readonly text: string }[] {
  const wholes: Tree[] = [];
  return blocks.filter(({ language }) => language === "yaml").flatMap(({ place, note, text }) => {
    const tree = Mapping.parse(parse(text), { reportInput: true });
    if (note.startsWith("of ")) return [];
    // As it is written, so that what is found stands at its place.
    if (note === "") {
      wholes.push(tree);
      return [{ place, text }];
    }
    const [, keys] = /^part(?: of ([\w.]+))?$/.exec(note)?.map((part) => part?.split(".") ?? []) ?? [];
    assert.ok(keys !== undefined, `${place}: "${note}" is no way to mark a block`);
    const around = keys.length === 0 ? completed({}) : wholes.findLast((whole) => has(whole, keys));
    assert.ok(around !== undefined, `${place}: no block before it has ${keys.join(".")}`);
    const whole = merged(around, keys.reduceRight<Tree>((inner, key) => ({ [key]: inner }), tree));
    wholes.push(whole);
    return [{ place, text: stringify(whole) }];
  });
}

/** Any variable and any file that a page names is there. */
const SURROUNDINGS = {
  env: () => "x".repeat(40),
  readText: () => ({ text: "key" }),
  tables: PLUGIN_TABLES,
  baseDir: root,
};

for (const blocks of pages.values()) {
  for (const { place, text } of configurationsOf(blocks)) {
    Deno.test(`${place} can be loaded`, () => {
      assert.doesNotThrow(() => loadConfig({ text, file: place, ...SURROUNDINGS }));
    });
  }
}

for (const { place, text } of [...pages.values()].flat().filter(({ language }) => language === "json")) {
  Deno.test(`${place} is JSON, or a line of it each`, () => {
    try {
      JSON.parse(text);
    } catch {
      for (const line of text.trim().split("\n")) JSON.parse(line);
    }
  });
}

/** Where the pages' imports lead in a copy of the repository. */
const LIBRARIES = [
  ["./client.ts", "client.ts"],
  ["@hector/hector/client", "client.ts"],
  ["@hector/hector/tool-contract", "tool_contract.ts"],
] as const;

/** "… is declared but its value is never read": what is done with it a page may leave to its reader. */
const UNUSED = "6133";

Deno.test("the blocks of TypeScript in docs/ keep to the types of what they use", async () => {
  const blocks = [...pages.values()].flat().filter(({ language }) => language === "ts");
  assert.ok(blocks.length > 0);
  const folder = await Deno.makeTempDir();
  try {
    for (const { place, text } of blocks) {
      const linked = LIBRARIES.reduce((all, [from, to]) => all.replaceAll(`"${from}"`, `"${root}${to}"`), text);
      // Each is a module of its own, also where it imports and exports nothing.
      await Deno.writeTextFile(`${folder}/${place.replaceAll(/\W/g, "_")}.ts`, `${linked}\nexport {};\n`);
    }
    const { stdout, stderr, success } = await new Deno.Command(Deno.execPath(), {
      args: ["check", "--quiet", "--frozen", "--config", `${root}deno.json`, folder],
      cwd: root,
      env: { NO_COLOR: "1" },
    }).output();
    const told = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
    const faults = [...told.matchAll(/TS(\d+) \[ERROR\]/g)].map(([, code]) => code);
    assert.ok(success || faults.length > 0, told);
    assert.ok(faults.every((code) => code === UNUSED), told);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
