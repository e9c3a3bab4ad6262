import assert from "node:assert/strict";
import { loadConfig } from "../../src/config/load.ts";
import { isSameConfig, revisionOf } from "../../src/config/revision.ts";
import { envOf, TABLES } from "./plugin_tables.ts";

const TEXT = `agents:
  a: {llm: x}
  b: {llm: x, instruction: hi}
llms:
  x: {provider: openai, model: m, api_key: "\${KEY}"}
`;

function load(text = TEXT, { key = "planted", baseDir = "/a" } = {}) {
  return loadConfig({ text, file: "hector.yaml", env: envOf({ KEY: key }), tables: TABLES, baseDir });
}

Deno.test("revisionOf() is the SHA-256 of what a configuration means", async () => {
  const revision = await revisionOf(load());
  assert.match(revision, /^[0-9a-f]{64}$/);
  const reordered = TEXT.replace("{provider: openai, model: m,", "{model: m,  provider: openai,") + "# the end\n";
  const spelledOut = `${TEXT}server: {port: 8080}\n`;
  for (const same of [load(), load(reordered), load(spelledOut), load(TEXT, { baseDir: "/b" })]) {
    assert.equal(await revisionOf(same), revision);
  }
});

Deno.test("revisionOf() differs where the meaning does", async () => {
  const others = [
    TEXT.replace("hi", "ho"),
    TEXT.replace("model: m", "model: n"),
    `${TEXT}server: {port: 8081}\n`,
    `${TEXT}server: {default_agent: b}\n`,
    TEXT.replace("  a: {llm: x}\n", "") + "",
  ];
  const revisions = await Promise.all([TEXT, ...others].map((text) => revisionOf(load(text))));
  assert.equal(new Set(revisions).size, revisions.length);
});

Deno.test("revisionOf() does not depend on a credential, isSameConfig() does", async () => {
  const one = load();
  const rotated = load(TEXT, { key: "rotated" });
  assert.equal(await revisionOf(one), await revisionOf(rotated));
  assert.ok(isSameConfig(one, load()));
  assert.ok(!isSameConfig(one, rotated));
  assert.ok(!isSameConfig(one, load(TEXT, { baseDir: "/b" })));
});

Deno.test("isSameConfig() takes no credential for the text that it prints as", () => {
  const literal = TEXT.replace("${KEY}", "[secret]");
  assert.ok(!isSameConfig(load(), load(literal)));
});
