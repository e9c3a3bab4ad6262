import assert from "node:assert/strict";
import { McpOptions } from "../../../src/tool/mcp/mcp_options.ts";
import { type Annotations, remotePolicy, toolFilter } from "../../../src/tool/mcp/remote_policy.ts";

const options = (said: object) => McpOptions().parse({ command: "x", ...said });

/** [filter, exclude, what is left of read_file, write_file, list] */
const FILTERS: readonly (readonly [said: object, left: readonly string[]])[] = [
  [{}, ["read_file", "write_file", "list"]],
  [{ filter: ["*_file"] }, ["read_file", "write_file"]],
  [{ filter: ["read_file"] }, ["read_file"]],
  [{ filter: [] }, []],
  [{ exclude: ["write_*"] }, ["read_file", "list"]],
  [{ filter: ["*_file"], exclude: ["write_*"] }, ["read_file"]],
];
for (const [said, left] of FILTERS) {
  Deno.test(`toolFilter() with ${JSON.stringify(said)} leaves ${left.join(", ") || "nothing"}`, () => {
    assert.deepEqual(["read_file", "write_file", "list"].filter(toolFilter(options(said))), left);
  });
}

const READS: Annotations = { readOnlyHint: true };
const DESTROYS: Annotations = { destructiveHint: true };

/** [what is configured, what the server says, whether a person is asked] */
const ASKS: readonly (readonly [said: object, told: Annotations, asks: boolean])[] = [
  [{}, {}, false],
  [{}, READS, false],
  [{}, DESTROYS, true],
  [{}, { ...READS, ...DESTROYS }, true],
  [{ approval: "never" }, DESTROYS, false],
  [{ approval: "always" }, READS, true],
  [{ approval: "always", trust_annotations: true }, READS, true],
  [{ approval: "writes" }, {}, true],
  // A stranger's word does not lower the guard.
  [{ approval: "writes" }, READS, true],
  [{ approval: "writes", trust_annotations: true }, READS, false],
  [{ approval: "writes", trust_annotations: true }, { ...READS, ...DESTROYS }, true],
  [{ approval: "writes", trust_annotations: true }, {}, true],
  [{ tools: { "act*": { approval: "always" } } }, {}, true],
  [{ approval: "always", tools: { "other": { approval: "never" }, "a*": { approval: "never" } } }, DESTROYS, false],
];
for (const [said, told, asks] of ASKS) {
  Deno.test(`remotePolicy() with ${JSON.stringify(said)} ${asks ? "asks" : "does not ask"} for ${JSON.stringify(told)}`, () => {
    assert.equal(remotePolicy(options(said))("act", told).asksFirst, asks);
  });
}

/** [what is configured, what the server says, what a crash means] */
const REPLAYS: readonly (readonly [said: object, told: Annotations, replay: string])[] = [
  [{}, {}, "once"],
  [{}, { readOnlyHint: true, idempotentHint: true }, "once"],
  [{ trust_annotations: true }, { idempotentHint: true }, "safe"],
  [{ trust_annotations: true }, READS, "safe"],
  [{ trust_annotations: true }, {}, "once"],
  [{ tools: { act: { replay: "ask" } }, trust_annotations: true }, READS, "ask"],
  [{ tools: { "a*": { timeout_seconds: 1 }, act: { replay: "safe" } } }, {}, "safe"],
];
for (const [said, told, replay] of REPLAYS) {
  Deno.test(`remotePolicy() with ${JSON.stringify(said)} repeats after a crash: ${replay} for ${JSON.stringify(told)}`, () => {
    assert.equal(remotePolicy(options(said))("act", told).replay, replay);
  });
}

Deno.test("remotePolicy() bounds a call by what is said of the tool, else of the server", () => {
  const policy = remotePolicy(options({ timeout_seconds: 10, tools: { slow: { timeout_seconds: 900 } } }));
  assert.equal(policy("slow", {}).timeoutMs, 900_000);
  assert.equal(policy("quick", {}).timeoutMs, 10_000);
});
