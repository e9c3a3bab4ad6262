const FNV_OFFSET = 0xcbf29ce484222325n;
const FNV_PRIME = 0x100000001b3n;

/**
 * A weak ETag (RFC 9110 §8.8.3) of one form of a card: FNV-1a over its JSON. Weak, for whitespace does not count, and nor
 * do signatures, which most algorithms make anew each time; `keys` tells with which keys it is signed.
 */
export function cardETag(card: unknown, keys: readonly string[] = []): string {
  let hash = FNV_OFFSET;
  for (const byte of new TextEncoder().encode(JSON.stringify([card, keys]))) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * FNV_PRIME);
  }
  return `W/"${hash.toString(16).padStart(16, "0")}"`;
}
