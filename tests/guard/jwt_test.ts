import assert from "node:assert/strict";
import { exportSPKI, importJWK } from "jose";
import { A2AError } from "../../src/a2a/errors.ts";
import { fixedKeys } from "../../src/guard/key_set.ts";
import { RefusedCredential } from "../../src/guard/refused_credential.ts";
import {
  AUDIENCE,
  base64url,
  changingKeys,
  CLAIMS,
  EC,
  ISSUER,
  jwks,
  NOW,
  NOW_MS,
  RSA,
  SECRET,
  STRANGER,
  TEST_SECRET,
  testKey,
  token,
  verifier,
} from "./tokens.ts";

const alice = { tenant: "acme", subject: "jwt:alice", roles: ["admin"], anonymous: false };

/** [what, token] that prove who calls */
const GOOD: readonly (readonly [what: string, make: () => Promise<string>])[] = [
  ["ES256", () => token(EC)],
  ["RS256", () => token(RSA)],
  ["several audiences", () => token(EC, { aud: ["other", AUDIENCE] })],
  ["an access token as RFC 9068 has it", () => token(EC, {}, { typ: "at+jwt" })],
  ["a type in capitals", () => token(EC, {}, { typ: "JWT" })],
  ["no key id", () => token(EC, {}, { kid: undefined })],
  ["an end less than the skew ago", () => token(EC, { exp: NOW - 29 })],
  ["a beginning less than the skew ahead", () => token(EC, { nbf: NOW + 29 })],
  ["a key and a certificate in its header, which count for nothing", () => token(EC, {}, { x5t: "abc" })],
];

for (const [what, make] of GOOD) {
  Deno.test(`a token is taken: ${what}`, async () => {
    const { caller } = await verifier()(await make());
    assert.deepEqual(caller, alice);
  });
}

const [HEADER = "", PAYLOAD = "", SIGNATURE = ""] = (await token(EC)).split(".");
const RSA_PEM = await exportSPKI(await importJWK({ ...RSA.jwk }, "RS256") as CryptoKey);
const unsigned = (header: unknown, claims: unknown = CLAIMS) => `${base64url(header)}.${base64url(claims)}.`;
const TAMPERED = base64url({ ...CLAIMS, sub: "root" });
const FLIPPED = `${SIGNATURE.slice(0, -4)}${SIGNATURE.endsWith("AAAA") ? "BBBB" : "AAAA"}`;
const signed = (claims: Record<string, unknown>, header: Record<string, unknown> = {}) => () =>
  token(EC, claims, header);

