import assert from "node:assert/strict";
import { typed } from "./typed.ts";

Deno.test("hector schema prints the configuration's JSON Schema, on one line if it is asked to", async () => {
  const whole = await typed(["schema"]);
  const compact = await typed(["schema", "--compact"]);
  assert.deepEqual([whole.code, whole.err, compact.code], [0, "", 0]);
  const schema = JSON.parse(whole.out);
  assert.equal(schema.$schema, "http://json-schema.org/draft-07/schema#");
  assert.deepEqual(schema.required, ["agents"]);
  assert.match(compact.out, /^[^\n]+\n$/);
  assert.deepEqual(JSON.parse(compact.out), schema);
});
