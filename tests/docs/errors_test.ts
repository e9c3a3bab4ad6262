import assert from "node:assert/strict";
import { type ErrorRow, ERRORS } from "../../src/a2a/errors.ts";

const page = await Deno.readTextFile(new URL("../../docs/errors.md", import.meta.url));

/** The rows of the page's table: reason → the other cells. */
const documented = new Map(
  [...page.matchAll(/^\| `(\w+)` +\| (\S+) +\| (\S+) +\| (\S+) +\|/gm)].map(([, reason, ...cells]) => [reason, cells]),
);

Deno.test("docs/errors.md lists exactly the errors that there are", () => {
  assert.deepEqual([...documented.keys()].sort(), Object.keys(ERRORS).sort());
});

for (const [reason, { jsonRpc, http, grpc }] of Object.entries<ErrorRow>(ERRORS)) {
  Deno.test(`docs/errors.md tells how ${reason} reads on each binding`, () => {
    assert.deepEqual(documented.get(reason), [String(jsonRpc), String(http), grpc]);
  });
}
