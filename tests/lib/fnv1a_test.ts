import assert from "node:assert/strict";
import { fnv1a } from "../../src/lib/fnv1a.ts";

/** [text, its hash]: the vectors of draft-eastlake-fnv, appendix C. */
const VECTORS: [text: string, hash: number][] = [["", 0x811c9dc5], ["a", 0xe40c292c], ["foobar", 0xbf9cf968]];
for (const [text, hash] of VECTORS) {
  Deno.test(`fnv1a("${text}")`, () => assert.equal(fnv1a(text), hash.toString(36)));
}
