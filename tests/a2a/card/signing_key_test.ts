import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { calculateJwkThumbprint } from "jose";
import { readSigningKey } from "../../../src/a2a/card/signing_key.ts";
import { EC_PEM, ED_PEM, RSA_PEM, SEC1_PEM } from "./signing_keys.ts";

const ROWS: [what: string, text: string, alg: string, members: string[]][] = [
  ["an EC key in PKCS #8", EC_PEM, "ES256", ["alg", "crv", "kid", "kty", "use", "x", "y"]],
  ["an EC key as openssl's ecparam writes it", SEC1_PEM, "ES384", ["alg", "crv", "kid", "kty", "use", "x", "y"]],
  ["an Ed25519 key", ED_PEM, "EdDSA", ["alg", "crv", "kid", "kty", "use", "x"]],
  ["an RSA key as openssl's genrsa writes it", RSA_PEM, "RS256", ["alg", "e", "kid", "kty", "n", "use"]],
];
for (const [what, text, alg, members] of ROWS) {
  Deno.test(`readSigningKey() reads ${what} and publishes nothing of it that is private`, async () => {
    const key = readSigningKey({ text });
    assert.equal(key.alg, alg);
    assert.deepEqual(Object.keys(key.publicJwk).sort(), members);
    assert.equal(key.kid, await calculateJwkThumbprint({ ...key.publicJwk }));
    assert.equal(typeof key.privateJwk.d, "string");
  });

  Deno.test(`readSigningKey() reads ${what} as a JWK, too`, () => {
    const key = readSigningKey({ text });
    assert.deepEqual(readSigningKey({ text: ` ${JSON.stringify(key.privateJwk)}\n` }), key);
  });
}

Deno.test("readSigningKey() takes a name and an algorithm of the key's kind", () => {
  const { kid, alg, publicJwk } = readSigningKey({ text: RSA_PEM, kid: "2026", alg: "PS256" });
  assert.deepEqual([kid, alg, publicJwk.kid, publicJwk.alg], ["2026", "PS256", "2026", "PS256"]);
});

function pem(key: ReturnType<typeof generateKeyPairSync>["privateKey"]): string {
  return String(key.export({ type: "pkcs8", format: "pem" }));
}

const PUBLIC = String(generateKeyPairSync("ed25519").publicKey.export({ type: "spki", format: "pem" }));
const SHORT = pem(generateKeyPairSync("rsa", { modulusLength: 1024 }).privateKey);
const X25519 = pem(generateKeyPairSync("x25519").privateKey);
const SECRET = '{"kty":"oct","k":"c2VjcmV0"}';

const REFUSED: [what: string, source: { text: string; alg?: string }, message: RegExp][] = [
  ["an empty text", { text: "" }, /expected an unencrypted private key/],
  [
    "what is no key",
    { text: "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----" },
    /expected an unencrypted/,
  ],
  ["JSON that is no key", { text: '{"kty":"EC"}' }, /expected an unencrypted private key/],
  ["broken JSON", { text: '{"kty":' }, /expected an unencrypted private key/],
  ["a public key", { text: PUBLIC }, /expected an unencrypted private key/],
  ["a shared secret", { text: SECRET }, /expected an unencrypted private key/],
  ["a key that signs nothing", { text: X25519 }, /kind "X25519": expected one of P-256, P-384, Ed25519, RSA/],
  ["a short RSA key", { text: SHORT }, /RSA key of 1024 bits: expected at least 2048/],
  ["another kind's algorithm", { text: EC_PEM, alg: "RS256" }, /RS256 and a key of kind "P-256": it takes ES256/],
];
for (const [what, source, message] of REFUSED) {
  Deno.test(`readSigningKey() refuses ${what}, and tells nothing of it`, () => {
    assert.throws(() => readSigningKey(source), (thrown: unknown) => {
      assert.ok(thrown instanceof TypeError);
      assert.match(thrown.message, message);
      assert.ok(source.text === "" || !thrown.message.includes(source.text));
      return true;
    });
  });
}
