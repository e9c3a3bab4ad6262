import assert from "node:assert/strict";
import { isPlainPart, keyPart, messageKey, refKey, scopeKey } from "../../src/store/store_key.ts";

const ODD = [
  "",
  "a",
  "a\x1fb",
  "a\0",
  "\ud800",
  "\ud801",
  "\ufffd",
  "ü",
  "u\u0308",
  "x".repeat(96),
  "x".repeat(97),
  "x".repeat(5000),
  "語".repeat(96),
  "語".repeat(97),
  "\n",
  "a b",
  "__proto__",
];

Deno.test("keyPart() tells all texts apart, also from the digests it makes", () => {
  const parts = ODD.map(keyPart);
  assert.equal(new Set([...parts, ...parts.map(keyPart)]).size, 2 * ODD.length - ODD.filter(isPlainPart).length);
});

Deno.test("keyPart() is printable ASCII of at most 97 characters, and the text itself where that can be", () => {
  for (const text of ODD) {
    const part = keyPart(text);
    assert.match(part, /^[\x20-\x7e]*$/);
    assert.ok(part.length <= 97);
    if (isPlainPart(text)) assert.equal(part, text);
  }
});

Deno.test("refKey(), scopeKey() and the message keys never meet", () => {
  const names = ["", "a", "b", "a\x1fb", "\x1f"];
  const keys = new Set<string>();
  let count = 0;
  for (const tenant of names) {
    for (const owner of names) {
      for (const last of names) {
        keys.add(`ref ${refKey({ tenant, owner, id: last })}`);
        keys.add(`scope ${scopeKey({ tenant, owner, agent: last })}`);
        count += 2;
        for (const id of names) {
          keys.add(`message ${messageKey(scopeKey({ tenant, owner, agent: last }), id)}`);
          count++;
        }
      }
    }
  }
  assert.equal(keys.size, count);
});
