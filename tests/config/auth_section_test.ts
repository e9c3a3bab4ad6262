import assert from "node:assert/strict";
import { type ServerConfig } from "../../src/config/config.ts";
import { ConfigError } from "../../src/config/config_error.ts";
import { loadConfig } from "../../src/config/load.ts";
import { Secret } from "../../src/lib/secret.ts";
import { envOf, TABLES } from "./plugin_tables.ts";

const AGENT = "agents: {a: {llm: gpt-4o}}";
const JWKS = JSON.stringify({ keys: [{ kty: "EC", crv: "P-256", x: "x", y: "y", kid: "k" }] });

function load(text: string): ServerConfig["auth"] {
  const env = envOf({ KEY: "planted-canary", JWKS, AUDIENCE: "hector-api" });
  return loadConfig({ text: `${AGENT}\n${text}\n`, file: "hector.yaml", env, tables: TABLES, baseDir: "/" }).server
    .auth;
}

const auth = (section: string) => load(`server: {auth: ${section}}`);

function problems(text: string): string[] {
  try {
    load(text);
    return [];
  } catch (thrown) {
    assert.ok(thrown instanceof ConfigError, String(thrown));
    return thrown.message.split("\n").map((line) => line.replace(/^hector\.yaml:\d+:\d+: /, ""));
  }
}

Deno.test("without server.auth nobody is asked", () => assert.equal(load("server: {port: 1}"), undefined));

Deno.test("server.auth asks everybody, but for what is always open", () => {
  const { required, excluded_paths, allow_query_token, api_keys } = auth("{api_keys: ['${KEY}']}") ?? {};
  assert.deepEqual([required, excluded_paths, allow_query_token], [true, [], false]);
  assert.deepEqual(api_keys?.map(({ key, roles }) => [key.reveal(), roles]), [["planted-canary", []]]);
});

Deno.test("a key has a subject, a tenant and roles", () => {
  const [key] = auth("{api_keys: [{key: '${KEY}', subject: ci, tenant: acme, roles: [deploy]}]}")?.api_keys ?? [];
  assert.deepEqual(key, { key: new Secret("planted-canary"), subject: "ci", tenant: "acme", roles: ["deploy"] });
});

Deno.test("one audience may stand alone, many in a list", () => {
  const issuer = "issuer: 'https://auth.example'";
  assert.deepEqual(auth(`{${issuer}, audience: '\${AUDIENCE}'}`)?.audience, ["hector-api"]);
  assert.deepEqual(auth(`{${issuer}, audience: [a, b]}`)?.audience, ["a", "b"]);
});

Deno.test("a key set is a mapping, or the text of one", () => {
  const rest = "issuer: x, audience: y";
  assert.deepEqual(auth(`{${rest}, jwks: '\${JWKS}'}`)?.jwks, JSON.parse(JWKS));
  assert.deepEqual(auth(`{${rest}, jwks: ${JWKS}}`)?.jwks, JSON.parse(JWKS));
});

Deno.test("claims have usual names, and may have others", () => {
  assert.deepEqual(auth("{secret: x}")?.claims, { subject: "sub", tenant: "tenant_id", roles: ["roles", "role"] });
  const named = auth(
    "{secret: x, claims: {subject: email, roles: realm_access.roles}, required_claims: {scope: call, n: [1, 2]}}",
  );
  assert.deepEqual(named?.claims, { subject: "email", tenant: "tenant_id", roles: ["realm_access.roles"] });
  assert.deepEqual(named?.required_claims, { scope: ["call"], n: [1, 2] });
});

Deno.test("a provider on this machine needs no TLS, nor one that is listed", () => {
  for (
    const section of [
      "{issuer: 'http://localhost:3000', audience: a}",
      "{issuer: 'http://[::1]:3000', audience: a}",
      "{issuer: x, jwks_url: 'http://127.0.0.1/keys', audience: a}",
      "{issuer: 'http://keycloak.auth.svc/realms/x', audience: a, allow: [keycloak.auth.svc]}",
    ]
  ) assert.equal(auth(section)?.enabled, true);
});

const NOTHING =
  "server.auth.enabled: found nothing to know callers by, expected jwks_url, issuer, jwks, secret or api_keys";
const ISSUER = "server.auth.issuer: found nothing, expected who makes the tokens";
const AUDIENCE =
  "server.auth.audience: found nothing, expected for whom the tokens are made: others would be taken, too";
const NO_TLS = "without TLS, expected https:// (or its host in server.auth.allow)";

