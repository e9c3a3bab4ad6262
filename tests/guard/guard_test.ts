import assert from "node:assert/strict";
import { ANONYMOUS } from "../../src/a2a/service.ts";
import { challengeOf, createGuard, type GuardOptions } from "../../src/guard/guard.ts";
import { OPEN } from "../../src/guard/open.ts";
import { NOBODY } from "../../src/guard/identity.ts";
import type { Showing } from "../../src/guard/read_credential.ts";
import { RefusedCredential } from "../../src/guard/refused_credential.ts";
import { Secret } from "../../src/lib/secret.ts";
import { EC, token, verifier } from "./tokens.ts";

function guard(options: Partial<GuardOptions> = {}) {
  return createGuard({
    required: true,
    excludedPaths: [],
    apiKeys: [{ key: new Secret("the-key"), subject: "ci", roles: [] }],
    apiKeyHeader: "X-API-Key",
    allowQueryToken: false,
    defaultTenant: "default",
    verifyJwt: verifier(),
    ...options,
  });
}

const showing = (headers: Record<string, string> = {}): Showing => {
  const all = new Headers(headers);
  return { header: (name) => all.get(name) };
};

Deno.test("a guard knows tokens and keys, keys in both places", async () => {
  const all: readonly Record<string, string>[] = [
    { authorization: `Bearer ${await token(EC)}` },
    { authorization: "Bearer the-key" },
    { "x-api-key": "the-key" },
  ];
  const subjects = await Promise.all(
    all.map(async (headers) => (await guard().identify(showing(headers))).caller.subject),
  );
  assert.deepEqual(subjects, ["jwt:alice", "api_key:ci", "api_key:ci"]);
});

Deno.test("a token under the name of a key is none, nor is a key that is not known", async () => {
  for (const headers of [{ "x-api-key": await token(EC) }, { "x-api-key": "another" }, { "x-api-key": "" }]) {
    await assert.rejects(guard().identify(showing(headers)), RefusedCredential);
  }
});

Deno.test("a guard without tokens takes keys alone", async () => {
  const keysOnly = guard({ verifyJwt: undefined });
  assert.equal((await keysOnly.identify(showing({ authorization: "Bearer the-key" }))).caller.subject, "api_key:ci");
  await assert.rejects(keysOnly.identify(showing({ authorization: `Bearer ${await token(EC)}` })), RefusedCredential);
});

Deno.test("a guard without keys does not look at their header", async () => {
  const tokensOnly = guard({ apiKeys: [] });
  assert.equal((await tokensOnly.identify(showing({ "x-api-key": "of a proxy" }))).caller, ANONYMOUS);
  assert.deepEqual(tokensOnly.headers, ["Authorization"]);
  assert.deepEqual(guard().headers, ["Authorization", "X-API-Key"]);
});

Deno.test("what is shown is checked also where nothing is asked for", async () => {
  const optional = guard({ required: false });
  assert.equal(await optional.identify(showing()), NOBODY);
  optional.admit(NOBODY);
  await assert.rejects(optional.identify(showing({ authorization: "Bearer wrong" })), RefusedCredential);
});

/** [excluded paths, path, whether nobody is admitted] */
const PATHS: readonly (readonly [excluded: string[], path: string | undefined, isOpen: boolean])[] = [
  [[], "/", false],
  [["/open"], "/open", true],
  [["/open"], "/open/more", false],
  [["/open"], "/opened", false],
  [["/open"], "/OPEN", false],
  [["/open"], "/%6fpen", false],
  [["/open/"], "/open/more", true],
  [["/open/"], "/open", false],
  [["/open/*"], "/open/a/b", true],
  [["/open/*"], "/open", false],
  [["/open/*"], "/open/*", true],
  [["/*"], "/anything", true],
  [["/"], "/anything", true],
  // Over gRPC there are no paths.
  [["/*"], undefined, false],
];

for (const [excludedPaths, path, isOpen] of PATHS) {
  Deno.test(`nobody is ${isOpen ? "" : "not "}admitted to ${path} where ${JSON.stringify(excludedPaths)} is excluded`, () => {
    const admit = () => guard({ excludedPaths }).admit(NOBODY, path);
    if (isOpen) admit();
    else assert.throws(admit, { reason: "UNAUTHENTICATED", challenge: 'Bearer realm="hector"' });
  });
}

Deno.test("somebody is admitted", async () => {
  const closed = guard();
  closed.admit(await closed.identify(showing({ "x-api-key": "the-key" })), "/");
});

Deno.test("an open server looks at nothing, as it could tell nothing of it", async () => {
  assert.equal(await OPEN.identify(showing({ authorization: "Bearer <token>" })), NOBODY);
  OPEN.admit(NOBODY, "/");
});

Deno.test("challengeOf() has words for every 401", () => {
  assert.equal(challengeOf(undefined), 'Bearer realm="hector"');
  assert.match(challengeOf(new RefusedCredential("x", "invalid_token")), /invalid_token/);
});
