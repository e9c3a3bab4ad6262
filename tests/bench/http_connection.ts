const HEADER_END = new TextEncoder().encode("\r\n\r\n");
const CHUNKS_END = new TextEncoder().encode("0\r\n\r\n");

/** How one exchange went. */
export interface Exchange {
  readonly status: number;
  /** When `expect` had come, by performance.now(); undefined if it never did. */
  readonly expectedAt: number | undefined;
  /** Valid until the connection's next exchange. */
  readonly body: Uint8Array;
}

interface Head {
  readonly end: number;
  /** Absent: the body comes in chunks. */
  readonly length: number | undefined;
  readonly status: number;
}

/**
 * A keep-alive HTTP/1.1 connection that sends ready-made bytes and reads one answer: the cheapest client there is, so
 * that a load generator on the same two cores leaves them to the server.
 */
export class HttpConnection {
  #socket: Deno.TcpConn | undefined;
  #buffer = new Uint8Array(64 * 1024);

  constructor(readonly port: number) {}

  /** Throws when the server cannot be reached or closes in the middle. */
  async exchange(request: Uint8Array, expect?: Uint8Array): Promise<Exchange> {
    const socket = this.#socket ??= await open(this.port);
    for (let rest = request; rest.length > 0;) rest = rest.subarray(await socket.write(rest));
    let size = 0;
    let head: Head | undefined;
    let expectedAt: number | undefined;
    for (;;) {
      if (size === this.#buffer.length) this.#grow();
      const count = await socket.read(this.#buffer.subarray(size));
      if (count === null) throw new Error("The server closed the connection");
      size += count;
      head ??= readHead(this.#buffer.subarray(0, size));
      if (head === undefined) continue;
      const body = this.#buffer.subarray(head.end, size);
      if (expect !== undefined && expectedAt === undefined && indexOf(body, expect) >= 0) {
        expectedAt = performance.now();
      }
      const done = head.length === undefined ? endsWith(body, CHUNKS_END) : body.length >= head.length;
      if (done) return { status: head.status, expectedAt, body };
    }
  }

  close(): void {
    this.#socket?.close();
    this.#socket = undefined;
  }

  #grow(): void {
    const larger = new Uint8Array(this.#buffer.length * 2);
    larger.set(this.#buffer);
    this.#buffer = larger;
  }
}

async function open(port: number): Promise<Deno.TcpConn> {
  const socket = await Deno.connect({ hostname: "127.0.0.1", port });
  socket.setNoDelay(true);
  return socket;
}

function readHead(bytes: Uint8Array): Head | undefined {
  const at = indexOf(bytes, HEADER_END);
  if (at < 0) return undefined;
  const text = new TextDecoder().decode(bytes.subarray(0, at));
  const length = /\r\ncontent-length: (\d+)/i.exec(text)?.[1];
  return { end: at + 4, length: length === undefined ? undefined : Number(length), status: Number(text.slice(9, 12)) };
}

/** Where `wanted` begins in `bytes`; -1 if it does not stand there. */
export function indexOf(bytes: Uint8Array, wanted: Uint8Array, from = 0): number {
  const [first = 0] = wanted;
  for (let at = bytes.indexOf(first, from); at >= 0; at = bytes.indexOf(first, at + 1)) {
    if (wanted.every((byte, offset) => bytes[at + offset] === byte)) return at;
  }
  return -1;
}

function endsWith(bytes: Uint8Array, wanted: Uint8Array): boolean {
  return bytes.length >= wanted.length &&
    wanted.every((byte, offset) => bytes[bytes.length - wanted.length + offset] === byte);
}
