export interface IdSource {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Fills the bytes with randomness, e.g. `crypto.getRandomValues`. */
  readonly random: (bytes: Uint8Array<ArrayBuffer>) => void;
}

const COUNTER_BITS = 12;
const COUNTER_END = 1 << COUNTER_BITS;
const RANDOM_BYTES = 10;
/** One request for randomness serves this many ids. */
const POOLED_IDS = 64;

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

/**
 * Makes UUIDs of version 7 (RFC 9562 §5.7) that rise strictly, also within a millisecond and when the clock goes back:
 * `rand_a` counts from a random start (§6.2 method 1), and when it is used up the time is taken one millisecond ahead.
 */
export function createIds({ now, random }: IdSource): () => string {
  const pool = new Uint8Array(POOLED_IDS * RANDOM_BYTES);
  let used = pool.length;
  let lastMs = -1;
  let counter = 0;

  return () => {
    if (used === pool.length) {
      random(pool);
      used = 0;
    }
    const byte = (at: number) => pool[used + at] ?? 0;
    const nowMs = now();
    if (nowMs > lastMs) {
      lastMs = nowMs;
      // The highest bit starts at 0, so at least 2,048 ids fit into a millisecond.
      counter = (byte(0) << 8 | byte(1)) & (COUNTER_END / 2 - 1);
    } else if (++counter === COUNTER_END) {
      lastMs++;
      counter = 0;
    }
    const time = lastMs.toString(16).padStart(12, "0");
    const variant = HEX[0x80 | byte(2) & 0x3f];
    let tail = "";
    for (let at = 4; at < RANDOM_BYTES; at++) tail += HEX[byte(at)];
    const id = `${time.slice(0, 8)}-${time.slice(8)}-7${counter.toString(16).padStart(3, "0")}-` +
      `${variant}${HEX[byte(3)]}-${tail}`;
    used += RANDOM_BYTES;
    return id;
  };
}

/** When an id of version 7 was made, in milliseconds since 1970; undefined for any other. */
export function timeOfId(id: string): number | undefined {
  const [, high, low] = /^([0-9a-f]{8})-([0-9a-f]{4})-7[0-9a-f]{3}-/.exec(id) ?? [];
  return high === undefined || low === undefined ? undefined : parseInt(high + low, 16);
}
