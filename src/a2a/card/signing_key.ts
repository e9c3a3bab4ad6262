import { isRecord } from "../../lib/json.ts";
import { canonicalJson } from "../../lib/jcs.ts";
import { sha256 } from "../../lib/sha256.ts";

/** A public key as JSON (RFC 7517). */
export type PublicJwk = Readonly<Record<string, string>>;

/** A set of public keys (RFC 7517 §5). */
export interface Jwks {
  readonly keys: readonly PublicJwk[];
}

/** A key that signs cards. */
export interface SigningKey {
  readonly kid: string;
  /** RFC 7518 §3.1, RFC 8037 §3.1. */
  readonly alg: string;
  /** With its private members: leaves this process by no way. */
  readonly privateJwk: Readonly<Record<string, string>>;
  /** What others verify with. */
  readonly publicJwk: PublicJwk;
}

export interface SigningKeySource {
  /** PEM (PKCS #8, or as openssl writes EC and RSA keys by themselves) or a JWK as JSON. */
  readonly text: string;
  /** Default: the key's thumbprint (RFC 7638). */
  readonly kid?: string | undefined;
  /** Default: what goes with the kind of key. */
  readonly alg?: string | undefined;
}

/** The kinds of keys, by curve or type: the members of the public key (RFC 7638 §3.2), and algorithms, the default first. */
const KINDS: ReadonlyMap<string, { readonly members: readonly string[]; readonly algorithms: readonly string[] }> =
  new Map([
    ["P-256", { members: ["crv", "kty", "x", "y"], algorithms: ["ES256"] }],
    ["P-384", { members: ["crv", "kty", "x", "y"], algorithms: ["ES384"] }],
    ["Ed25519", { members: ["crv", "kty", "x"], algorithms: ["EdDSA"] }],
    ["RSA", { members: ["e", "kty", "n"], algorithms: ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"] }],
  ]);

/** RFC 7518 §3.3. */
const MIN_RSA_BITS = 2048;

/** Reads a private key. Throws TypeError with a sentence that tells nothing of the key. */
export function readSigningKey({ text, kid, alg }: SigningKeySource): SigningKey {
  const privateJwk = toJwk(text);
  const name = privateJwk.crv ?? privateJwk.kty ?? "";
  const kind = KINDS.get(name);
  if (kind === undefined) {
    throw new TypeError(`Cannot sign with a key of kind "${name}": expected one of ${[...KINDS.keys()].join(", ")}`);
  }
  const { members, algorithms } = kind;
  const bits = base64UrlBits(privateJwk.n ?? "");
  if (name === "RSA" && bits < MIN_RSA_BITS) {
    throw new TypeError(`Cannot sign with an RSA key of ${bits} bits: expected at least ${MIN_RSA_BITS}`);
  }
  const chosen = alg ?? algorithms[0] ?? "";
  if (!algorithms.includes(chosen)) {
    throw new TypeError(`Cannot sign with ${chosen} and a key of kind "${name}": it takes ${algorithms.join(", ")}`);
  }
  const bare = Object.fromEntries(members.map((member) => [member, privateJwk[member] ?? ""]));
  const id = kid ?? sha256(canonicalJson(bare), "base64url");
  return { kid: id, alg: chosen, privateJwk, publicJwk: { ...bare, kid: id, alg: chosen, use: "sig" } };
}

/** Whatever its form, as JWK; node:crypto also reads the forms that WebCrypto does not. */
function toJwk(text: string): Readonly<Record<string, string>> {
  const { createPrivateKey } = globalThis.process.getBuiltinModule("node:crypto");
  try {
    const jwk = text.trimStart().startsWith("{") ? jwkOf(text) : undefined;
    const key = jwk === undefined ? createPrivateKey(text) : createPrivateKey({ key: jwk, format: "jwk" });
    const exported: unknown = key.export({ format: "jwk" });
    return textMembers(exported);
  } catch (cause) {
    throw new TypeError("Cannot read the signing key: expected an unencrypted private key as PEM or JWK", { cause });
  }
}

function jwkOf(text: string): Record<string, string> {
  const parsed: unknown = JSON.parse(text);
  return textMembers(parsed);
}

function textMembers(value: unknown): Record<string, string> {
  const members = isRecord(value) ? Object.entries(value) : [];
  return Object.fromEntries(members.flatMap(([name, member]) => typeof member === "string" ? [[name, member]] : []));
}

function base64UrlBits(text: string): number {
  return Math.floor(text.length * 6 / 8) * 8;
}
