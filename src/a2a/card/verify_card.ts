import { isRecord } from "../../lib/json.ts";
import { A2AError } from "../errors.ts";
import { exactPayload, type Payload, type PayloadName, protocolPayloads } from "./card_payloads.ts";
import { AgentCardSignature } from "./card_types.ts";
import type { Jwks } from "./signing_key.ts";

/** Which keys are trusted to sign. */
export type TrustedKeys =
  /** These. */
  | { readonly jwks: Jwks }
  /** Those that a signature says where to find, if `trusts` that place: who signs could name any. */
  | { readonly fetch: (jku: URL) => Promise<unknown>; readonly trusts: (jku: URL) => boolean };

export interface VerifiedCard {
  /** What the signature covers, and nothing else. */
  readonly card: Readonly<Record<string, unknown>>;
  readonly keyId: string;
  readonly algorithm: string;
  /** How the signer understood the rules of A2A v1 §8.4.1. */
  readonly payload: PayloadName;
}

/** Asymmetric ones alone: a shared secret proves nothing to a stranger, and `none` nothing to anybody. */
const ALGORITHMS = [
  "ES256",
  "ES384",
  "ES512",
  "EdDSA",
  "Ed25519",
  "RS256",
  "RS384",
  "RS512",
  "PS256",
  "PS384",
  "PS512",
];
/** Each costs a verification. */
const MAX_SIGNATURES = 10;

/**
 * Verifies the signatures of a card as it was received (A2A v1 §8.4.3): one that is good is enough.
 * Throws A2AError INVALID_AGENT_RESPONSE for a card that none of the trusted keys has signed.
 */
export async function verifyCard(received: unknown, keys: TrustedKeys): Promise<VerifiedCard> {
  const signatures = signaturesOf(received);
  if (!isRecord(received) || signatures.length === 0) throw untrusted("it is not signed");
  const payloads = [exactPayload(received), ...await protocolPayloads(received)];
  const reasons: unknown[] = [];
  for (const signature of signatures.slice(0, MAX_SIGNATURES)) {
    try {
      const verified = await verifyOne(signature, payloads, keys);
      if (verified !== undefined) return verified;
    } catch (thrown) {
      reasons.push(thrown);
    }
  }
  throw untrusted("none of its signatures is of a trusted key", new AggregateError(reasons));
}

function signaturesOf(received: unknown): AgentCardSignature[] {
  if (!isRecord(received) || !Array.isArray(received.signatures)) return [];
  return received.signatures.flatMap((signature) => {
    const parsed = AgentCardSignature.safeParse(signature);
    return parsed.success ? [parsed.data] : [];
  });
}

/** undefined: the key is trusted, but signed something else. */
async function verifyOne(
  { protected: header, signature }: AgentCardSignature,
  payloads: readonly Payload[],
  keys: TrustedKeys,
): Promise<VerifiedCard | undefined> {
  const { createLocalJWKSet, decodeProtectedHeader, errors, flattenedVerify } = await import("jose");
  const { kid, jku, alg } = decodeProtectedHeader({ protected: header });
  const jwks = await jwksOf(keys, jku);
  const find = createLocalJWKSet({ keys: jwks.keys.map((key) => ({ ...key })) });
  for (const { name, card, text } of payloads) {
    try {
      const payload = new TextEncoder().encode(text).toBase64({ alphabet: "base64url", omitPadding: true });
      const jws = { protected: header, signature, payload };
      await flattenedVerify(jws, find, { algorithms: ALGORITHMS });
      return { card, keyId: kid ?? "", algorithm: alg ?? "", payload: name };
    } catch (thrown) {
      if (!(thrown instanceof errors.JWSSignatureVerificationFailed)) throw thrown;
    }
  }
  return undefined;
}

async function jwksOf(keys: TrustedKeys, jku: string | undefined): Promise<Jwks> {
  if ("jwks" in keys) return keys.jwks;
  const url = jku === undefined ? null : URL.parse(jku);
  if (url === null || !keys.trusts(url)) throw untrusted("a signature names no place of keys that is trusted");
  return readJwks(await keys.fetch(url));
}

/** A key set as somebody else wrote it; members of keys that are no text are left out. Throws INVALID_AGENT_RESPONSE. */
export function readJwks(raw: unknown): Jwks {
  if (!isRecord(raw) || !Array.isArray(raw.keys)) throw untrusted("its keys are no JWK set");
  const keys = raw.keys.filter(isRecord).map((key) =>
    Object.fromEntries(
      Object.entries(key).flatMap(([name, value]): [string, string][] =>
        typeof value === "string" ? [[name, value]] : []
      ),
    )
  );
  return { keys };
}

function untrusted(why: string, cause?: unknown): A2AError {
  return new A2AError("INVALID_AGENT_RESPONSE", `Cannot trust the agent card: ${why}`, { cause });
}
