import { type HeaderField, STATIC_TABLE } from "./static_table.ts";

/** Never in any table on the way, so that nobody can guess them bit by bit (RFC 7541 §7.1.3). */
const SENSITIVE: ReadonlySet<string> = new Set(["authorization", "cookie", "proxy-authorization", "set-cookie"]);
/** Values that come again and again are short. */
const MAX_CACHED_LENGTH = 64;
const MAX_CACHED_FIELDS = 256;
const DEFAULT_TABLE_BYTES = 4096;

const FIELDS = new Map<string, number>();
const NAMES = new Map<string, number>();
for (const [at, [name, value]] of STATIC_TABLE.entries()) {
  FIELDS.set(`${name}\0${value}`, at + 1);
  if (!NAMES.has(name)) NAMES.set(name, at + 1);
}

/**
 * Encodes header blocks with the static table and literals (RFC 7541). It keeps no dynamic table: what hector sends is a
 * handful of short fields, and a table would bind every block to the ones before it.
 */
export class HpackEncoder {
  readonly #cache = new Map<string, readonly number[]>();
  #tableBytes = DEFAULT_TABLE_BYTES;
  #mustSayEmpty = false;

  /** The peer's SETTINGS_HEADER_TABLE_SIZE. A table that got smaller has to be acknowledged (RFC 7541 §4.2). */
  setMaxTableBytes(bytes: number): void {
    if (bytes >= this.#tableBytes) return;
    this.#tableBytes = 0;
    this.#mustSayEmpty = true;
  }

  encode(fields: readonly HeaderField[]): Uint8Array<ArrayBuffer> {
    const block: number[] = [];
    if (this.#mustSayEmpty) block.push(0x20);
    this.#mustSayEmpty = false;
    for (const field of fields) {
      for (const octet of this.#encoded(field)) block.push(octet);
    }
    return Uint8Array.from(block);
  }

  #encoded(field: HeaderField): readonly number[] {
    const [name, value] = field;
    if (SENSITIVE.has(name) || value.length > MAX_CACHED_LENGTH) return encodeField(field);
    const key = `${name}\0${value}`;
    const known = this.#cache.get(key);
    if (known !== undefined) return known;
    const encoded = encodeField(field);
    if (this.#cache.size < MAX_CACHED_FIELDS) this.#cache.set(key, encoded);
    return encoded;
  }
}

function encodeField([name, value]: HeaderField): number[] {
  const octets: number[] = [];
  const whole = FIELDS.get(`${name}\0${value}`);
  if (whole !== undefined && !SENSITIVE.has(name)) {
    pushInteger(octets, whole, { first: 0x80, bits: 7 });
    return octets;
  }
  const index = NAMES.get(name) ?? 0;
  pushInteger(octets, index, { first: SENSITIVE.has(name) ? 0x10 : 0x00, bits: 4 });
  if (index === 0) pushText(octets, name);
  pushText(octets, value);
  return octets;
}

/** RFC 7541 §5.1. */
function pushInteger(octets: number[], value: number, { first, bits }: { first: number; bits: number }): void {
  const mask = (1 << bits) - 1;
  if (value < mask) {
    octets.push(first | value);
    return;
  }
  octets.push(first | mask);
  let rest = value - mask;
  for (; rest > 0x7f; rest >>>= 7) octets.push((rest & 0x7f) | 0x80);
  octets.push(rest);
}

function pushText(octets: number[], text: string): void {
  pushInteger(octets, text.length, { first: 0x00, bits: 7 });
  for (let at = 0; at < text.length; at++) octets.push(text.charCodeAt(at) & 0xff);
}