/** [what, section, problems] */
const REFUSED: readonly (readonly [what: string, section: string, problems: readonly string[]])[] = [
  ["an empty section", "{}", [NOTHING]],
  ["no section at all", "", [NOTHING]],
  ["what is asked, but not for what", "{required: true, excluded_paths: [/x]}", [NOTHING]],
  ["an empty list of keys", "{enabled: true, api_keys: []}", [NOTHING]],
  ["keys of an issuer that has no name", "{jwks_url: 'https://x/keys', audience: a}", [ISSUER]],
  ["tokens for everybody", "{jwks_url: 'https://x/keys', issuer: x}", [AUDIENCE]],
  ["tokens of an issuer for everybody", "{issuer: 'https://x'}", [AUDIENCE]],
  ["keys over http", "{jwks_url: 'http://x/keys', issuer: x, audience: a}", [
    `server.auth.jwks_url: found a jwks_url ${NO_TLS}`,
  ]],
  ["an issuer over http", "{issuer: 'http://x', audience: a}", [`server.auth.issuer: found an issuer ${NO_TLS}`]],
  ["an issuer that is no URL", "{issuer: x, audience: a}", [`server.auth.issuer: found an issuer ${NO_TLS}`]],
  ["two sets of keys", "{issuer: x, audience: a, jwks_url: 'https://x/k', jwks: {keys: [{kty: EC}]}}", [
    "server.auth.jwks: found jwks beside jwks_url, expected one of them",
  ]],
  ["an algorithm without keys", "{secret: x, algorithms: [RS256]}", [
    "server.auth.algorithms: found RS256, expected only what there are keys (or, for HS…, a secret) for",
  ]],
  ["HMAC without a secret", "{issuer: 'https://x', audience: a, algorithms: [ES256, HS256]}", [
    "server.auth.algorithms: found HS256, expected only what there are keys (or, for HS…, a secret) for",
  ]],
  ["Authorization as the header of keys", "{api_keys: [k], api_key_header: authorization}", [
    'server.auth.api_key_header: found "authorization", expected the name of a header, neither Authorization nor Cookie',
  ]],
  ["a key that is a number", "{api_keys: [12]}", [
    "server.auth.api_keys[0]: found a number, expected text or a mapping",
  ]],
  ["an unknown key", "{api_keys: [k], jwks_uri: x}", ['server.auth.jwks_uri: unknown key; did you mean "jwks_url"?']],
  ["a path without a slash", "{api_keys: [k], excluded_paths: [open]}", [
    'server.auth.excluded_paths[0]: found "open", expected a path that begins with /',
  ]],
];

for (const [what, section, expected] of REFUSED) {
  Deno.test(`server.auth may not be ${what}`, () => {
    assert.deepEqual(problems(`server: {auth: ${section}}`), expected);
  });
}

Deno.test("server.auth takes no algorithm none", () => {
  assert.match(problems("server: {auth: {secret: x, algorithms: [none]}}").join(), /found "none", expected "RS256"/);
});

Deno.test("a section that is switched off says nothing", () => {
  assert.equal(auth("{enabled: false, jwks_url: 'http://x'}")?.enabled, false);
});

Deno.test("no credential is shown in an error", () => {
  const shown = problems("server: {auth: {api_keys: [{key: '${KEY}', roles: planted}], secret: ['${KEY}']}}").join();
  assert.match(shown, /roles/);
  assert.doesNotMatch(shown, /planted-canary/);
});

/** [what, older spelling, newest one] */
const OLDER: readonly (readonly [what: string, older: string, newest: string])[] = [
  [
    "generation 1.9",
    "global: {auth: {enabled: true, jwks_url: 'https://x/k', issuer: 'https://x', audience: a}}",
    "server: {auth: {jwks_url: 'https://x/k', issuer: 'https://x', audience: a}}",
  ],
  [
    "generation 2.0",
    "server: {auth: {enabled: true, require_auth: false, refresh_interval: 1h30m, secret: x}}",
    "server: {auth: {required: false, refresh_interval_seconds: 5400, secret: x}}",
  ],
  [
    "generation 1.0",
    "auth: {jwt: {enabled: true, secret: your-secret-key}, api_key: {enabled: true, header: X-API-Key, keys: [key123]}}",
    "server: {auth: {secret: your-secret-key, api_key_header: X-API-Key, api_keys: [key123]}}",
  ],
  [
    "generation 1.0 with one kind switched off",
    "auth: {jwt: {enabled: false, secret: your-secret-key}, api_key: {enabled: true, keys: [key123]}}",
    "server: {auth: {api_keys: [key123]}}",
  ],
];

for (const [what, older, newest] of OLDER) {
  Deno.test(`server.auth is read from ${what}`, () => assert.deepEqual(load(older), load(newest)));
}
