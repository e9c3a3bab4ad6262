import { sha256 } from "../../lib/sha256.ts";
import { exactPayload, type Payload, protocolPayloads } from "./card_payloads.ts";
import type { AgentCardSignature } from "./card_types.ts";
import type { Jwks, SigningKey } from "./signing_key.ts";

/** A card in one of the forms in which it goes out. */
export type WrittenCard = Readonly<Record<string, unknown>>;

/** Signs cards (A2A v1 §8.4). */
export interface CardSigner {
  /** The key that signs. */
  readonly keyId: string;
  /** The public parts of all keys: also of those that signed before, or will next. */
  readonly jwks: Jwks;
  /**
   * `form` with a signature over just that form, and one over each other way in which A2A lets verifiers read it
   * (card_payloads.ts): of a form that 1.0 does not know all members of, readers of 1.0 see only the rest. The keys are
   * published below `baseUrl` (no trailing slash), at JWKS_PATH.
   */
  sign(form: WrittenCard, baseUrl: string): Promise<Record<string, unknown>>;
}

export const JWKS_PATH = "/.well-known/jwks.json";

/** Signatures that are kept: agents, forms and payloads are few, and every answer needs one. */
const MAX_KEPT = 1000;

/** The first key signs; all are published. */
export function createCardSigner([first, ...others]: readonly [SigningKey, ...SigningKey[]]): CardSigner {
  const kept = new Map<string, Promise<AgentCardSignature>>();
  const signature = (text: string, jku: string): Promise<AgentCardSignature> => {
    const name = sha256(`${jku}\n${text}`, "base64url");
    const known = kept.get(name);
    if (known !== undefined) return known;
    const [oldest] = kept.keys();
    if (kept.size >= MAX_KEPT && oldest !== undefined) kept.delete(oldest);
    const made = signText(text, first, jku);
    kept.set(name, made);
    made.catch(() => kept.delete(name));
    return made;
  };
  return {
    keyId: first.kid,
    jwks: { keys: [first, ...others].map(({ publicJwk }) => publicJwk) },
    sign: async (form, baseUrl) => {
      const payloads = [exactPayload(form), ...await protocolPayloads(form)];
      const texts = new Set(payloads.map(({ text }: Payload) => text));
      const signatures = await Promise.all([...texts].map((text) => signature(text, `${baseUrl}${JWKS_PATH}`)));
      return { ...form, signatures };
    },
  };
}

/** A detached JWS (RFC 7515 appendix F): the reader makes the payload of the card. */
async function signText(text: string, { kid, alg, privateJwk }: SigningKey, jku: string): Promise<AgentCardSignature> {
  const { FlattenedSign, importJWK } = await import("jose");
  const key = await importJWK({ ...privateJwk }, alg);
  const jws = await new FlattenedSign(new TextEncoder().encode(text))
    .setProtectedHeader({ alg, typ: "JOSE", kid, jku })
    .sign(key);
  return { protected: jws.protected ?? "", signature: jws.signature };
}
