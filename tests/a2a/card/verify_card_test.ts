import assert from "node:assert/strict";
import { generateAgentCardSignature } from "@a2a-js/sdk";
import { FlattenedSign, importJWK } from "jose";
import { createCardSigner } from "../../../src/a2a/card/card_signer.ts";
import { toHybridCard } from "../../../src/a2a/card/hybrid_card.ts";
import type { SigningKey } from "../../../src/a2a/card/signing_key.ts";
import { readJwks, type TrustedKeys, verifyCard } from "../../../src/a2a/card/verify_card.ts";
import { A2AError } from "../../../src/a2a/errors.ts";
import { canonicalJson } from "../../../src/lib/jcs.ts";
import { BASE_URL, cardUnderTest, freshKey, SECURITY } from "./signing_keys.ts";

const KEY = freshKey("k1");
const SIGNER = createCardSigner([KEY, freshKey("k2")]);
const TRUSTED: TrustedKeys = { jwks: SIGNER.jwks };
const CARD = cardUnderTest(SECURITY);

const received = (card: unknown): Record<string, unknown> => JSON.parse(JSON.stringify(card));
const signed = async () => received(await SIGNER.sign(CARD, BASE_URL));

/** A signature over any text, by any header. */
async function signText(text: string, header: Record<string, string>, key: SigningKey = KEY) {
  const jws = await new FlattenedSign(new TextEncoder().encode(text))
    .setProtectedHeader({ alg: key.alg, kid: key.kid, ...header })
    .sign(await importJWK({ ...key.privateJwk }, key.alg));
  return { protected: jws.protected, signature: jws.signature };
}

function untrusted(thrown: unknown): boolean {
  return thrown instanceof A2AError && thrown.reason === "INVALID_AGENT_RESPONSE" &&
    thrown.message.startsWith("Cannot trust the agent card");
}

Deno.test("verifyCard() trusts a card of ours, and tells what exactly is signed and by whom", async () => {
  const { signatures: _, ...content } = received(CARD);
  assert.deepEqual(await verifyCard(await signed(), TRUSTED), {
    card: content,
    keyId: "k1",
    algorithm: "EdDSA",
    payload: "exact",
  });
});

Deno.test("verifyCard() does not mind the order of members", async () => {
  const backwards = Object.fromEntries(Object.entries(await signed()).reverse());
  assert.equal((await verifyCard(backwards, TRUSTED)).payload, "exact");
});

Deno.test("verifyCard() trusts a card that the official SDK has signed", async () => {
  const sign = generateAgentCardSignature({ ...KEY.privateJwk }, { alg: KEY.alg, kid: KEY.kid, typ: "JOSE" });
  const { signatures } = await sign(received(CARD) as never);
  const verified = await verifyCard({ ...received(CARD), signatures }, TRUSTED);
  assert.equal(verified.payload, "pruned");
  assert.equal(verified.card.name, CARD.name);
});

Deno.test("verifyCard() trusts a card whose signer left out default values, as the specification has it", async () => {
  const bare = { ...received(CARD), description: "", securityRequirements: undefined, securitySchemes: undefined };
  const signatures = [await signText(canonicalJson(bare), {})];
  const skills = [{ ...CARD.skills[0], inputModes: [], securityRequirements: [] }];
  const extensions = [{ ...CARD.capabilities.extensions?.[0], required: false }];
  const chatty = {
    ...bare,
    skills,
    capabilities: { ...CARD.capabilities, extensions },
    iconUrl: undefined,
    signatures,
  };
  const verified = await verifyCard(received(chatty), TRUSTED);
  assert.equal(verified.payload, "specified");
  assert.deepEqual(verified.card, received(bare));
});

Deno.test("verifyCard() of a hybrid card covers the whole of it, or for a reader of 1.0 what that knows", async () => {
  const hybrid = received(
    await SIGNER.sign(toHybridCard(CARD, { snakeCase: true }), BASE_URL),
  );
  const whole = await verifyCard(hybrid, TRUSTED);
  assert.equal(whole.payload, "exact");
  assert.equal(whole.card.url, `${BASE_URL}/agents/desk`);
  const changed = await verifyCard({ ...hybrid, url: "https://evil.example" }, TRUSTED);
  assert.notEqual(changed.payload, "exact");
  assert.equal(changed.card.url, undefined);
});