/** [what, token] that prove nothing */
const HOSTILE: readonly (readonly [what: string, make: () => string | Promise<string>])[] = [
  ["nothing", () => ""],
  ["no token", () => "abc"],
  ["two dots", () => ".."],
  ["four parts", () => `${HEADER}.${PAYLOAD}.${SIGNATURE}.x`],
  ["five parts, as an encrypted one has", () => `${HEADER}.a.b.c.d`],
  ["alg none", () => unsigned({ alg: "none" })],
  ["alg None", () => unsigned({ alg: "None" })],
  ["alg nOnE with a signature", () => `${base64url({ alg: "nOnE" })}.${PAYLOAD}.${SIGNATURE}`],
  ["no alg", () => unsigned({ typ: "JWT" })],
  ["an alg that is a number", () => unsigned({ alg: 256 })],
  ["an alg of objects", () => unsigned({ alg: ["ES256"] })],
  ["alg __proto__", () => unsigned({ alg: "__proto__" })],
  ["alg constructor", () => unsigned({ alg: "constructor" })],
  ["no signature", () => `${HEADER}.${PAYLOAD}.`],
  ["a flipped signature", () => `${HEADER}.${PAYLOAD}.${FLIPPED}`],
  ["the signature of another header", () => `${base64url({ alg: "ES256", kid: "rsa-1" })}.${PAYLOAD}.${SIGNATURE}`],
  ["changed claims", () => `${HEADER}.${TAMPERED}.${SIGNATURE}`],
  ["a signature of zeros (CVE-2022-21449)", () => `${HEADER}.${PAYLOAD}.${base64url("\0".repeat(64))}`],
  ["another's key of the same name", () => token(STRANGER)],
  ["HS256 by the public key as PEM", () => token(RSA_PEM, {}, { kid: "rsa-1" })],
  ["HS256 by the public key as JWK", () => token(JSON.stringify(RSA.jwk), {}, { kid: "rsa-1" })],
  ["HS256 by its modulus", () => token(RSA.jwk.n ?? "", {}, { kid: "rsa-1" })],
  ["HS256 by a guess", () => token("secret")],
  ["an unknown key", signed({}, { kid: "nobody" })],
  ["a path as key id", signed({}, { kid: "../../../../dev/null" })],
  ["SQL as key id", signed({}, { kid: "x' UNION SELECT 'key'--" })],
  ["a key id that is a number", () => `${base64url({ alg: "ES256", kid: 1 })}.${PAYLOAD}.${SIGNATURE}`],
  ["its own key in the header", () => token(STRANGER, {}, { jwk: STRANGER.jwk })],
  ["a key set of its own (jku)", () => token(STRANGER, {}, { jku: "https://evil.example/jwks" })],
  ["a certificate of its own (x5u)", () => token(STRANGER, {}, { x5u: "https://evil.example/cert" })],
  ["a header that must be understood", () => unsigned({ alg: "ES256", crit: ["exp"], exp: 1 })],
  ["a payload that is not encoded (RFC 7797)", () => unsigned({ alg: "ES256", b64: false, crit: ["b64"] })],
  ["claims that are no object", () => `${HEADER}.${base64url("[]")}.${SIGNATURE}`],
  ["whitespace in it", () => `${HEADER}. ${PAYLOAD}.${SIGNATURE}`],
  ["padding in it", () => `${HEADER}==.${PAYLOAD}.${SIGNATURE}`],
  ["letters that look alike", () => `${HEADER.replace("e", "е")}.${PAYLOAD}.${SIGNATURE}`],
  ["base64 instead of base64url", () => `${HEADER}.${PAYLOAD}.${SIGNATURE.replace(/^./, "+")}`],
  ["an end in the past", signed({ exp: NOW - 31 })],
  ["an end of 0", signed({ exp: 0 })],
  ["no end", signed({ exp: undefined })],
  ["an end in words", signed({ exp: "never" })],
  ["a beginning in the future", signed({ nbf: NOW + 31 })],
  ["another audience", signed({ aud: "other" })],
  ["an audience that begins alike", signed({ aud: `${AUDIENCE}-2` })],
  ["no audience", signed({ aud: undefined })],
  ["another issuer", signed({ iss: "https://evil.example" })],
  ["an issuer with a slash more", signed({ iss: `${ISSUER}/` })],
  ["no issuer", signed({ iss: undefined })],
  ["no subject", signed({ sub: undefined })],
  ["an empty subject", signed({ sub: "" })],
  ["a subject that is a number", signed({ sub: 7 })],
  ["a tenant that is a list", signed({ tenant_id: ["acme"] })],
  ["an empty tenant", signed({ tenant_id: "" })],
  ["roles that are objects", signed({ roles: [{ name: "admin" }] })],
  ["another type of token", signed({}, { typ: "logout+jwt" })],
  ["a proof of possession", signed({}, { typ: "dpop+jwt" })],
];

for (const [what, make] of HOSTILE) {
  Deno.test(`a token is refused: ${what}`, async () => {
    const hostile = await make();
    const refused = await verifier()(hostile).then(() => undefined, (thrown: unknown) => thrown);
    assert.ok(refused instanceof RefusedCredential, String(refused));
    assert.equal(refused.reason, "UNAUTHENTICATED");
    assert.match(refused.challenge, /^Bearer realm="hector", error="invalid_token", error_description="[^"\\]+"$/);
    if (hostile.length > 10) assert.ok(!refused.message.includes(hostile.slice(0, 10)), refused.message);
  });
}

Deno.test("a token is refused for what is in it only if its signature is right", async () => {
  const expired = (await token(EC, { exp: 1 })).split(".");
  const forged = [expired[0], expired[1], SIGNATURE].join(".");
  await assert.rejects(verifier()(forged), { message: "The token is not valid" });
  await assert.rejects(verifier()(expired.join(".")), { message: "The token has expired" });
});

