import assert from "node:assert/strict";
import { readForeignSchema } from "../../src/lib/foreign_schema.ts";

/** [schema, value, whether it passes; undefined where the schema cannot be checked] */
const ROWS: [schema: unknown, value: unknown, passes: boolean | undefined][] = [
  [{ type: "object", properties: { a: { type: "number" } }, required: ["a"] }, { a: 1 }, true],
  [{ type: "object", properties: { a: { type: "number" } }, required: ["a"] }, { a: "1" }, false],
  [{ type: "string", pattern: "(a+)+$" }, `${"a".repeat(64)}b`, true],
  [{ type: "string", format: "email" }, "nobody", true],
  [{ type: "object", properties: { format: { type: "string" } } }, { format: 5 }, false],
  [{ type: "object", patternProperties: { "^a": { type: "number" } } }, {}, undefined],
  [{ type: "nothing" }, {}, undefined],
];
for (const [schema, value, passes] of ROWS) {
  Deno.test(`readForeignSchema() of ${JSON.stringify(schema)} with ${JSON.stringify(value).slice(0, 20)}`, () => {
    assert.equal(readForeignSchema(schema)?.safeParse(value).success, passes);
  });
}
