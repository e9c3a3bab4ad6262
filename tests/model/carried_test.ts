import assert from "node:assert/strict";
import { carriedBy, carry } from "../../src/model/carried.ts";
import { NOWHERE } from "./model_fakes.ts";

const call = (opaque?: ReturnType<typeof carry>) => ({
  id: "a",
  name: "f",
  arguments: {},
  ...(opaque ? { opaque } : {}),
});

Deno.test("carriedBy() finds what the same model at the same server kept", () => {
  assert.deepEqual(carriedBy(call(carry({ signature: "s" }, NOWHERE)), NOWHERE), { signature: "s" });
});

/** [what, who asks] */
const OTHERS = [
  ["another model", { ...NOWHERE, model: "n" }],
  ["another server", { ...NOWHERE, baseUrl: "http://other.test/v1" }],
] as const;
for (const [what, other] of OTHERS) {
  Deno.test(`carriedBy() keeps it from ${what}`, () =>
    assert.equal(carriedBy(call(carry({ signature: "s" }, NOWHERE)), other), undefined));
}

Deno.test("carriedBy() finds nothing where nothing was kept, or by somebody else's means", () => {
  assert.equal(carriedBy(call(), NOWHERE), undefined);
  assert.equal(carriedBy(call({ extra_content: {} }), NOWHERE), undefined);
  assert.equal(carriedBy(call({ by: "acme.test/m", kept: "text" }), NOWHERE), undefined);
});
