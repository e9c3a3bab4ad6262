import assert from "node:assert/strict";
import { z } from "zod";
import { lateSchema } from "../../src/lib/late_schema.ts";

function counted() {
  let made = 0;
  const part = lateSchema(() => {
    made++;
    return z.strictObject({ name: z.string(), size: z.int().default(1) });
  });
  return { whole: z.strictObject({ part: part.optional().describe("A part.") }), made: () => made };
}

Deno.test("lateSchema() is not made for a part that is absent", () => {
  const { whole, made } = counted();
  assert.deepEqual(whole.parse({}), {});
  assert.deepEqual(whole.parse({}, { jitless: true }), {});
  assert.equal(made(), 0);
});

Deno.test("lateSchema() reads a part as the schema itself does, and is made once", () => {
  const { whole, made } = counted();
  assert.deepEqual(whole.parse({ part: { name: "a" } }), { part: { name: "a", size: 1 } });
  const refused = whole.safeParse({ part: { name: 1, other: 2 } });
  assert.deepEqual(refused.error?.issues.map(({ code, path }) => [code, path]), [
    ["invalid_type", ["part", "name"]],
    ["unrecognized_keys", ["part"]],
  ]);
  assert.equal(made(), 1);
});

Deno.test("lateSchema() has the JSON Schema of the schema itself", () => {
  const { properties = {} } = z.toJSONSchema(counted().whole, { io: "input" });
  assert.deepEqual(properties.part, {
    type: "object",
    description: "A part.",
    properties: {
      name: { type: "string" },
      size: { type: "integer", default: 1, minimum: -9007199254740991, maximum: 9007199254740991 },
    },
    required: ["name"],
    additionalProperties: false,
  });
});
