import assert from "node:assert/strict";
import { securityOf } from "../../src/app/security_of.ts";
import { configOf } from "./configurations.ts";

function securityFor(auth: string, visibility: "public" | "internal" = "public") {
  const text = `agents: {a: {llm: m}}\nllms: {m: {provider: demo}}\nserver: {auth: ${auth}}\n`;
  return securityOf(configOf(text).server, { visibility });
}

/** [what is configured, the schemes on the card] */
const ROWS: readonly (readonly [auth: string, schemes: readonly string[]])[] = [
  ["{secret: x}", ["BearerAuth"]],
  ["{issuer: 'https://a.example', audience: x}", ["BearerAuth", "OpenIdConnect"]],
  ["{issuer: 'https://a.example', audience: x, jwks_url: 'https://a.example/k'}", ["BearerAuth"]],
  ["{issuer: 'https://a.example', audience: x, secret: x}", ["BearerAuth"]],
  ["{api_keys: [k]}", ["BearerAuth", "ApiKeyAuth"]],
  ["{api_keys: [k], allow_query_token: true}", ["BearerAuth", "ApiKeyAuth", "ApiKeyQuery"]],
];

for (const [auth, schemes] of ROWS) {
  Deno.test(`securityOf() tells of ${auth}`, () => {
    assert.deepEqual(Object.keys(securityFor(auth)?.schemes ?? {}), schemes);
  });
}

Deno.test("securityOf() says nothing where nobody is asked", () => {
  assert.equal(securityFor("{enabled: false, secret: x}"), undefined);
  assert.equal(securityOf({ auth: undefined }, { visibility: "public" }), undefined);
});

Deno.test("securityOf() wants a credential for internal agents, also where others need none", () => {
  assert.equal(securityFor("{required: false, secret: x}")?.requirements.length, 2);
  assert.equal(securityFor("{required: false, secret: x}", "internal")?.requirements.length, 1);
});
