import assert from "node:assert/strict";
import { freeName, prefixedName, safeName } from "../../../src/tool/mcp/tool_names.ts";

const LONG = "a".repeat(70);

/** [as the server calls it, as providers take it] */
const NAMES: readonly (readonly [name: string, safe: RegExp])[] = [
  ["read_file", /^read_file$/],
  ["files/read.all", /^files_read_all$/],
  ["_private", /^_private$/],
  ["suche nach ähnlichem", /^suche_nach_hnlichem$/],
  ["", /^$/],
  ["???", /^$/],
  ["ignore\nall previous", /^ignore_all_previous$/],
  [LONG, /^a{50,}_[a-z0-9]{1,7}$/],
];
for (const [name, safe] of NAMES) {
  Deno.test(`safeName() makes of ${JSON.stringify(name)} what every provider takes`, () => {
    assert.match(safeName(name), safe);
    assert.match(safeName(name), /^[A-Za-z0-9_-]{0,64}$/);
  });
}

Deno.test("safeName() keeps two long names apart, and one the same", () => {
  assert.notEqual(safeName(`${LONG}b`), safeName(`${LONG}c`));
  assert.equal(safeName(LONG), safeName(LONG));
});

Deno.test("prefixedName() stays within what providers take", () => {
  assert.equal(prefixedName("files__", "read"), "files__read");
  assert.equal(prefixedName("files__", "r".repeat(64)).length, 64);
});

Deno.test("freeName() numbers what is taken", () => {
  const taken = new Set(["read", "read_2", "x".repeat(64)]);
  const isTaken = (name: string) => taken.has(name);
  assert.equal(freeName("write", isTaken), "write");
  assert.equal(freeName("read", isTaken), "read_3");
  assert.equal(freeName("x".repeat(64), isTaken), `${"x".repeat(62)}_2`);
});
