import assert from "node:assert/strict";
import { cardSecurity, type TakenCredentials } from "../../src/guard/security_schemes.ts";

const TOKENS: TakenCredentials = { jwt: true, allowQueryToken: false, required: true };
const KEYS: TakenCredentials = { jwt: false, apiKeyHeader: "X-Key", allowQueryToken: false, required: true };

const JWT = { httpAuthSecurityScheme: { scheme: "bearer", bearerFormat: "JWT" } };
const BEARER = { httpAuthSecurityScheme: { scheme: "bearer" } };
const HEADER = { apiKeySecurityScheme: { location: "header", name: "X-Key" } };
const QUERY = { apiKeySecurityScheme: { location: "query", name: "api_key" } };
const URL = "https://auth.example/.well-known/openid-configuration";
const OPEN_ID = { openIdConnectSecurityScheme: { openIdConnectUrl: URL } };

/** [what, what is taken, schemes] */
const SCHEMES: readonly (readonly [what: string, TakenCredentials, Record<string, unknown>])[] = [
  ["tokens", TOKENS, { BearerAuth: JWT }],
  ["tokens of an issuer that was asked", { ...TOKENS, openIdConnectUrl: URL }, {
    BearerAuth: JWT,
    OpenIdConnect: OPEN_ID,
  }],
  ["keys, which may also be sent as bearer tokens", KEYS, { BearerAuth: BEARER, ApiKeyAuth: HEADER }],
  ["both", { ...KEYS, jwt: true }, { BearerAuth: JWT, ApiKeyAuth: HEADER }],
  ["keys in the query", { ...KEYS, allowQueryToken: true }, {
    BearerAuth: BEARER,
    ApiKeyAuth: HEADER,
    ApiKeyQuery: QUERY,
  }],
];

for (const [what, taken, schemes] of SCHEMES) {
  Deno.test(`cardSecurity() tells of ${what}`, () => {
    const told = cardSecurity(taken, false);
    assert.deepEqual(told.schemes, schemes);
    assert.deepEqual(told.requirements, Object.keys(schemes).map((name) => ({ schemes: { [name]: { list: [] } } })));
  });
}

Deno.test("cardSecurity() tells that nothing is enough where it is, but for internal agents", () => {
  const optional = { ...TOKENS, required: false };
  const some = { schemes: { BearerAuth: { list: [] } } };
  assert.deepEqual(cardSecurity(optional, false).requirements, [some, { schemes: {} }]);
  assert.deepEqual(cardSecurity(optional, true).requirements, [some]);
});
