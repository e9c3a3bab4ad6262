import assert from "node:assert/strict";
import { canonicalYaml } from "../../src/config/canonical.ts";
import { loadConfig } from "../../src/config/load.ts";
import { readPieces } from "../../src/config/read_pieces.ts";
import { isSameConfig } from "../../src/config/revision.ts";
import { tableOf, treeOf } from "../../src/config/tree.ts";
import { envOf, TABLES } from "./plugin_tables.ts";

const COMMON = {
  env: envOf({ SECRET: "planted-canary", PORT: "9000", AGENT: "gpt-4o" }),
  readText: (path: string) => path === "/run/key" ? { text: "planted-canary\n" } : { problem: "no such file" },
  tables: TABLES,
  baseDir: "/",
};

function printed(...texts: readonly string[]): string {
  const pieces = texts.map((text, at) => ({ file: `${at}.yaml`, text }));
  const { tree, findings } = readPieces({ ...COMMON, pieces });
  assert.deepEqual(findings, []);
  assert.ok(tree);
  return canonicalYaml(tree);
}

const load = (...texts: readonly string[]) =>
  loadConfig({ ...COMMON, pieces: texts.map((text, at) => ({ file: `${at}.yaml`, text })) });

Deno.test("canonicalYaml() prints older spellings as the newest, with variables as they were written", () => {
  const older = `version: "1"
# A comment
agents:
  - name: a
    type: native
    llm: x
    memory: {working: {strategy: buffer_window, max_tokens: 4000}}
    prompt: {prompt_slots: {instructions: "$\${HOME} is yours, \${UNSET:-friend}"}}
llms:
  x: {type: openai, model: "\${MODEL:-m}", api_key: "\${SECRET}", host: "http://localhost:1"}
  y: {type: openai, api_key: "\${file:/run/key}"}
global: {a2a_server: {port: $PORT}}
`;
  const text = printed(older);
  assert.equal(
    text,
    `version: "2"
agents:
  a:
    name: a
    llm: x
    context:
      budget: 4000
      strategy: buffer_window
    instruction: $\${HOME} is yours, \${UNSET:-friend}
llms:
  x:
    model: \${MODEL:-m}
    api_key: \${SECRET}
    provider: openai
    base_url: http://localhost:1
  y:
    api_key: \${file:/run/key}
    provider: openai
server:
  port: $PORT
`,
  );
  assert.ok(isSameConfig(load(text), load(older)));
  assert.equal(printed(text), text);
});

Deno.test("canonicalYaml() prints several pieces as one", () => {
  const pieces = ["agents: {a: {llm: x}}", "llms: {x: {provider: demo}}", "agents: {b: {llm: x}}"];
  assert.ok(isSameConfig(load(printed(...pieces)), load(...pieces)));
});

for (
  const text of [
    "a\nb\n",
    " x ",
    "1e5",
    "null",
    "~",
    "- x",
    "a: b",
    "#x",
    "é\u2028\u0007",
    '"',
    "'",
    "",
    "x".repeat(300),
    "a\n\n  b\n",
    "$$NAME",
    "$${NAME}",
    "$",
    "*a",
    "!t",
    "\t",
    "0x10",
    "yes",
    "2024-01-01",
    "line one\r\nline two",
  ]
) {
  Deno.test(`canonicalYaml() keeps the text ${JSON.stringify(text.slice(0, 20))}`, () => {
    const file = JSON.stringify({ agents: { a: { llm: "gpt-4o", instruction: text } } });
    assert.equal(load(printed(file)).agents.get("a")?.instruction, load(file).agents.get("a")?.instruction);
  });
}

Deno.test("canonicalYaml() quotes keys that are no plain words, and writes out what is shared", () => {
  const text = 'agents: {"1": &x {llm: gpt-4o}, "true": *x, constructor: {<<: *x, instruction: hi}}';
  assert.ok(isSameConfig(load(printed(text)), load(text)));
  assert.ok(!/[&*]x/.test(printed(text)));
});

Deno.test("canonicalYaml() escapes what was never read for variables", () => {
  const tree = tableOf([{ key: "a", value: treeOf({ one: "${HOME}", two: "$HOME", three: "a $HOME" }) }]);
  assert.equal(canonicalYaml(tree), 'version: "2"\na:\n  one: $${HOME}\n  two: $$HOME\n  three: a $HOME\n');
});
