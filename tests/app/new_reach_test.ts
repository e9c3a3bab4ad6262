import assert from "node:assert/strict";
import { newReach } from "../../src/app/new_reach.ts";
import { configOf } from "./configurations.ts";

const AGENTS = "agents: {a: {llm: m}}\nllms: {m: {provider: scripted, default: {text: hello}}}\n";

const KNOWN = `${AGENTS}tools:
  shell: {type: execute_command, allowed_commands: [ls]}
  files: {type: mcp, command: serve-files}
  read_file: {working_directory: /srv}
document_stores:
  far: {source: directory, path: /srv}
`;

async function inFolder(act: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "hector-reach-" });
  try {
    await act(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

interface Where {
  readonly folder?: string;
  readonly known?: readonly string[];
  /** Where the new text's relative paths begin, if not at the folder. */
  readonly base?: string;
}

async function newOnes(text: string, { folder = "/tmp/c", known = [KNOWN], base }: Where = {}): Promise<string[]> {
  const found = await newReach(configOf(text, base ?? folder), {
    folder,
    known: known.map((one) => configOf(one, folder)),
  });
  return found.map(({ path, what }) => `${path}: ${what.split(",")[0]}`);
}

/** [what is changed, from, to, what is new then] */
const ROWS: readonly (readonly [what: string, from: string, to: string, found: readonly string[]])[] = [
  ["nothing", "", "", []],
  ["an agent gets what is there", "llm: m}", "llm: m, tools: [shell, files]}", []],
  ["the spelling", "[ls]", `["ls" ]`, []],
  ["defaults are written out", "[ls]}", "[ls], deny_by_default: false}", []],
  ["a part is removed", "  files: {type: mcp, command: serve-files}\n", "", []],
  ["a part is disabled", "command: serve-files", "command: serve-files, enabled: false", []],
  ["a list of commands", "[ls]", "[ls, sh]", ["tools.shell: starts programs"]],
  ["the sandbox", "[ls]", "[ls], enable_sandboxing: false", ["tools.shell: starts programs"]],
  ["who is asked", "[ls]", "[ls], require_approval: false", ["tools.shell: starts programs"]],
  ["an argument of a program", "serve-files", "serve-files, args: [/]", ["tools.files: starts programs"]],
  ["the name of a part", "shell:", "shell2:", ["tools.shell2: starts programs"]],
  ["a built-in tool that an agent names", "llm: m}", "llm: m, tools: [execute_command]}", [
    "tools.execute_command: starts programs",
  ]],
  ["a module", "tools:\n", "tools:\n  mine: {type: typescript, path: x.ts}\n", ["tools.mine: starts programs"]],
  ["a server of tools elsewhere", "tools:\n", "tools:\n  web: {type: mcp, url: https://example.com/mcp}\n", []],
  ["a folder outside", "tools:\n  shell", "tools:\n  write_file: {working_directory: ../c2}\n  shell", [
    `tools.write_file: reaches "../c2"`,
  ]],
  ["what is off limits", "tools:\n  shell", "tools:\n  write_file: {denied_paths: []}\n  shell", [
    `tools.write_file: opens ".env"`,
  ]],
  ["an exception", "tools:\n  shell", "tools:\n  write_file: {denied_paths: ['.env', '!.git']}\n  shell", [
    `tools.write_file: opens ".env.*"`,
  ]],
  ["a folder inside", "tools:\n  shell", "tools:\n  write_file: {working_directory: ./x/..}\n  shell", []],
  ["an option beside a folder outside", "/srv}\ndoc", "/srv, denied_paths: []}\ndoc", [
    `tools.read_file: reaches "/srv"`,
  ]],
  ["a folder outside comes in", "working_directory: /srv", "working_directory: .", []],
  ["a store goes outside", "directory, path: /srv", "directory, path: /", [`document_stores.far: reaches "/"`]],
  ["a store inside", "stores:\n", "stores:\n  near: {source: directory}\n", []],
];

for (const [what, from, to, found] of ROWS) {
  Deno.test(`newReach() where what changes is: ${what}`, async () => {
    assert.ok(KNOWN.includes(from));
    assert.deepEqual(await newOnes(KNOWN.replace(from, () => to)), found);
  });
}

Deno.test("newReach() without anything known finds every part that is far", async () => {
  assert.deepEqual(await newOnes(KNOWN, { known: [] }), [
    "tools.shell: starts programs",
    "tools.files: starts programs",
    `tools.read_file: reaches "/srv"`,
    `document_stores.far: reaches "/srv"`,
  ]);
});

Deno.test("newReach() takes a part that any of the known ones has", async () => {
  assert.deepEqual(await newOnes(KNOWN, { known: [AGENTS, KNOWN] }), []);
});

Deno.test("newReach() of the same words below another folder is news", async () => {
  const text = `${AGENTS}tools: {read_file: {}, run: {type: mcp, command: ./run}}\n`;
  assert.deepEqual(await newOnes(text, { known: [text], base: "/tmp/d" }), [
    `tools.read_file: reaches "./"`,
    "tools.run: starts programs",
  ]);
});

Deno.test("newReach() sees where links lead", () =>
  inFolder(async (folder) => {
    await Deno.mkdir(`${folder}/docs`);
    await Deno.symlink("/", `${folder}/root`);
    await Deno.symlink("/nowhere-yet", `${folder}/later`);
    await Deno.symlink("docs", `${folder}/near`);
    await Deno.symlink("turn", `${folder}/turn`);
    const rows: [path: string, isFar: boolean][] = [
      ["docs", false],
      ["docs/not-yet", false],
      ["near", false],
      ["near/not-yet", false],
      ["turn", false],
      ["root", true],
      ["root/etc", true],
      ["root/not-there/at-all", true],
      ["later", true],
      ["later/below", true],
      ["docs/../..", true],
      [`${folder}-beside`, true],
      [folder, false],
    ];
    for (const [path, isFar] of rows) {
      const text = `${AGENTS}document_stores: {d: {path: ${JSON.stringify(path)}}}\n`;
      assert.equal((await newOnes(text, { folder, known: [] })).length, isFar ? 1 : 0, path);
    }
  }));

Deno.test("newReach() in a folder that is reached over a link compares what the links lead to", () =>
  inFolder(async (folder) => {
    await Deno.mkdir(`${folder}/real`);
    await Deno.symlink("real", `${folder}/link`);
    const text = (path: string) => `${AGENTS}tools: {read_file: {working_directory: ${path}}}\n`;
    assert.deepEqual(await newOnes(text(`${folder}/real`), { folder: `${folder}/link`, known: [] }), []);
    assert.equal((await newOnes(text(folder), { folder: `${folder}/link`, known: [] })).length, 1);
  }));
