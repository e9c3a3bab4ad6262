import assert from "node:assert/strict";
import type { JsonObject } from "../../src/lib/json.ts";
import { closedSchema, isStrictSchema } from "../../src/model/closed_schema.ts";

const open = { type: "object", properties: { a: { type: "string" } }, required: ["a"] };
const closed = { ...open, additionalProperties: false };

/** [what, schema, closed] */
const ROWS: [what: string, schema: JsonObject, closed: JsonObject][] = [
  ["an object", open, closed],
  ["objects in lists", { type: "array", items: open }, { type: "array", items: closed }],
  ["objects in members", { properties: { x: open } }, { properties: { x: closed }, additionalProperties: false }],
  ["alternatives", { anyOf: [open, { type: "null" }] }, { anyOf: [closed, { type: "null" }] }],
  ["definitions", { $defs: { properties: open } }, { $defs: { properties: closed } }],
  ["a map, which stays open", { type: "object", additionalProperties: { type: "string" } }, {
    type: "object",
    additionalProperties: { type: "string" },
  }],
  ["an object that says what else it takes", { properties: {}, additionalProperties: true }, {
    properties: {},
    additionalProperties: true,
  }],
  ["values that look like schemas", { enum: [{ properties: {} }] }, { enum: [{ properties: {} }] }],
];
for (const [what, schema, expected] of ROWS) {
  Deno.test(`closedSchema() of ${what}`, () => assert.deepEqual(closedSchema(schema), expected));
}

/** [schema, whether it is strict] */
const STRICT: [schema: JsonObject, strict: boolean][] = [
  [{ type: "string" }, true],
  [closed, true],
  [open, false],
  [{ ...closed, required: [] }, false],
  [{ type: "object", additionalProperties: { type: "string" } }, false],
  [{ type: "array", items: closed }, true],
  [{ type: "array", items: open }, false],
  [{ anyOf: [closed, { type: "null" }] }, true],
  [{ anyOf: [closed, open] }, false],
  [{ ...closed, properties: { a: open } }, false],
];
for (const [schema, strict] of STRICT) {
  Deno.test(`isStrictSchema() of ${JSON.stringify(schema)} is ${strict}`, () =>
    assert.equal(isStrictSchema(schema), strict));
}