Deno.test("a secret answers for HMAC alone, beside public keys", async () => {
  const verify = verifier({ secret: TEST_SECRET });
  assert.deepEqual((await verify(await token(SECRET))).caller, alice);
  assert.deepEqual((await verify(await token(EC))).caller, alice);
  await assert.rejects(verify(await token(RSA_PEM)), RefusedCredential);
  await assert.rejects(verify(await token("another secret")), RefusedCredential);
});

Deno.test("a secret alone takes no token of another algorithm, and needs no issuer", async () => {
  const verify = verifier({ keys: undefined, secret: TEST_SECRET, issuer: undefined, audiences: undefined });
  assert.equal((await verify(await token(SECRET, { iss: "anybody", aud: "anything" }))).caller.subject, "jwt:alice");
  await assert.rejects(verify(await token(EC)), { message: "The token is signed in a way that is not taken here" });
});

Deno.test("algorithms bound what the keys could do", async () => {
  const verify = verifier({ algorithms: ["RS256"], secret: TEST_SECRET });
  assert.deepEqual((await verify(await token(RSA))).caller, alice);
  await assert.rejects(verify(await token(EC)), RefusedCredential);
  await assert.rejects(verify(await token(SECRET)), RefusedCredential);
});

Deno.test("a token without a key id is tried with each key that fits", async () => {
  const [one, other] = await Promise.all([testKey("ES256", "a"), testKey("ES256", "b")]);
  const verify = verifier({ keys: fixedKeys(jwks(one, other)) });
  assert.deepEqual((await verify(await token(other, {}, { kid: undefined }))).caller, alice);
  await assert.rejects(verify(await token(STRANGER, {}, { kid: undefined })), RefusedCredential);
  await assert.rejects(verify(await token(other, { exp: 1 }, { kid: undefined })), { message: /expired/ });
});

Deno.test("a key for another use, or another algorithm, counts for nothing", async () => {
  for (const jwk of [{ use: "enc" }, { key_ops: ["encrypt"] }, { alg: "ES384" }]) {
    const key = await testKey("ES256", "odd", jwk);
    await assert.rejects(verifier({ keys: fixedKeys(jwks(key)) })(await token(key)), RefusedCredential);
  }
});

Deno.test("an unknown key is looked for once more", async () => {
  const fresh = await testKey("ES256", "fresh");
  const keys = changingKeys(jwks(EC), jwks(EC, fresh));
  const verify = verifier({ keys });
  assert.deepEqual((await verify(await token(EC))).caller, alice);
  assert.equal(keys.renewals, 0);
  assert.deepEqual((await verify(await token(fresh))).caller, alice);
  assert.equal(keys.renewals, 1);
  await assert.rejects(verify(await token(EC, {}, { kid: "nobody" })), { message: /not known/ });
  assert.equal(keys.renewals, 2);
});

Deno.test("neither a secret's token nor a token that is none asks for keys", async () => {
  const unreachable = () => Promise.reject(new A2AError("UNAVAILABLE", "down"));
  const keys = { current: unreachable, renewed: unreachable };
  const verify = verifier({ keys, secret: TEST_SECRET });
  assert.deepEqual((await verify(await token(SECRET))).caller, alice);
  await assert.rejects(verify("a.b.c"), RefusedCredential);
  await assert.rejects(verify(unsigned({ alg: "none" })), RefusedCredential);
  await assert.rejects(verify(await token(EC)), { reason: "UNAVAILABLE" });
});

Deno.test("an identity is good until the token ends, skew included", async () => {
  const clock = { ms: NOW_MS };
  const { remainingMs } = await verifier({ now: () => clock.ms })(await token(EC, { exp: NOW + 60 }));
  assert.equal(remainingMs(), 90_000);
  clock.ms += 90_000;
  assert.equal(remainingMs(), 0);
});

Deno.test("claims that have to be there are asked of a token that is in order", async () => {
  const verify = verifier({ requiredClaims: new Map([["scope", ["agents:call"]]]) });
  assert.deepEqual((await verify(await token(EC, { scope: "openid agents:call" }))).caller, alice);
  await assert.rejects(verify(await token(EC, { scope: "openid" })), { reason: "PERMISSION_DENIED" });
  await assert.rejects(verify(await token(STRANGER, { scope: "agents:call" })), { reason: "UNAUTHENTICATED" });
});
