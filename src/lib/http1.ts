import { ByteReader, WireError } from "./byte_reader.ts";

/** A connection to one peer, TLS done where it is due. */
export interface Connection {
  readonly readable: ReadableStream<Uint8Array<ArrayBuffer>>;
  readonly writable: WritableStream<Uint8Array<ArrayBuffer>>;
  /** Ends both directions at once. Calling it again does nothing. */
  close(): void;
}

export interface Http1Request {
  readonly method: string;
  readonly url: URL;
  readonly headers: Headers;
  readonly body?: Uint8Array<ArrayBuffer>;
}

export interface Http1Response {
  readonly status: number;
  readonly headers: Headers;
  /** Throws WireError if the peer ends it too early or breaks the protocol. */
  readonly body: AsyncGenerator<Uint8Array<ArrayBuffer>, void, undefined>;
}

const MAX_LINE_BYTES = 16 * 1024;
const MAX_HEADERS = 200;
const MAX_INTERIM = 10;
const PIECE_BYTES = 64 * 1024;
const NO_BODY: ReadonlySet<number> = new Set([204, 205, 304]);

/**
 * One request and its answer over a connection of their own (RFC 9112). fetch() resolves names by itself, so it cannot be
 * held to an address that was checked; this can, for it is handed the connection.
 */
export async function exchangeHttp1(connection: Connection, request: Http1Request): Promise<Http1Response> {
  const written = write(connection, request);
  const reader = new ByteReader(connection.readable);
  try {
    for (let interim = 0; interim < MAX_INTERIM; interim++) {
      const status = parseStatus(await reader.line(MAX_LINE_BYTES));
      const headers = await readHeaders(reader);
      if (status === 101) throw new WireError("The peer changed to another protocol");
      if (status >= 200) {
        return { status, headers, body: readBody(reader, { status, headers, method: request.method }) };
      }
    }
    throw new WireError("The peer sends no answer, only that there will be one");
  } catch (thrown) {
    // A peer may answer before it has read all, and then close; only without an answer the failed write is the reason.
    const unwritten = await Promise.race([written, undefined]);
    throw unwritten instanceof Error ? unwritten : thrown;
  }
}

/** Resolves with what went wrong, if anything did. */
async function write({ writable }: Connection, request: Http1Request): Promise<unknown> {
  const writer = writable.getWriter();
  try {
    await writer.write(toBytes(request));
    if (request.body !== undefined) await writer.write(request.body);
    return undefined;
  } catch (thrown) {
    return thrown;
  } finally {
    writer.releaseLock();
  }
}

function toBytes({ method, url, headers, body }: Http1Request): Uint8Array<ArrayBuffer> {
  const head = new Headers(headers);
  head.set("host", url.host);
  head.set("connection", "close");
  if (body !== undefined) head.set("content-length", String(body.length));
  const lines = [`${method} ${url.pathname}${url.search} HTTP/1.1`, ...[...head].map((pair) => pair.join(": "))];
  // Headers lets no line break in, and a URL's path is ASCII.
  return Uint8Array.from(`${lines.join("\r\n")}\r\n\r\n`, (character) => character.charCodeAt(0));
}

function parseStatus(line: string): number {
  const [, status] = /^HTTP\/1\.[01] ([1-5]\d\d)(?: |$)/.exec(line) ?? [];
  if (status === undefined) throw new WireError("The peer does not speak HTTP/1.1");
  return Number(status);
}

async function readHeaders(reader: ByteReader): Promise<Headers> {
  const headers = new Headers();
  for (let count = 0; count <= MAX_HEADERS; count++) {
    const line = await reader.line(MAX_LINE_BYTES);
    if (line === "") return headers;
    const colon = line.indexOf(":");
    try {
      // The name of a line without a colon is empty, which is no name.
      headers.append(line.slice(0, Math.max(colon, 0)), line.slice(colon + 1).trim());
    } catch (cause) {
      throw new WireError("The peer sends a header that is none", { cause });
    }
  }
  throw new WireError("The peer sends too many headers");
}

type Framing = Pick<Http1Response, "status" | "headers"> & Pick<Http1Request, "method">;

/** RFC 9112 §6.3. */
async function* readBody(reader: ByteReader, { status, headers, method }: Framing) {
  const coding = headers.get("transfer-encoding")?.toLowerCase();
  const length = headers.get("content-length");
  if (method === "HEAD" || NO_BODY.has(status)) return;
  if (coding !== undefined) {
    // Both at once is how requests are smuggled.
    if (coding !== "chunked" || length !== null) throw new WireError("The peer frames its answer in an unknown way");
    yield* readChunks(reader);
  } else if (length !== null) {
    if (!/^\d{1,15}$/.test(length)) throw new WireError("The peer gives no length that can be read");
    yield* readBytes(reader, Number(length));
  } else {
    for (let piece = await reader.some(PIECE_BYTES); piece !== undefined; piece = await reader.some(PIECE_BYTES)) {
      yield piece;
    }
  }
}

async function* readBytes(reader: ByteReader, count: number) {
  for (let left = count; left > 0;) {
    const piece = await reader.some(Math.min(left, PIECE_BYTES));
    if (piece === undefined) throw new WireError("The connection ended in the middle of a message");
    left -= piece.length;
    yield piece;
  }
}

/** RFC 9112 §7.1. Trailers are read and dropped. */
async function* readChunks(reader: ByteReader) {
  for (;;) {
    const [, size] = /^([\da-f]{1,8})[ \t]*(?:;.*)?$/i.exec(await reader.line(MAX_LINE_BYTES)) ?? [];
    if (size === undefined) throw new WireError("The peer sends a chunk without its size");
    if (Number.parseInt(size, 16) === 0) return void await readHeaders(reader);
    yield* readBytes(reader, Number.parseInt(size, 16));
    if (await reader.line(2) !== "") throw new WireError("The peer sends a chunk that is longer than its size");
  }
}
