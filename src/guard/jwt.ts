import type { errors, JWTPayload, JWTVerifyGetKey, JWTVerifyResult } from "jose";
import type { Secret } from "../lib/secret.ts";
import { callerOf, checkRequired, type ClaimNames, type RequiredClaims } from "./claims.ts";
import type { Identity } from "./identity.ts";
import type { KeySet, KeySource } from "./key_set.ts";
import { RefusedCredential } from "./refused_credential.ts";

/** RFC 7518 §3.1 and RFC 9864: `none` is not among them. HMAC goes by a secret, all others by public keys. */
export const SECRET_ALGORITHMS = ["HS256", "HS384", "HS512"] as const;
export const KEY_ALGORITHMS = [
  "RS256",
  "RS384",
  "RS512",
  "PS256",
  "PS384",
  "PS512",
  "ES256",
  "ES384",
  "ES512",
  "EdDSA",
  "Ed25519",
] as const;
export type JwtAlgorithm = typeof SECRET_ALGORITHMS[number] | typeof KEY_ALGORITHMS[number];

type JOSEError = InstanceType<typeof errors.JOSEError>;

export interface JwtOptions {
  /** Public keys; absent where only a secret is shared. */
  readonly keys?: KeySource | undefined;
  readonly secret?: Secret | undefined;
  readonly issuer?: string | undefined;
  /** One of these has to be meant. */
  readonly audiences?: readonly string[] | undefined;
  /** Absent: all that the keys and the secret are good for. */
  readonly algorithms?: readonly JwtAlgorithm[] | undefined;
  readonly clockSkewSeconds: number;
  readonly requiredClaims: RequiredClaims;
  readonly claims: ClaimNames;
  readonly defaultTenant: string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** Throws RefusedCredential, PERMISSION_DENIED, and UNAVAILABLE where keys cannot be had. */
export type VerifyJwt = (token: string) => Promise<Identity>;

/**
 * RFC 8725 §3.11: a token made for another use, such as a logout token, is no proof here. Providers that are older than
 * RFC 9068 call an access token a JWT.
 */
const TYPES: ReadonlySet<string> = new Set(["jwt", "at+jwt", "application/at+jwt"]);

/** Checks JSON Web Tokens (RFC 7519) as RFC 8725 wants them checked. The library is loaded by the first token. */
export function jwtVerifier(options: JwtOptions): VerifyJwt {
  const { claims: names, requiredClaims, clockSkewSeconds, defaultTenant, now } = options;
  return async (token) => {
    const claims = await verifiedClaims(token, options);
    const caller = callerOf(claims, names, defaultTenant);
    checkRequired(claims, requiredClaims);
    const { exp = 0 } = claims;
    return { caller, remainingMs: () => (exp + clockSkewSeconds) * 1000 - now() };
  };
}

async function verifiedClaims(token: string, options: JwtOptions): Promise<JWTPayload> {
  const { jwtVerify, errors } = await import("jose");
  const checks = verifyOptions(options);
  const verify = async (getKey: JWTVerifyGetKey) => checkedType(await jwtVerify(token, getKey, checks));
  const verifyIn = async (look: LookUp) => {
    try {
      return await verify(keyFinder(options, look));
    } catch (thrown) {
      if (thrown instanceof errors.JWKSMultipleMatchingKeys) return await verifyByAnyOf(thrown, verify);
      throw thrown;
    }
  };
  let tried: KeySet | undefined;
  try {
    return await verifyIn(async (source) => tried = await source.current()).catch(async (thrown) => {
      if (!(thrown instanceof errors.JWKSNoMatchingKey) || tried === undefined) throw thrown;
      const renewed = await options.keys?.renewed(tried);
      if (renewed === undefined) throw thrown;
      return await verifyIn(() => Promise.resolve(renewed));
    });
  } catch (thrown) {
    throw thrown instanceof errors.JOSEError ? refused(thrown) : thrown;
  }
}

type LookUp = (source: KeySource) => Promise<KeySet>;

/** A secret answers for HMAC alone, public keys for all else: no token can have one taken for the other (RFC 8725 §3.1). */
function keyFinder({ keys, secret }: JwtOptions, look: LookUp): JWTVerifyGetKey {
  return async (header, token) => {
    if (isSecretAlgorithm(header.alg) && secret !== undefined) return new TextEncoder().encode(secret.reveal());
    if (keys === undefined) throw new TypeError(`"${header.alg}" passed the list of algorithms, but there is no key`);
    return (await look(keys))(header, token);
  };
}

/** The token does not say with which key it was signed: it may be any that fits. */
async function verifyByAnyOf(
  candidates: AsyncIterable<CryptoKey>,
  verify: (getKey: JWTVerifyGetKey) => Promise<JWTPayload>,
): Promise<JWTPayload> {
  const { errors } = await import("jose");
  for await (const key of candidates) {
    try {
      return await verify(() => Promise.resolve(key));
    } catch (thrown) {
      if (!(thrown instanceof errors.JWSSignatureVerificationFailed)) throw thrown;
    }
  }
  throw new errors.JWSSignatureVerificationFailed();
}

function checkedType({ payload, protectedHeader: { typ } }: JWTVerifyResult): JWTPayload {
  if (typ === undefined || TYPES.has(typ.toLowerCase())) return payload;
  throw new RefusedCredential("The token is of another type", "invalid_token");
}

function verifyOptions({ keys, secret, issuer, audiences, algorithms, clockSkewSeconds, now }: JwtOptions) {
  const usable = [...secret === undefined ? [] : SECRET_ALGORITHMS, ...keys === undefined ? [] : KEY_ALGORITHMS];
  return {
    algorithms: usable.filter((one) => algorithms?.includes(one) ?? true),
    // RFC 8725 §3.10: a token without an end would be good for ever.
    requiredClaims: ["exp"],
    clockTolerance: clockSkewSeconds,
    currentDate: new Date(now()),
    ...(issuer === undefined ? {} : { issuer }),
    ...(audiences === undefined ? {} : { audience: [...audiences] }),
  };
}

function isSecretAlgorithm(alg: string): boolean {
  return SECRET_ALGORITHMS.some((one) => one === alg);
}

/** Which claim is wrong is told only of tokens whose signature is right: the library looks at that first. */
function refused(error: JOSEError): RefusedCredential {
  return new RefusedCredential(sayWhy(error), "invalid_token", { cause: error });
}

function sayWhy(error: JOSEError): string {
  switch (error.code) {
    case "ERR_JWT_EXPIRED":
      return "The token has expired";
    case "ERR_JWT_CLAIM_VALIDATION_FAILED":
      return `The token's claim "${"claim" in error ? error.claim : ""}" does not fit`;
    case "ERR_JWKS_NO_MATCHING_KEY":
      return "The token was signed with a key that is not known";
    case "ERR_JOSE_ALG_NOT_ALLOWED":
      return "The token is signed in a way that is not taken here";
    default:
      return "The token is not valid";
  }
}
