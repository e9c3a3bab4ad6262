import assert from "node:assert/strict";
import type { JsonObject } from "../../src/lib/json.ts";
import { PLUGINS } from "../../src/plugins.ts";
import { inTempDir, toolDeps } from "./run_tool.ts";

/** [tool, a call of it, whether a person has to say yes where the configuration says nothing] */
const CALLS: [name: string, input: JsonObject, asks: boolean][] = [
  ["read_file", { path: "f" }, false],
  ["grep_search", { pattern: "x" }, false],
  ["search", { query: "x" }, false],
  ["todo_write", { merge: false, todos: [] }, false],
  ["write_file", { path: "f", content: "x" }, true],
  ["search_replace", { path: "f", old_string: "a", new_string: "b" }, true],
  ["apply_patch", { path: "f", old_string: "a", new_string: "b" }, true],
  ["text_editor", { command: "view", path: "f" }, false],
  ["text_editor", { command: "create", path: "f", file_text: "x" }, true],
  ["web_request", { url: "https://example.org" }, true],
  // Arguments that the tool refuses anyhow need nobody's word.
  ["write_file", { path: 1 }, false],
];
for (const [name, input, asks] of CALLS) {
  Deno.test(`${name} ${asks ? "asks" : "does not ask"} before ${JSON.stringify(input)}`, async () => {
    await inTempDir(async (base) => {
      const tool = await PLUGINS.tools.get(name)?.create({}, toolDeps(base));
      assert.equal(tool?.needsApproval?.(input) ?? false, asks);
    });
  });
}
