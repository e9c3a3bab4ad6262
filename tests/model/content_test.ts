import assert from "node:assert/strict";
import type { Part } from "../../src/a2a/types.ts";
import { contentOf } from "../../src/model/content.ts";

/** [what, part, content] */
const SHOWN: [what: string, part: Part, content: unknown][] = [
  ["text", { text: "hi" }, { text: "hi" }],
  ["empty text", { text: "" }, undefined],
  ["data", { data: { a: [1, "b"] } }, { text: '{"a":[1,"b"]}' }],
  ["null data", { data: null }, { text: "null" }],
  ["a picture by address", { url: "https://x/y.png", mediaType: "image/png" }, { imageUrl: "https://x/y.png" }],
  ["a picture inline", { raw: "AAAA", mediaType: "image/webp" }, { imageBase64: "AAAA", mediaType: "image/webp" }],
  ["a media type in capitals", { raw: "AAAA", mediaType: "IMAGE/JPEG; q=1" }, {
    imageBase64: "AAAA",
    mediaType: "image/jpeg",
  }],
  ["a text file", { raw: btoa("a,b"), mediaType: "text/csv", filename: "x.csv" }, { text: "x.csv:\na,b" }],
  ["a JSON file", { raw: btoa("{}"), mediaType: "application/json" }, { text: "Attached file:\n{}" }],
  ["UTF-8 in a text file", { raw: "w6Q=", mediaType: "text/plain; charset=utf-8" }, { text: "Attached file:\nä" }],
];

for (const [what, part, content] of SHOWN) {
  Deno.test(`contentOf() shows ${what}`, () => assert.deepEqual(contentOf(part, true), content));
}

/** [what, part, what is said of it] */
const REFUSED: [what: string, part: Part, told: RegExp][] = [
  [
    "a PDF",
    { raw: "AAAA", mediaType: "application/pdf", filename: "a.pdf" },
    /raw part "a\.pdf".*mediaType "application\/pdf"/,
  ],
  ["a video by address", { url: "https://x/y", mediaType: "video/mp4" }, /url part.*"video\/mp4"/],
  ["a picture of another kind", { raw: "AAAA", mediaType: "image/tiff" }, /"image\/tiff".*image\/png/],
  ["an address without a type", { url: "https://x/y.png" }, /url part.*no mediaType/],
  ["a text file by address", { url: "https://x/y.txt", mediaType: "text/plain" }, /url part.*"text\/plain"/],
];

for (const [what, part, told] of REFUSED) {
  Deno.test(`contentOf() refuses ${what} by name`, () => {
    assert.throws(() => contentOf(part, true), { name: "ModelError", kind: "invalid_request", message: told });
  });

  Deno.test(`contentOf() notes ${what} in the past, so that the conversation can go on`, () => {
    const content = contentOf(part, false);
    assert.match(content !== undefined && "text" in content ? content.text : "", /not shown/);
  });
}
