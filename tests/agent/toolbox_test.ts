import assert from "node:assert/strict";
import type { JsonObject } from "../../src/lib/json.ts";
import { toolbox } from "../../src/agent/toolbox.ts";
import { call, fakeTool } from "./fake_agent.ts";

const object = (properties: JsonObject, more: JsonObject = {}): JsonObject => ({ type: "object", properties, ...more });

/** [what the schema says, the schema, arguments, whether they are taken] */
const ROWS: [name: string, schema: JsonObject, input: JsonObject, taken: boolean][] = [
  ["nothing", { type: "object" }, { any: 1 }, true],
  ["nothing at all", {}, {}, true],
  ["an enum, kept", object({ unit: { enum: ["C", "F"] } }), { unit: "C" }, true],
  ["an enum, broken", object({ unit: { enum: ["C", "F"] } }), { unit: "K" }, false],
  [
    "a local reference, kept",
    object({ a: { $ref: "#/$defs/x" } }, { $defs: { x: { type: "string" } } }),
    { a: "x" },
    true,
  ],
  [
    "a local reference, broken",
    object({ a: { $ref: "#/$defs/x" } }, { $defs: { x: { type: "string" } } }),
    { a: 1 },
    false,
  ],
  ["null allowed", object({ a: { type: ["string", "null"] } }, { required: ["a"] }), { a: null }, true],
  // What cannot be checked here is left to the tool.
  ["a foreign reference", object({ a: { $ref: "https://example.org/x" } }), { a: 1 }, true],
  ["a condition", { type: "object", if: {}, then: {} }, { a: 1 }, true],
  ["named patterns", { type: "object", patternProperties: { "^(a+)+$": { type: "string" } } }, { aaa: 1 }, true],
  ["a format", object({ a: { type: "string", format: "date-time" } }), { a: "tomorrow" }, true],
  ["a pattern", object({ a: { type: "string", pattern: "^(a+)+$" } }), { a: `${"a".repeat(40)}!` }, true],
  ["a broken pattern", object({ a: { type: "string", pattern: "(" } }), { a: "x" }, true],
  [
    "a property called format",
    object({ format: { type: "string" } }, { additionalProperties: false }),
    { format: "x" },
    true,
  ],
];
for (const [name, schema, input, taken] of ROWS) {
  Deno.test(`toolbox().check() ${taken ? "takes" : "refuses"} arguments for a schema that says ${name}`, () => {
    const checked = toolbox([fakeTool("t", { input: schema })]).check(call("c", "t", input));
    assert.equal("tool" in checked, taken, JSON.stringify(checked));
  });
}

Deno.test("toolbox().check() reads the schema of a tool that is never called never", () => {
  const input = new Proxy({}, {
    ownKeys: () => {
      throw new Error("read");
    },
  });
  const tool = fakeTool("big", { input });
  const box = toolbox([tool, fakeTool("small")]);
  assert.ok("tool" in box.check(call("c", "small")));
  assert.deepEqual(box.specs.map(({ name }) => name), ["big", "small"]);
});
