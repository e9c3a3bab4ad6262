import assert from "node:assert/strict";
import type { Part } from "../../src/a2a/types.ts";
import { contentOf, fileName, fileUrl, mediaTypeOf } from "../../src/model/content.ts";

/** [what, part, content] */
const SHOWN: [what: string, part: Part, content: unknown][] = [
  ["text", { text: "hi" }, { text: "hi" }],
  ["empty text", { text: "" }, undefined],
  ["data", { data: { a: [1, "b"] } }, { text: '{"a":[1,"b"]}' }],
  ["null data", { data: null }, { text: "null" }],
  ["a file by address", { url: "https://x/y.png", mediaType: "image/png" }, {
    url: "https://x/y.png",
    mediaType: "image/png",
  }],
  ["a file by its bytes", { raw: "AAAA", mediaType: "application/pdf", filename: "a.pdf" }, {
    base64: "AAAA",
    mediaType: "application/pdf",
    filename: "a.pdf",
  }],
  ["a text file", { raw: btoa("a,b"), mediaType: "text/csv", filename: "x.csv" }, { text: "x.csv:\na,b" }],
  ["a JSON file", { raw: btoa("{}"), mediaType: "application/json" }, { text: "Attached file:\n{}" }],
  ["UTF-8 in a text file", { raw: "w6Q=", mediaType: "text/plain; charset=utf-8" }, { text: "Attached file:\nä" }],
];

for (const [what, part, content] of SHOWN) {
  Deno.test(`contentOf() of ${what}`, () => assert.deepEqual(contentOf(part), content));
}

Deno.test("mediaTypeOf() leaves out parameters and capitals", () => {
  assert.equal(mediaTypeOf({ raw: "AAAA", mediaType: "IMAGE/JPEG; q=1" }), "image/jpeg");
  assert.equal(mediaTypeOf({ raw: "AAAA" }), "");
});

Deno.test("fileUrl() is the file's own address, or holds its bytes", () => {
  assert.equal(fileUrl({ mediaType: "image/png", url: "https://x/y" }), "https://x/y");
  assert.equal(fileUrl({ mediaType: "image/png", base64: "AAAA" }), "data:image/png;base64,AAAA");
});

Deno.test("fileName() makes a name where there is none", () => {
  assert.equal(fileName({ mediaType: "application/pdf", base64: "", filename: "a.pdf" }), "a.pdf");
  assert.equal(fileName({ mediaType: "application/pdf", base64: "" }), "file.pdf");
});
