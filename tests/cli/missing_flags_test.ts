import assert from "node:assert/strict";
import { type Flags, parseArguments, UsageError } from "../../src/cli/arguments.ts";
import { COMMANDS } from "../../src/cli/commands.ts";
import { MISSING_FLAGS } from "../../src/cli/missing_flags.ts";
import { typed } from "./typed.ts";

Deno.test("MISSING_FLAGS names no flag that a command which answers has", async () => {
  const there = new Set<string>();
  for (const name of ["serve", "call", "chat"]) {
    for (const flag of Object.keys((await COMMANDS.get(name)?.load())?.flags ?? {})) there.add(flag);
  }
  assert.ok(there.size > 10);
  assert.deepEqual([...MISSING_FLAGS.keys()].filter((flag) => there.has(flag)), []);
});

/** [what is typed, what is told] */
const TYPED: readonly (readonly [argv: readonly string[], told: RegExp])[] = [
  [
    ["serve", "--observe"],
    /Flag "--observe" is not in this version: it would export traces; nearest: \/metrics, which every server has/,
  ],
  [["call", "hi", "--mcp-parser-tool", "x"], /Flag "--mcp-parser-tool" is not in this version/],
  [["call", "hi", "--no-rag-watch"], /Flag "--no-rag-watch" is not in this version/],
  [["call", "hi", "--vectordb=x"], /Flag "--vectordb" is not in this version/],
  [["call", "hi", "--obsrve"], /Unknown flag "--obsrve"/],
];
for (const [argv, told] of TYPED) {
  Deno.test(`hector ${argv.join(" ")} is refused`, async () => {
    const { code, err } = await typed(argv);
    assert.equal(code, 2);
    assert.match(err, told);
  });
}

const FLAGS: Flags = {
  tools: { type: "string", bare: "all", help: "" },
  name: { type: "string", help: "" },
  loud: { type: "boolean", help: "" },
};

/** [what is typed, the value of --tools, what is left] */
const BARE: readonly (readonly [argv: readonly string[], tools: string | undefined, rest: readonly string[]])[] = [
  [["--tools"], "all", []],
  [["--tools", "a,b"], "a,b", []],
  [["--tools=a"], "a", []],
  [["--tools", "--loud", "x"], "all", ["x"]],
  [["x", "--tools", "-"], "all", ["x", "-"]],
  [["x"], undefined, ["x"]],
];
for (const [argv, tools, rest] of BARE) {
  Deno.test(`parseArguments() reads ${argv.join(" ")} of a flag that may stand alone`, () => {
    const { strings, positionals } = parseArguments(argv, FLAGS, () => undefined);
    assert.deepEqual([strings.get("tools"), positionals], [tools, rest]);
  });
}

Deno.test("parseArguments() wants a value of other flags", () => {
  assert.throws(() => parseArguments(["--name"], FLAGS, () => undefined), UsageError);
});

Deno.test("hector call --tools gives every tool that needs no options", async () => {
  const { code, out } = await typed(["call", "list my todos", "--tools", "--no-show-tools"]);
  assert.deepEqual([code, /tool/.test(out)], [0, true]);
});
