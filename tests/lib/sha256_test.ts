import assert from "node:assert/strict";
import { sha256 } from "../../src/lib/sha256.ts";

/** [text, hex]: the first two are FIPS 180-4's own examples. */
const ROWS: [text: string, hex: string][] = [
  ["abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"],
  [
    "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
    "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
  ],
  ["", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"],
  ["é", "4a99557e4033c3539de2eb65472017cad5f9557f7a0625a09f1c3f6e2ba69c4c"],
];

for (const [text, hex] of ROWS) {
  Deno.test(`sha256(${JSON.stringify(text.slice(0, 12))}) is right in both encodings`, () => {
    assert.equal(sha256(text, "hex"), hex);
    assert.equal(Uint8Array.fromBase64(sha256(text, "base64url"), { alphabet: "base64url" }).toHex(), hex);
  });
}
