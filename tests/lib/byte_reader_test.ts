import assert from "node:assert/strict";
import { ByteReader, WireError } from "../../src/lib/byte_reader.ts";

function readerOf(...pieces: string[]): ByteReader {
  return new ByteReader(ReadableStream.from(pieces.map((piece) => new TextEncoder().encode(piece))));
}

async function some(reader: ByteReader, maxBytes: number) {
  const bytes = await reader.some(maxBytes);
  return bytes && new TextDecoder().decode(bytes);
}

Deno.test("ByteReader.line() joins pieces and takes both ends of a line", async () => {
  const reader = readerOf("on", "e\r", "\ntwo\n\r\n", "rest");
  assert.deepEqual([await reader.line(10), await reader.line(10), await reader.line(10)], ["one", "two", ""]);
  assert.equal(await some(reader, 10), "rest");
  assert.equal(await some(reader, 10), undefined);
});

Deno.test("ByteReader.line() reads one character a byte", async () => {
  const reader = new ByteReader(ReadableStream.from([new Uint8Array([0xe4, 0xff, 10])]));
  assert.equal(await reader.line(5), "\u00e4\u00ff");
});

Deno.test("ByteReader.line() refuses a line that does not end in time", async () => {
  await assert.rejects(readerOf("12345678901").line(10), WireError);
  await assert.rejects(readerOf("12345", "678901\n").line(10), WireError);
  await assert.rejects(readerOf("1234").line(10), /ended in the middle/);
});

Deno.test("ByteReader.some() gives at most what is asked for and loses nothing", async () => {
  const reader = readerOf("abcdef", "g");
  const got = [];
  for (let piece = await some(reader, 4); piece !== undefined; piece = await some(reader, 4)) got.push(piece);
  assert.deepEqual(got, ["abcd", "ef", "g"]);
});
