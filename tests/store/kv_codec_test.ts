import assert from "node:assert/strict";
import {
  chunkCount,
  decodeJson,
  encodeJson,
  joinChunks,
  MAX_VALUE_BYTES,
  splitValue,
} from "../../src/store/kv_codec.ts";

const VALUES: unknown[] = [
  null,
  0,
  "",
  [],
  {},
  "🦊 ü \ud800 \0",
  { a: { b: [1, "2", null, true] } },
  JSON.parse('{"__proto__":{"x":1}}'),
];

Deno.test("decodeJson() reads what encodeJson() wrote", () => {
  for (const value of VALUES) assert.deepEqual(decodeJson(encodeJson(value)), value);
});

Deno.test("splitValue() keeps a short value in one piece and cuts a long one into pieces that fit", () => {
  for (const size of [0, 1, 99, 100, 101, 199, 200, 201, 1000]) {
    const bytes = crypto.getRandomValues(new Uint8Array(size)).map((byte) => byte | 1);
    const { head, chunks } = splitValue(bytes, 100);
    assert.equal(chunkCount(head), chunks.length, `${size}`);
    assert.ok(head.length <= 100 && chunks.every(({ length }) => length > 0 && length <= 100));
    assert.deepEqual(chunks.length === 0 ? head : joinChunks(chunks), bytes);
    assert.equal(chunks.length, size <= 100 ? 0 : Math.ceil(size / 100));
  }
});

Deno.test("splitValue() stays below the database's 65,536 bytes", () => {
  const { head, chunks } = splitValue(new Uint8Array(300_000).fill(0x20));
  assert.equal(MAX_VALUE_BYTES < 65_536, true);
  assert.deepEqual(chunks.map(({ length }) => length), [61_440, 61_440, 61_440, 61_440, 54_240]);
  assert.equal(chunkCount(head), 5);
});
