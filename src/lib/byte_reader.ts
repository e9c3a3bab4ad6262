/** The peer broke its protocol, or ended in the middle of a message. */
export class WireError extends Error {
  override readonly name = "WireError";
}

/** Reads a stream of bytes in the pieces that a protocol is made of. */
export class ByteReader {
  readonly #source: ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>>;
  #buffer = new Uint8Array();

  constructor(source: ReadableStream<Uint8Array<ArrayBuffer>>) {
    this.#source = source.getReader();
  }

  /** What comes next, some of it, at most `maxBytes`; undefined at the end. */
  async some(maxBytes: number): Promise<Uint8Array<ArrayBuffer> | undefined> {
    if (this.#buffer.length === 0 && !await this.#more()) return undefined;
    const taken = this.#buffer.subarray(0, maxBytes);
    this.#buffer = this.#buffer.subarray(taken.length);
    return taken;
  }

  /** A line without its end (CR LF, or LF alone: RFC 9112 §2.2), of at most `maxBytes` bytes, one character each. */
  async line(maxBytes: number): Promise<string> {
    for (let from = 0;;) {
      const end = this.#buffer.indexOf(LF, from);
      if (end > maxBytes || end < 0 && this.#buffer.length > maxBytes) throw new WireError("A line is too long");
      if (end >= 0) {
        const line = this.#buffer.subarray(0, end);
        this.#buffer = this.#buffer.subarray(end + 1);
        return latin1(line).replace(/\r$/, "");
      }
      from = this.#buffer.length;
      if (!await this.#more()) throw new WireError("The connection ended in the middle of a message");
    }
  }

  async #more(): Promise<boolean> {
    const { done, value } = await this.#source.read();
    if (done) return false;
    const joined = new Uint8Array(this.#buffer.length + value.length);
    joined.set(this.#buffer);
    joined.set(value, this.#buffer.length);
    this.#buffer = joined;
    return true;
  }
}

const LF = 10;

function latin1(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}
