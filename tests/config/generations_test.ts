import assert from "node:assert/strict";
import { PLUGIN_TABLES } from "../../src/app/runtime.ts";
import { ConfigError, type Problem } from "../../src/config/config_error.ts";
import { loadConfig } from "../../src/config/load.ts";
import { GENERATIONS } from "./generations.ts";

function problemsOf(text: string): readonly Problem[] {
  try {
    loadConfig({ text, file: "a.yaml", env: () => undefined, tables: PLUGIN_TABLES, baseDir: "/" });
    return [];
  } catch (thrown) {
    assert.ok(thrown instanceof ConfigError);
    return thrown.problems;
  }
}

for (const [generation, text] of GENERATIONS) {
  Deno.test(`loadConfig() knows every key of generation ${generation}: it loads, or it is said what is missing`, () => {
    const unknown = problemsOf(text).filter(({ message }) => message.startsWith("unknown key"));
    assert.deepEqual(unknown.map(({ path, message }) => `${path}: ${message.slice(0, 60)}`), []);
  });
}
