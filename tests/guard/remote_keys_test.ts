import assert from "node:assert/strict";
import { SILENT } from "../../src/lib/log.ts";
import type { JwkSet } from "../../src/lib/jwk_set.ts";
import { COOLDOWN_MS, RemoteKeys, STALE_IF_ERROR_MS } from "../../src/guard/remote_keys.ts";
import { EC, jwks, RSA, testKey, token, verifier } from "./tokens.ts";

const REFRESH_MS = 900_000;

/** A provider whose keys and health a test changes, and the clock. */
function provider(first: JwkSet) {
  const state = { jwks: first, isDown: false, nowMs: 0, fetches: 0, warnings: 0 };
  const keys = new RemoteKeys({
    fetchKeys: () => {
      state.fetches++;
      return state.isDown ? Promise.reject(new TypeError("connection refused")) : Promise.resolve(state.jwks);
    },
    refreshMs: REFRESH_MS,
    now: () => state.nowMs,
    log: { ...SILENT, warn: () => void state.warnings++ },
  });
  return { state, verify: verifier({ keys }) };
}

Deno.test("RemoteKeys asks once for all the tokens that come before the answer, and not again", async () => {
  const { state, verify } = provider(jwks(EC, RSA));
  assert.equal(state.fetches, 0);
  await Promise.all([EC, RSA, EC, RSA].map(async (key) => await verify(await token(key))));
  state.nowMs += REFRESH_MS - 1;
  await verify(await token(EC));
  assert.equal(state.fetches, 1);
});

Deno.test("RemoteKeys drops a key that the provider has taken back, when the refresh is due", async () => {
  const { state, verify } = provider(jwks(EC, RSA));
  await verify(await token(EC));
  state.jwks = jwks(RSA);
  await verify(await token(EC));
  state.nowMs += REFRESH_MS;
  await assert.rejects(verify(await token(EC)), { reason: "UNAUTHENTICATED" });
  await verify(await token(RSA));
});

Deno.test("RemoteKeys takes a new key seconds after it is published", async () => {
  const { state, verify } = provider(jwks(EC));
  await verify(await token(EC));
  const fresh = await testKey("ES256", "fresh");
  state.jwks = jwks(EC, fresh);
  state.nowMs += COOLDOWN_MS;
  await verify(await token(fresh));
  assert.equal(state.fetches, 2);
});

Deno.test("RemoteKeys asks no more often than the cooldown lets it, however many unknown keys are named", async () => {
  const { state, verify } = provider(jwks(EC));
  await verify(await token(EC));
  state.nowMs += COOLDOWN_MS;
  for (let at = 0; at < 50; at++) {
    await assert.rejects(verify(await token(EC, {}, { kid: `unknown-${at}` })), { reason: "UNAUTHENTICATED" });
    state.nowMs += COOLDOWN_MS / 50;
  }
  assert.equal(state.fetches, 2);
  await verify(await token(EC));
});

Deno.test("RemoteKeys: one refetch serves all who wait for the same new key", async () => {
  const { state, verify } = provider(jwks(EC));
  await verify(await token(EC));
  const fresh = await testKey("ES256", "fresh");
  state.jwks = jwks(fresh);
  state.nowMs += COOLDOWN_MS;
  const tokens = await Promise.all([1, 2, 3].map(() => token(fresh)));
  await Promise.all(tokens.map(verify));
  assert.equal(state.fetches, 2);
});

Deno.test("RemoteKeys: a provider that is down from the start makes tokens 503, not 401, and is asked again", async () => {
  const { state, verify } = provider(jwks(EC));
  state.isDown = true;
  await assert.rejects(verify(await token(EC)), { reason: "UNAVAILABLE", retryAfterSeconds: COOLDOWN_MS / 1000 });
  await assert.rejects(verify(await token(EC)), { reason: "UNAVAILABLE" });
  assert.deepEqual([state.fetches, state.warnings], [1, 1]);
  state.isDown = false;
  state.nowMs += COOLDOWN_MS;
  await verify(await token(EC));
});

Deno.test("RemoteKeys: held keys outlast a provider that is down, for a day", async () => {
  const { state, verify } = provider(jwks(EC));
  await verify(await token(EC));
  state.isDown = true;
  state.nowMs += REFRESH_MS + STALE_IF_ERROR_MS - 1;
  await verify(await token(EC));
  state.nowMs += 1;
  await assert.rejects(verify(await token(EC)), { reason: "UNAVAILABLE" });
});

Deno.test("RemoteKeys: whether an unknown key is a new one cannot be known while the provider is down", async () => {
  const { state, verify } = provider(jwks(EC));
  await verify(await token(EC));
  state.isDown = true;
  state.nowMs += COOLDOWN_MS;
  await assert.rejects(verify(await token(EC, {}, { kid: "new" })), { reason: "UNAVAILABLE" });
  await verify(await token(EC));
});

Deno.test("RemoteKeys: the provider's failure is for the log, not for the caller", async () => {
  const { state, verify } = provider(jwks(EC));
  state.isDown = true;
  await assert.rejects(verify(await token(EC)), (thrown: Error) => {
    assert.doesNotMatch(thrown.message, /refused/);
    assert.match(String(thrown.cause), /refused/);
    return true;
  });
});