Deno.test("verifyCard() needs one good signature among others", async () => {
  const card = await signed();
  const other = await signText("{}", { kid: "unknown" }, freshKey("unknown"));
  const signatures = [other, "nonsense", { protected: "e30" }, ...card.signatures as unknown[]];
  assert.equal((await verifyCard({ ...card, signatures }, TRUSTED)).keyId, "k1");
});

const FORGERIES: [what: string, forge: (card: Record<string, unknown>) => unknown][] = [
  ["without a signature", ({ signatures: _, ...card }) => card],
  ["with an empty list of them", (card) => ({ ...card, signatures: [] })],
  ["with another name", (card) => ({ ...card, name: "Somebody else" })],
  ["that points elsewhere", (card) => ({
    ...card,
    supportedInterfaces: [{ url: "https://evil.example", protocolBinding: "JSONRPC", protocolVersion: "1.0" }],
  })],
  ["with a skill more", (card) => ({ ...card, skills: [...card.skills as unknown[], CARD.skills[0]] })],
  ["that is no object", () => ["card"]],
  ["that is nothing", () => null],
];
for (const [what, forge] of FORGERIES) {
  Deno.test(`verifyCard() refuses a card ${what}`, async () => {
    await assert.rejects(verifyCard(forge(await signed()), TRUSTED), untrusted);
  });
}

Deno.test("verifyCard() refuses a stranger's key, also under the name of a trusted one", async () => {
  const text = canonicalJson(received(CARD));
  for (const kid of ["k1", "stranger"]) {
    const card = { ...received(CARD), signatures: [await signText(text, {}, freshKey(kid))] };
    await assert.rejects(verifyCard(card, TRUSTED), untrusted);
  }
});

Deno.test("verifyCard() refuses a shared secret and no algorithm at all", async () => {
  const secret = { kid: "k1", alg: "HS256", publicJwk: {}, privateJwk: { kty: "oct", k: KEY.publicJwk.x ?? "" } };
  const hmac = await signText(canonicalJson(received(CARD)), {}, secret);
  const none = { protected: btoa('{"alg":"none","kid":"k1"}').replaceAll("=", ""), signature: "" };
  for (const signature of [hmac, none]) {
    await assert.rejects(verifyCard({ ...received(CARD), signatures: [signature] }, TRUSTED), untrusted);
  }
});

Deno.test("verifyCard() fetches keys from a place that is trusted, and from no other", async () => {
  const asked: string[] = [];
  const keys: TrustedKeys = {
    trusts: ({ origin }) => origin === BASE_URL,
    fetch: (jku) => {
      asked.push(jku.href);
      return Promise.resolve({ keys: [...SIGNER.jwks.keys, { kty: "OKP", x5c: ["ignored"] }] });
    },
  };
  assert.equal((await verifyCard(await signed(), keys)).keyId, "k1");
  assert.deepEqual(asked, [`${BASE_URL}/.well-known/jwks.json`]);
  const elsewhere = received(await SIGNER.sign(CARD, "https://evil.example"));
  await assert.rejects(verifyCard(elsewhere, keys), untrusted);
  const nowhere = { ...received(CARD), signatures: [await signText(canonicalJson(received(CARD)), {})] };
  await assert.rejects(verifyCard(nowhere, keys), untrusted);
  assert.equal(asked.length, 1);
});

Deno.test("verifyCard() looks at ten signatures, however many there are", async () => {
  const card = await signed();
  const bad = await signText("{}", {});
  const signatures = [...Array.from({ length: 10 }, () => bad), ...card.signatures as unknown[]];
  await assert.rejects(verifyCard({ ...card, signatures }, TRUSTED), untrusted);
});

Deno.test("readJwks() refuses what is no key set", () => {
  for (const raw of [null, [], {}, { keys: "none" }]) assert.throws(() => readJwks(raw), untrusted);
  assert.deepEqual(readJwks({ keys: [{ kty: "OKP", n: 1 }, "no key"] }), { keys: [{ kty: "OKP" }] });
});
