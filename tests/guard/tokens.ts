import { exportJWK, generateKeyPair, type JWK, type JWTPayload, SignJWT } from "jose";
import { Secret } from "../../src/lib/secret.ts";
import { fixedKeys, type KeySource } from "../../src/guard/key_set.ts";
import { type JwtOptions, jwtVerifier, type VerifyJwt } from "../../src/guard/jwt.ts";
import type { JwkSet } from "../../src/lib/jwk_set.ts";

/** The time of all tests, in milliseconds and in seconds. */
export const NOW_MS = Date.parse("2026-01-01T00:00:00Z");
export const NOW = NOW_MS / 1000;
export const ISSUER = "https://auth.example";
export const AUDIENCE = "hector-api";
export const SECRET = "a secret of thirty-two bytes or more";

/** A key pair of an issuer, under a name. */
export interface TestKey {
  readonly alg: string;
  readonly kid: string;
  readonly privateKey: CryptoKey;
  readonly jwk: JWK & { readonly kty: string };
}

export async function testKey(alg: string, kid: string, jwk: Partial<JWK> = {}): Promise<TestKey> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  const exported = await exportJWK(publicKey);
  return { alg, kid, privateKey, jwk: { ...exported, kty: exported.kty ?? "", alg, kid, use: "sig", ...jwk } };
}

export const EC = await testKey("ES256", "ec-1");
export const RSA = await testKey("RS256", "rsa-1");
export const STRANGER = await testKey("ES256", "ec-1");

export function jwks(...keys: readonly TestKey[]): JwkSet {
  return { keys: keys.map(({ jwk }) => jwk) };
}

/** What a good token says. */
export const CLAIMS: JWTPayload = {
  iss: ISSUER,
  aud: AUDIENCE,
  sub: "alice",
  tenant_id: "acme",
  roles: ["admin"],
  iat: NOW,
  exp: NOW + 300,
};

/** A token by a key, with a header and claims beside (or, as undefined, instead of) those of a good one. */
export async function token(
  key: TestKey | string,
  claims: JWTPayload = {},
  header: Readonly<Record<string, unknown>> = {},
): Promise<string> {
  const own = typeof key === "string" ? { alg: "HS256" } : { alg: key.alg, kid: key.kid };
  return await new SignJWT({ ...CLAIMS, ...claims })
    .setProtectedHeader({ ...own, ...header })
    .sign(typeof key === "string" ? new TextEncoder().encode(key) : key.privateKey);
}

export function verifier(options: Partial<JwtOptions> = {}): VerifyJwt {
  return jwtVerifier({
    keys: fixedKeys(jwks(EC, RSA)),
    issuer: ISSUER,
    audiences: [AUDIENCE],
    clockSkewSeconds: 30,
    requiredClaims: new Map(),
    claims: { subject: "sub", tenant: "tenant_id", roles: ["roles", "role"] },
    defaultTenant: "default",
    now: () => NOW_MS,
    ...options,
  });
}

export const TEST_SECRET = new Secret(SECRET);

/** Keys that change, and how often they were asked for anew. */
export function changingKeys(...sets: readonly JwkSet[]): KeySource & { renewals: number } {
  const sources = sets.map(fixedKeys);
  let at = 0;
  const source = {
    renewals: 0,
    current: () => (sources[at] ?? sources[0] ?? fixedKeys({ keys: [] })).current(),
    renewed: async () => {
      source.renewals++;
      if (at + 1 >= sources.length) return undefined;
      at++;
      return await sources[at]?.current();
    },
  };
  return source;
}

export function base64url(value: unknown): string {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return new TextEncoder().encode(text).toBase64({ alphabet: "base64url", omitPadding: true });
}
