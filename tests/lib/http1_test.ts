import assert from "node:assert/strict";
import { WireError } from "../../src/lib/byte_reader.ts";
import { type Connection, exchangeHttp1, type Http1Request } from "../../src/lib/http1.ts";

interface Peer extends Connection {
  /** What was written to it. */
  readonly heard: () => string;
}

/** A peer that says this, whatever it is asked, one byte a piece if `dripping`. */
function peer(says: string, dripping = false): Peer {
  let heard = "";
  const bytes = Uint8Array.from(says, (character) => character.charCodeAt(0));
  const pieces = dripping ? Array.from(bytes, (byte) => Uint8Array.of(byte)) : [bytes];
  return {
    readable: ReadableStream.from(pieces),
    writable: new WritableStream({ write: (chunk) => void (heard += new TextDecoder().decode(chunk)) }),
    close: () => {},
    heard: () => heard,
  };
}

function request(over: Partial<Http1Request> = {}): Http1Request {
  return { method: "POST", url: new URL("https://hooks.example:8443/a%20b?c=d#e"), headers: new Headers(), ...over };
}

async function read(connection: Connection, over: Partial<Http1Request> = {}) {
  const { status, headers, body } = await exchangeHttp1(connection, request(over));
  const bytes = (await Array.fromAsync(body)).flatMap((piece) => [...piece]);
  return { status, headers, text: new TextDecoder().decode(Uint8Array.from(bytes)) };
}

Deno.test("exchangeHttp1() writes a request that names the host and asks to close", async () => {
  const connection = peer("HTTP/1.1 204 No Content\r\n\r\n");
  const body = new TextEncoder().encode("tschüß");
  const headers = new Headers({ "X-A": "1", host: "other.example", "content-length": "3", connection: "keep-alive" });
  await read(connection, { headers, body });
  const [head, sent] = connection.heard().split("\r\n\r\n");
  assert.deepEqual(head?.split("\r\n"), [
    "POST /a%20b?c=d HTTP/1.1",
    "connection: close",
    "content-length: 8",
    "host: hooks.example:8443",
    "x-a: 1",
  ]);
  assert.equal(sent, "tschüß");
});

/** [name, what the peer says, the body that is read]. */
const ANSWERS: [string, string, string][] = [
  ["of a given length", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello and more", "hello"],
  ["until the end", "HTTP/1.0 200 OK\r\n\r\nhello", "hello"],
  [
    "in chunks",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nhel\r\nA\r\nlo, world!\r\n0\r\nT: 1\r\n\r\n",
    "hello, world!",
  ],
  [
    "after interim ones",
    "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103\r\nLink: a\r\n\r\nHTTP/1.1 200\r\nContent-Length: 2\r\n\r\nok",
    "ok",
  ],
  ["with bare line feeds", "HTTP/1.1 200 OK\nContent-Length: 2\n\nok", "ok"],
  ["without a body", "HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n", ""],
  ["of no length", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", ""],
];
for (const [name, says, expected] of ANSWERS) {
  for (const dripping of [false, true]) {
    Deno.test(`exchangeHttp1() reads an answer ${name}${dripping ? ", byte by byte" : ""}`, async () => {
      assert.equal((await read(peer(says, dripping))).text, expected);
    });
  }
}

Deno.test("exchangeHttp1() reads no body after HEAD", async () => {
  assert.equal((await read(peer("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"), { method: "HEAD" })).text, "");
});

Deno.test("exchangeHttp1() keeps headers that repeat", async () => {
  const { headers, status } = await read(peer("HTTP/1.1 429 Slow Down\r\nRetry-After:  7 \r\nX: a\r\nX: b\r\n\r\n"));
  assert.equal(status, 429);
  assert.equal(headers.get("retry-after"), "7");
  assert.equal(headers.get("x"), "a, b");
});

const BROKEN: [string, string][] = [
  ["nothing", ""],
  ["another protocol", "SSH-2.0-OpenSSH_9.2\r\n"],
  ["a later HTTP", "HTTP/2 200\r\n\r\n"],
  ["no status", "HTTP/1.1 OK\r\n\r\n"],
  ["a status out of range", "HTTP/1.1 999 No\r\n\r\n"],
  ["half a head", "HTTP/1.1 200 OK\r\nA: b\r\n"],
  ["a header without a colon", "HTTP/1.1 200 OK\r\nAb\r\n\r\n"],
  ["a header with a blank in its name", "HTTP/1.1 200 OK\r\nA b: c\r\n\r\n"],
  ["a folded header", "HTTP/1.1 200 OK\r\nA: b\r\n c: d\r\n\r\n"],
  ["an endless line", `HTTP/1.1 200 ${"x".repeat(20_000)}`],
  ["endless headers", `HTTP/1.1 200 OK\r\n${"A: b\r\n".repeat(300)}\r\n`],
  ["endless interim answers", "HTTP/1.1 100 Continue\r\n\r\n".repeat(20)],
  ["another protocol on request", "HTTP/1.1 101 Switching Protocols\r\n\r\n"],
  ["half a body", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell"],
  ["two lengths", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!"],
  ["a negative length", "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nhello"],
  ["length and chunks", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"],
  ["an unknown coding", "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"],
  ["a chunk of no size", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nhello\r\n"],
  ["a chunk that is too long", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhello\r\n0\r\n\r\n"],
  ["chunks without an end", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n"],
  ["a chunk of a giant size", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffff\r\n"],
];
for (const [name, says] of BROKEN) {
  Deno.test(`exchangeHttp1() refuses a peer that says ${name}`, async () => {
    await assert.rejects(read(peer(says)), WireError);
  });
}

Deno.test("exchangeHttp1() hears an answer that came before the peer stopped reading", async () => {
  const deaf = { ...peer("HTTP/1.1 413 Too Large\r\n\r\n"), writable: refusing() };
  assert.equal((await read(deaf)).status, 413);
});

Deno.test("exchangeHttp1() tells why it could not write when there is no answer", async () => {
  await assert.rejects(read({ ...peer(""), writable: refusing() }), /broken pipe/);
});

function refusing(): WritableStream<Uint8Array<ArrayBuffer>> {
  return new WritableStream({
    write: () => {
      throw new Error("broken pipe");
    },
  });
}
