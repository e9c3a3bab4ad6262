import assert from "node:assert/strict";
import type { ServerConfig } from "../../src/config/config.ts";
import { createAuth } from "../../src/app/create_auth.ts";
import { OPEN } from "../../src/guard/open.ts";
import type { Showing } from "../../src/guard/read_credential.ts";
import { SILENT } from "../../src/lib/log.ts";
import { EC, jwks, NOW_MS, SECRET, token } from "../guard/tokens.ts";
import { manualTimers } from "../lib/manual_timers.ts";
import { configOf } from "./configurations.ts";

function authOf(section: string): ServerConfig["auth"] {
  return configOf(`agents: {a: {llm: m}}\nllms: {m: {provider: demo}}\nserver: {auth: ${section}}\n`).server.auth;
}

async function open(config: ServerConfig["auth"]) {
  const warned: string[] = [];
  const log = { ...SILENT, warn: (message: string) => void warned.push(message) };
  return { ...await createAuth(config, { timers: manualTimers(), now: () => NOW_MS, log }), warned };
}

const bearer = (text: string): Showing => ({
  header: (name) => name === "authorization" ? `Bearer ${text}` : undefined,
});

Deno.test("createAuth() asks nobody where nothing is said, or it is switched off", async () => {
  for (const config of [undefined, authOf(`{enabled: false, secret: ${JSON.stringify(SECRET)}}`)]) {
    const { guard, notice } = await open(config);
    assert.equal(guard, OPEN);
    assert.equal(notice, undefined);
  }
});

Deno.test("createAuth() takes tokens by the keys of the file, and fetches none", async () => {
  const { guard, notice } = await open(
    authOf(`{issuer: "https://auth.example", audience: hector-api, jwks: ${JSON.stringify(jwks(EC))}}`),
  );
  const { caller } = await guard.identify(bearer(await token(EC)));
  assert.deepEqual([caller.tenant, caller.subject], ["acme", "jwt:alice"]);
  assert.partialDeepStrictEqual(notice, { enabled: true, type: "jwt", audience: "hector-api" });
});

Deno.test("createAuth() passes on claims, skew and algorithms", async () => {
  const section = `{secret: ${JSON.stringify(SECRET)}, clock_skew_seconds: 0, algorithms: [HS256], ` +
    `claims: {subject: email, tenant: org, roles: groups}, required_claims: {email: "*"}}`;
  const { guard } = await open(authOf(section));
  const claims = { email: "a@example.com", org: "o", groups: ["g"] };
  const { caller } = await guard.identify(bearer(await token(SECRET, claims)));
  assert.deepEqual(caller, { tenant: "o", subject: "jwt:a@example.com", roles: ["g"], anonymous: false });
  await assert.rejects(guard.identify(bearer(await token(SECRET, { ...claims, exp: NOW_MS / 1000 - 1 }))), /expired/);
  const other = await token(SECRET, claims, { alg: "HS384" });
  await assert.rejects(guard.identify(bearer(other)), { reason: "UNAUTHENTICATED" });
});

Deno.test("createAuth() takes keys in the header of their name", async () => {
  const { guard, notice } = await open(authOf("{api_keys: [{key: k, subject: ci}], api_key_header: X-Key}"));
  const { caller } = await guard.identify({ header: (name) => name === "x-key" ? "k" : undefined });
  assert.equal(caller.subject, "api_key:ci");
  assert.deepEqual(guard.headers, ["Authorization", "X-Key"]);
  assert.equal(notice?.type, "api_key");
});

Deno.test("createAuth() warns of a secret that can be guessed, and does not tell it", async () => {
  const short = await open(authOf("{secret: your-secret-key}"));
  assert.equal(short.warned.length, 1);
  assert.doesNotMatch(short.warned.join(), /your-secret-key/);
  assert.deepEqual((await open(authOf(`{secret: ${JSON.stringify(SECRET)}}`))).warned, []);
});
