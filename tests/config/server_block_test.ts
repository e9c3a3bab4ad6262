import assert from "node:assert/strict";
import { serverBlockChanged } from "../../src/config/server_block.ts";

const TEXT = 'agents: {a: {}}\nserver:\n  port: 8080 # the usual\n  auth: {secret: "${SECRET}"}\n';

/** [what is different, the other text, whether the server is] */
const CASES: readonly (readonly [name: string, other: string, isChanged: boolean])[] = [
  ["nothing", TEXT, false],
  ["an agent", TEXT.replace("a: {}", "a: {llm: gpt-4o}"), false],
  ["a comment, the order and the style", 'server: {auth: {secret: "${SECRET}"}, port: 8080}\nagents: {b: {}}\n', false],
  ["the spelling", 'agents: {a: {}}\nglobal: {a2a_server: {port: 8080}, auth: {secret: "${SECRET}"}}\n', false],
  ["an empty section", `${TEXT}  limits:\n  push: {}\n`, false],
  ["a byte order mark", `\uFEFF${TEXT}`, false],
  ["the port", TEXT.replace("8080", "9090"), true],
  ["the type of the port", TEXT.replace("8080", '"8080"'), true],
  ["a variable", TEXT.replace("${SECRET}", "${OTHER}"), true],
  ["one key more", `${TEXT}  host: 0.0.0.0\n`, true],
  ["a key in the older spelling", `${TEXT}global: {a2a_server: {host: 0.0.0.0}}\n`, true],
  ["no server", "agents: {a: {}}\n", true],
  ["no YAML", "agents: [", true],
  ["no mapping", "- 1\n", true],
];
for (const [name, other, isChanged] of CASES) {
  Deno.test(`serverBlockChanged() is ${isChanged} where ${name} is different`, () => {
    assert.equal(serverBlockChanged(TEXT, other), isChanged);
    assert.equal(serverBlockChanged(other, TEXT), isChanged);
  });
}

Deno.test("serverBlockChanged() is false for two texts without a server", () => {
  assert.equal(serverBlockChanged("agents: {a: {}}", "agents: {b: {}}\nserver:\n"), false);
});
