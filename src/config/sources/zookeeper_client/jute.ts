/** The peer broke the protocol. */
export class JuteError extends Error {
  override readonly name = "JuteError";
}

/** Writes ZooKeeper's record format: big endian, lengths before contents. */
export class JuteWriter {
  #bytes = new Uint8Array(256);
  #size = 0;

  int(value: number): this {
    this.#view(4).setInt32(0, value);
    return this;
  }

  long(value: bigint): this {
    this.#view(8).setBigInt64(0, value);
    return this;
  }

  bool(value: boolean): this {
    this.#view(1).setUint8(0, value ? 1 : 0);
    return this;
  }

  buffer(value: Uint8Array): this {
    this.int(value.length);
    const at = this.#size;
    this.#view(value.length);
    this.#bytes.set(value, at);
    return this;
  }

  text(value: string): this {
    return this.buffer(new TextEncoder().encode(value));
  }

  /** What was written, behind its length. */
  frame(): Uint8Array<ArrayBuffer> {
    const frame = new Uint8Array(4 + this.#size);
    new DataView(frame.buffer).setInt32(0, this.#size);
    frame.set(this.#bytes.subarray(0, this.#size), 4);
    return frame;
  }

  #view(size: number): DataView {
    const at = this.#size;
    this.#size += size;
    if (this.#size > this.#bytes.length) {
      const larger = new Uint8Array(this.#size * 2);
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    return new DataView(this.#bytes.buffer, at, size);
  }
}

/** Reads one frame. Throws JuteError beyond its end. */
export class JuteReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  int(): number {
    return this.#view(4).getInt32(0);
  }

  long(): bigint {
    return this.#view(8).getBigInt64(0);
  }

  /** No buffer at all (a length of -1) counts as an empty one. */
  buffer(): Uint8Array {
    const size = Math.max(0, this.int());
    const { byteOffset } = this.#view(size);
    const start = byteOffset - this.#bytes.byteOffset;
    return this.#bytes.slice(start, start + size);
  }

  text(): string {
    return new TextDecoder().decode(this.buffer());
  }

  #view(size: number): DataView {
    if (this.#at + size > this.#bytes.length) throw new JuteError("A message ends before its contents");
    const view = new DataView(this.#bytes.buffer, this.#bytes.byteOffset + this.#at, size);
    this.#at += size;
    return view;
  }
}
