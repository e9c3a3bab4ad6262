import type { LocalJWKSet } from "jose";
import type { JwkSet } from "../lib/jwk_set.ts";

/** Public keys by which tokens are checked, as they are at one time. */
export type KeySet = LocalJWKSet;

/** Where public keys come from. */
export interface KeySource {
  /** The keys that count now. Throws A2AError UNAVAILABLE if they cannot be had. */
  current(): Promise<KeySet>;
  /**
   * For a token whose key is not among `tried`: the keys as they are if one looks again; undefined if there are no others.
   * Throws A2AError UNAVAILABLE if that cannot be known.
   */
  renewed(tried: KeySet): Promise<KeySet | undefined>;
}

/** Throws an Error for what is no JWK Set (RFC 7517 §5). */
export async function readKeySet(jwks: JwkSet): Promise<KeySet> {
  const { createLocalJWKSet } = await import("jose");
  return createLocalJWKSet(jwks);
}

/** Keys that the configuration holds. */
export function fixedKeys(jwks: JwkSet): KeySource {
  let read: Promise<KeySet> | undefined;
  return { current: () => read ??= readKeySet(jwks), renewed: () => Promise.resolve(undefined) };
}
