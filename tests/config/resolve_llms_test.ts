import assert from "node:assert/strict";
import { ConfigError } from "../../src/config/config_error.ts";
import { loadConfig } from "../../src/config/load.ts";
import { envOf, TABLES } from "./plugin_tables.ts";

function load(text: string) {
  return loadConfig({ text, file: "hector.yaml", env: envOf({}), tables: TABLES, baseDir: "/etc/hector" });
}

function problems(text: string): string {
  try {
    load(text);
  } catch (thrown) {
    assert.ok(thrown instanceof ConfigError, String(thrown));
    return thrown.message;
  }
  return "";
}

const AGENT = "agents: {a: {llm: x}}\n";

Deno.test("resolveLlms() gives a model what it has beside its provider's options", () => {
  const { llms } = load(
    `${AGENT}llms: {x: {provider: openai, fallback: [y], price: {input: 1, output: 2, cached_input: 0.5}, ca_certificate: ca.pem}, y: {provider: demo}}`,
  );
  assert.deepEqual(llms.get("x"), {
    provider: "openai",
    options: { max_tokens: 4096 },
    fallback: ["y"],
    price: { input: 1, output: 2, cached_input: 0.5 },
    ca_certificate: "ca.pem",
  });
  assert.deepEqual(llms.get("y"), { provider: "demo", options: { delay_ms: 0 } });
});

Deno.test("resolveLlms() takes a provider or a model that nobody declared to stand in", () => {
  const { llms } = load(`${AGENT}llms: {x: {provider: demo, fallback: [claude-9, openai]}}`);
  assert.deepEqual(llms.get("claude-9"), { provider: "anthropic", options: { model: "claude-9", max_tokens: 4096 } });
  assert.equal(llms.get("openai")?.provider, "openai");
});

Deno.test("resolveLlms() lets two stand in for each other", () => {
  const { llms } = load(`${AGENT}llms: {x: {provider: demo, fallback: [y]}, y: {provider: demo, fallback: [x]}}`);
  assert.deepEqual([llms.get("x")?.fallback, llms.get("y")?.fallback], [["y"], ["x"]]);
});

/** [what is wrong, the file, what is told] */
const WRONG: [what: string, llms: string, told: RegExp][] = [
  [
    "itself",
    "{x: {provider: demo, fallback: [x]}}",
    /llms\.x\.fallback\[0\]: found "x", which cannot stand in for itself/,
  ],
  ["nobody", "{x: {provider: demo, fallback: [yy]}, y: {provider: demo}}", /llms\.x\.fallback\[0\]: found "yy".*"y"/],
  ["a price below nothing", "{x: {provider: demo, price: {input: -1, output: 1}}}", /llms\.x\.price\.input/],
  ["half a price", "{x: {provider: demo, price: {input: 1}}}", /llms\.x\.price\.output/],
  [
    "a price of another name",
    "{x: {provider: demo, price: {input: 1, output: 1, thinking: 1}}}",
    /llms\.x\.price\.thinking/,
  ],
];
for (const [what, llms, told] of WRONG) {
  Deno.test(`resolveLlms() refuses ${what}`, () => assert.match(problems(`${AGENT}llms: ${llms}`), told));
}
