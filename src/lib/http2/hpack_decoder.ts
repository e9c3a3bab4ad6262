import { ConnectionError } from "./http2_error.ts";
import { huffmanDecode } from "./huffman.ts";
import { type HeaderField, STATIC_TABLE } from "./static_table.ts";

/** RFC 7541 §4.1: what an entry costs beside its octets. */
const ENTRY_OVERHEAD = 32;

export function fieldSize([name, value]: HeaderField): number {
  return name.length + value.length + ENTRY_OVERHEAD;
}

export interface HpackLimits {
  /** The SETTINGS_HEADER_TABLE_SIZE that the peer was told. */
  readonly maxTableBytes: number;
  /** Size of one list of fields (RFC 9113 §6.5.2), beyond which fields are decoded but not kept. */
  readonly maxListBytes: number;
}

export interface DecodedHeaders {
  readonly fields: readonly HeaderField[];
  /** The list was larger than allowed, and `fields` is only its beginning. */
  readonly tooLarge: boolean;
}

/** Decodes the header blocks of one connection, in order (RFC 7541). */
export class HpackDecoder {
  readonly #limits: HpackLimits;
  /** The newest entry is the last. */
  readonly #entries: HeaderField[] = [];
  #tableBytes = 0;
  #maxTableBytes: number;
  #block = new Uint8Array(0);
  #at = 0;

  constructor(limits: HpackLimits) {
    this.#limits = limits;
    this.#maxTableBytes = limits.maxTableBytes;
  }

  /** Throws ConnectionError COMPRESSION_ERROR: the table of the two sides may differ from then on. */
  decode(block: Uint8Array<ArrayBuffer>): DecodedHeaders {
    this.#block = block;
    this.#at = 0;
    const fields: HeaderField[] = [];
    let listBytes = 0;
    while (this.#at < block.length) {
      const field = this.#field();
      if (field === undefined) {
        // RFC 7541 §4.2: at the beginning of a block only.
        if (listBytes > 0) throw broken("the table's size changes within a block");
        continue;
      }
      listBytes += fieldSize(field);
      if (listBytes <= this.#limits.maxListBytes) fields.push(field);
    }
    return { fields, tooLarge: listBytes > this.#limits.maxListBytes };
  }

  /** One representation (RFC 7541 §6); undefined for a change of the table's size. */
  #field(): HeaderField | undefined {
    const first = this.#block[this.#at] ?? 0;
    if ((first & 0x80) !== 0) return this.#entry(this.#integer(7));
    if ((first & 0x40) !== 0) {
      const field = this.#literal(6);
      this.#add(field);
      return field;
    }
    if ((first & 0x20) !== 0) {
      this.#resize(this.#integer(5));
      return undefined;
    }
    return this.#literal(4);
  }

  #literal(prefixBits: number): HeaderField {
    const index = this.#integer(prefixBits);
    const name = index === 0 ? this.#text() : this.#entry(index)[0];
    return [name, this.#text()];
  }

  #entry(index: number): HeaderField {
    const field = index <= STATIC_TABLE.length
      ? STATIC_TABLE[index - 1]
      : this.#entries[this.#entries.length - (index - STATIC_TABLE.length)];
    if (field === undefined) throw broken(`there is no entry ${index}`);
    return field;
  }

  #add(field: HeaderField): void {
    this.#evict(this.#maxTableBytes - fieldSize(field));
    // RFC 7541 §4.4: an entry larger than the table empties it and is no error.
    if (fieldSize(field) > this.#maxTableBytes) return;
    this.#entries.push(field);
    this.#tableBytes += fieldSize(field);
  }

  #resize(bytes: number): void {
    if (bytes > this.#limits.maxTableBytes) throw broken(`a table of ${bytes} bytes is larger than allowed`);
    this.#maxTableBytes = bytes;
    this.#evict(bytes);
  }

  #evict(downTo: number): void {
    while (this.#tableBytes > downTo) {
      const oldest = this.#entries.shift();
      if (oldest === undefined) return;
      this.#tableBytes -= fieldSize(oldest);
    }
  }

  /** RFC 7541 §5.1. */
  #integer(prefixBits: number): number {
    const mask = (1 << prefixBits) - 1;
    let value = this.#octet() & mask;
    if (value < mask) return value;
    // Four more octets hold 28 bits: more than any size or index here is, less than what a bit operation breaks.
    for (let shift = 0; shift <= 21; shift += 7) {
      const octet = this.#octet();
      value += (octet & 0x7f) << shift;
      if ((octet & 0x80) === 0) return value;
    }
    throw broken("an integer is too long");
  }

  /** RFC 7541 §5.2. */
  #text(): string {
    const huffman = ((this.#block[this.#at] ?? 0) & 0x80) !== 0;
    const length = this.#integer(7);
    const end = this.#at + length;
    if (end > this.#block.length) throw broken("a string is cut off");
    const bytes = this.#block.subarray(this.#at, end);
    this.#at = end;
    return huffman ? huffmanDecode(bytes) : latin1(bytes);
  }

  #octet(): number {
    const octet = this.#block[this.#at++];
    if (octet === undefined) throw broken("it is cut off");
    return octet;
  }
}

function latin1(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}

function broken(what: string): ConnectionError {
  return new ConnectionError("COMPRESSION_ERROR", `Cannot decode a header block: ${what}`);
}
