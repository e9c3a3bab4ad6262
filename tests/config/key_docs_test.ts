import assert from "node:assert/strict";
import { type KeyDoc, keyDocs } from "../../src/config/key_docs.ts";
import { TABLES } from "./plugin_tables.ts";

function* walk(doc: KeyDoc): Iterable<KeyDoc> {
  yield doc;
  for (const child of doc.children) yield* walk(child);
  for (const { children } of doc.plugins?.options ?? []) for (const child of children) yield* walk(child);
}

const DOCS = [...walk(keyDocs(TABLES))];

function docAt(path: string): KeyDoc {
  const found = DOCS.find((doc) => doc.path === path);
  assert.ok(found, path);
  return found;
}

/** [path, type, allowed, default] */
const KEYS: readonly (readonly [path: string, type: string, allowed: string | undefined, value: unknown])[] = [
  ["agents", "a mapping of names", undefined, undefined],
  ["agents.<id>", "a mapping", undefined, undefined],
  ["agents.<id>.visibility", "a word", "public, internal, private", "public"],
  ["agents.<id>.tools", "a list of texts", undefined, []],
  ["agents.<id>.reasoning.max_iterations", "a whole number", "1 to 10000", 100],
  ["agents.<id>.reasoning.timeout_seconds", "a number", "more than 0, at most 604800", 3600],
  ["agents.<id>.skills[].tags", "a list of texts", undefined, []],
  ["server.port", "a whole number", "0 to 65535", 8080],
  ["server.push.enabled", "true or false", undefined, true],
  ["server.grpc_port", "a whole number or true or false", undefined, undefined],
  ["llms.<name>.api_key", "text", undefined, undefined],
  ["llms.<name>.temperature", "a number", "0 to 2", undefined],
];
for (const [path, type, allowed, value] of KEYS) {
  Deno.test(`keyDocs() tells of ${path}`, () => {
    const doc = docAt(path);
    assert.deepEqual([doc.type, doc.allowed, doc.default], [type, allowed, value]);
  });
}

Deno.test("keyDocs() tells which keys a part cannot do without", () => {
  assert.deepEqual(docAt("agents.<id>.skills[]").children.filter(({ required }) => required).map(({ name }) => name), [
    "id",
    "name",
    "description",
  ]);
});

Deno.test("keyDocs() lists the options of each plugin where it is named, without the common ones", () => {
  const { plugins, children } = docAt("tools.<name>");
  assert.deepEqual(plugins?.options.map(({ name }) => name), [...TABLES.tools.keys()]);
  assert.deepEqual(plugins?.options[0]?.children.map(({ path }) => path), ["tools.<name>.max_limit"]);
  const common = ["type", "enabled", "description", "require_approval", "approval_prompt", "replay"];
  assert.deepEqual(children.map(({ name }) => name), common);
});
