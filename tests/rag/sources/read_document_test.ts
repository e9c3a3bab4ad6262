import assert from "node:assert/strict";
import { readDocument, toDocument } from "../../../src/rag/sources/read_document.ts";
import { inTree } from "./make_tree.ts";

const utf16 = (text: string, mark: number[], high: 0 | 1) =>
  new Uint8Array([...mark, ...[...text].flatMap((char) => high ? [0, char.charCodeAt(0)] : [char.charCodeAt(0), 0])]);

const DOCUMENTS: [name: string, bytes: Uint8Array, expected: string | undefined][] = [
  ["UTF-8", new TextEncoder().encode("Grüße 日本"), "Grüße 日本"],
  ["UTF-8 with a byte order mark", new Uint8Array([0xef, 0xbb, 0xbf, 0x61]), "a"],
  ["UTF-16, little end first", utf16("text", [0xff, 0xfe], 0), "text"],
  ["UTF-16, big end first", utf16("text", [0xfe, 0xff], 1), "text"],
  ["the older Western encoding", new Uint8Array([0x47, 0x72, 0xfc, 0xdf, 0x65, 0x20, 0x80]), "Grüße €"],
  ["nothing", new Uint8Array(), ""],
  ["zero bytes", new Uint8Array([0x61, 0, 0x62]), undefined],
  ["an image's head", new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0x0d]), undefined],
  ["compressed data", new Uint8Array([0x1f, 0x8b, 0x08, 0x08, 0xc3, 0x28, 0x02, 0x03, 0xff]), undefined],
];
for (const [name, bytes, expected] of DOCUMENTS) {
  Deno.test(`toDocument() of ${name}`, () => assert.equal(toDocument(bytes), expected));
}

Deno.test("readDocument() reads a file up to a size, and nothing that is not a regular file", async () => {
  await inTree({ "a/f": "12345", "out/secret": "no" }, async (root) => {
    assert.equal(readDocument(`${root}/a/f`, 5), "12345");
    assert.equal(readDocument(`${root}/a/f`, 4), undefined);
    assert.equal(readDocument(`${root}/a/none`, 9), undefined);
    assert.equal(readDocument(`${root}/a`, 9), undefined);
    await Deno.symlink("../out/secret", `${root}/a/link`);
    assert.equal(readDocument(`${root}/a/link`, 9), undefined);
    await Deno.symlink("out", `${root}/folder`);
    assert.equal(readDocument(`${root}/folder/secret`, 9), undefined);
    await new Deno.Command("mkfifo", { args: [`${root}/a/pipe`] }).output();
    assert.equal(readDocument(`${root}/a/pipe`, 9), undefined);
  });
});
