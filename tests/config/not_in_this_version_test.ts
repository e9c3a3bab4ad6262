import assert from "node:assert/strict";
import { PLUGIN_TABLES } from "../../src/app/runtime.ts";
import { ConfigError } from "../../src/config/config_error.ts";
import { loadConfig } from "../../src/config/load.ts";
import { NOT_IN_THIS_VERSION, WITHOUT_EFFECT } from "../../src/config/not_in_this_version.ts";
import { isRecord } from "../../src/lib/json.ts";

/** What stands beside a key so that the file is a configuration but for it. */
const AROUND: ReadonlyMap<string, Record<string, unknown>> = new Map<string, Record<string, unknown>>([
  ["document_stores", { path: "." }],
  ["tools", { type: "search" }],
]);

/** A file that says what a row is of, and nothing else that is wrong. */
function fileWith(at: string): string {
  const [keys = "", value = "x:/y"] = at.split(": ");
  const root: Record<string, unknown> = { agents: { a: {} } };
  let now = root;
  const steps = keys.split(".");
  for (const [index, step] of steps.entries()) {
    const key = step === "*" ? "a" : step;
    if (index === steps.length - 1) now[key] = value;
    else {
      const next = now[key];
      const inner = isRecord(next) ? next : step === "*" ? { ...AROUND.get(steps[0] ?? "") } : {};
      now[key] = inner;
      now = inner;
    }
  }
  return JSON.stringify(root);
}

function told(text: string): readonly string[] {
  try {
    loadConfig({ text, file: "a.yaml", env: () => undefined, tables: PLUGIN_TABLES, baseDir: "/" });
    return [];
  } catch (thrown) {
    assert.ok(thrown instanceof ConfigError);
    return thrown.problems.map(({ message }) => message);
  }
}

Deno.test("NOT_IN_THIS_VERSION names nothing that this version has, and each row is told of its key", () => {
  const wrong = NOT_IN_THIS_VERSION.flatMap(([at, would, nearest]) => {
    const found = told(fileWith(at));
    const isTold = found.includes(`not in this version: it would ${would}; nearest: ${nearest}`);
    return isTold ? [] : [`${at}: take the row away if it is there now (${found.join(" | ")})`];
  });
  assert.deepEqual(wrong, []);
});

Deno.test("WITHOUT_EFFECT names nothing that has an effect, and each row is told of its key", () => {
  const wrong = WITHOUT_EFFECT.flatMap(([at, because]) => {
    const found = told(fileWith(at));
    return found.includes(`has no effect here: ${because}; take it out`) ? [] : [`${at}: ${found.join(" | ")}`];
  });
  assert.deepEqual(wrong, []);
});

Deno.test("NOT_IN_THIS_VERSION and WITHOUT_EFFECT name each key once", () => {
  const names = [...NOT_IN_THIS_VERSION.map(([at]) => at), ...WITHOUT_EFFECT.map(([at]) => at)];
  assert.deepEqual(names.filter((name, at) => names.indexOf(name) !== at), []);
});
