type Crypto = typeof import("node:crypto");

let crypto: Crypto | undefined;

/**
 * SHA-256 (FIPS 180-4) of a text's UTF-8. node:crypto is loaded with the first call: it takes 10 ms, and a server has 100
 * to be ready.
 */
export function sha256(text: string, encoding: "hex" | "base64url"): string {
  crypto ??= globalThis.process.getBuiltinModule("node:crypto");
  return crypto.createHash("sha256").update(text).digest(encoding);
}
