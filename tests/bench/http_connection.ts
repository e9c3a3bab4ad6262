const HEADER_END = new TextEncoder().encode("\r\n\r\n");
const CHUNKS_END = new TextEncoder().encode("0\r\n\r\n");

/** How one exchange went: status, when the first body byte came, and the body if it was asked for. */
export interface Exchange {
  readonly status: number;
  readonly firstByteMs: number;
  readonly body: string;
}

/**
 * A keep-alive HTTP/1.1 connection that sends ready-made bytes and reads one answer: the cheapest client there is, so
 * that a load generator on the same two cores leaves them to the server.
 */
export class HttpConnection {
  #socket: Deno.TcpConn | undefined;
  #buffer = new Uint8Array(64 * 1024);

  constructor(readonly port: number) {}

  async exchange(request: Uint8Array, keepBody = false): Promise<Exchange> {
    const socket = this.#socket ??= await Deno.connect({ hostname: "127.0.0.1", port: this.port });
    socket.setNoDelay(true);
    for (let rest = request; rest.length > 0;) rest = rest.subarray(await socket.write(rest));
    let size = 0;
    let head: { end: number; length: number | undefined; status: number } | undefined;
    let firstByteMs = 0;
    for (;;) {
      if (size === this.#buffer.length) this.#grow();
      const count = await socket.read(this.#buffer.subarray(size));
      if (count === null) throw new Error("The server closed the connection");
      size += count;
      head ??= readHead(this.#buffer.subarray(0, size));
      if (head === undefined) continue;
      if (firstByteMs === 0 && size > head.end) firstByteMs = performance.now();
      const done = head.length === undefined
        ? endsWith(this.#buffer.subarray(head.end, size), CHUNKS_END)
        : size >= head.end + head.length;
      if (!done) continue;
      const body = keepBody ? new TextDecoder().decode(this.#buffer.subarray(head.end, size)) : "";
      return { status: head.status, firstByteMs, body };
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

function readHead(bytes: Uint8Array): { end: number; length: number | undefined; status: number } | undefined {
  const at = indexOf(bytes, HEADER_END);
  if (at < 0) return undefined;
  const text = new TextDecoder().decode(bytes.subarray(0, at));
  const length = /\r\ncontent-length: (\d+)/i.exec(text)?.[1];
  return { end: at + 4, length: length === undefined ? undefined : Number(length), status: Number(text.slice(9, 12)) };
}

function indexOf(bytes: Uint8Array, wanted: Uint8Array): number {
  for (let at = 0; at + wanted.length <= bytes.length; at++) {
    if (wanted.every((byte, offset) => bytes[at + offset] === byte)) return at;
  }
  return -1;
}

function endsWith(bytes: Uint8Array, wanted: Uint8Array): boolean {
  return bytes.length >= wanted.length &&
    wanted.every((byte, offset) => bytes[bytes.length - wanted.length + offset] === byte);
}

/** The bytes of a POST with a JSON body. */
export function post(path: string, body: unknown, headers: Record<string, string> = {}): Uint8Array {
  const payload = JSON.stringify(body);
  const lines = Object.entries({
    host: "127.0.0.1",
    "content-type": "application/json",
    "content-length": String(new TextEncoder().encode(payload).length),
    ...headers,
  }).map(([name, value]) => `${name}: ${value}\r\n`);
  return new TextEncoder().encode(`POST ${path} HTTP/1.1\r\n${lines.join("")}\r\n${payload}`);
}
