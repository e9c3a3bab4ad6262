import assert from "node:assert/strict";
import type { Config } from "../../src/config/config.ts";
import { diffConfigs, needsRestart } from "../../src/config/diff.ts";
import { loadConfig } from "../../src/config/load.ts";
import { envOf, TABLES } from "./plugin_tables.ts";

const TEXT = `agents:
  a: {llm: x, tools: [search]}
  b: {llm: x, instruction: Be kind.}
llms:
  x: {provider: openai, model: m, api_key: "\${KEY}"}
`;

function load(text: string, key = "planted-canary"): Config {
  return loadConfig({ text, file: "a.yaml", env: envOf({ KEY: key }), tables: TABLES, baseDir: "/" });
}

/** [what is different, the other text, the differences, of which path a restart is needed] */
const CASES: readonly (readonly [name: string, text: string, differences: readonly unknown[], restart?: string])[] = [
  ["nothing", TEXT, []],
  ["comments and spellings", `# the same\n${TEXT.replace("provider: openai", "type: openai")}`, []],
  ["an instruction", TEXT.replace("kind", "brief"), [
    { path: "agents.b.instruction", before: "Be kind.", after: "Be brief." },
  ]],
  ["an instruction that is gone", TEXT.replace(", instruction: Be kind.", ""), [
    { path: "agents.b.instruction", before: "Be kind.", after: undefined },
  ]],
  ["a list", TEXT.replace("[search]", "[search, write_file]"), [
    { path: "agents.a.tools", before: ["search"], after: ["search", "write_file"] },
    {
      path: "tools.write_file",
      before: undefined,
      after: { type: "write_file", options: { max_file_size: 1024, path: "." } },
    },
  ]],
  ["a port", `${TEXT}server: {port: 9}\n`, [{ path: "server.port", before: 8080, after: 9 }], "server.port"],
  ["a default agent", `${TEXT}server: {default_agent: b}\n`, [
    { path: "server.default_agent", before: "a", after: "b" },
  ]],
  ["a store", `${TEXT}server: {store: {type: memory}}\n`, [
    { path: "server.store.type", before: "kv", after: "memory" },
    { path: "server.store.options.path", before: ".hector/state.db", after: undefined },
  ], "server.store.type"],
];
for (const [name, text, differences, restart] of CASES) {
  Deno.test(`diffConfigs() tells what differs: ${name}`, () => {
    const found = diffConfigs(load(TEXT), load(text));
    assert.deepEqual(found, differences);
    assert.equal(found.find(({ path }) => needsRestart(path))?.path, restart);
  });
}

Deno.test("diffConfigs() tells of agents that came, went and changed places", () => {
  const other = `agents:\n  b: {llm: x, instruction: Be kind.}\n  a: {llm: x, tools: [search]}\n${
    TEXT.slice(TEXT.indexOf("llms"))
  }`;
  assert.deepEqual(diffConfigs(load(TEXT), load(other)).map(({ path }) => path), [
    "agents (order)",
    "server.default_agent",
  ]);
  const without = load(TEXT.replace("  b: {llm: x, instruction: Be kind.}\n", ""));
  const [gone] = diffConfigs(load(TEXT), without);
  assert.deepEqual([gone?.path, gone?.after], ["agents.b", undefined]);
  assert.equal(diffConfigs(without, load(TEXT))[0]?.before, undefined);
});

Deno.test("diffConfigs() sees another secret and shows neither", () => {
  const found = diffConfigs(load(TEXT), load(TEXT, "another-canary"));
  assert.deepEqual(found, [{ path: "llms.x.options.api_key", before: "[secret]", after: "[secret]" }]);
  const added = diffConfigs(load("agents: {a: {llm: gpt-4o}}"), load(TEXT));
  assert.ok(!Deno.inspect(added, { depth: 20 }).includes("canary"));
});

Deno.test("needsRestart() is about the server alone", () => {
  for (const path of ["server", "server.host", "server.auth.jwks_url", "server.tls.cert_file"]) {
    assert.ok(needsRestart(path));
  }
  for (const path of ["servers.x", "agents.server", "server.default_agent", "name"]) assert.ok(!needsRestart(path));
});
