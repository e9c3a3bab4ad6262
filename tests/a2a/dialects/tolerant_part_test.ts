import assert from "node:assert/strict";
import { readPart } from "../../../src/a2a/dialects/tolerant_part.ts";
import { A2AError } from "../../../src/a2a/errors.ts";
import { Part } from "../../../src/a2a/types.ts";

const read = (value: unknown, nestedData = false) => readPart({ path: "message.parts.0", value }, { nestedData });

const BYTES = "Ynl0ZXM=";
const FILE = { raw: BYTES, filename: "a.png", mediaType: "image/png" };
const LINK = { url: "https://example.com/a.png", filename: "a.png", mediaType: "image/png" };

/** Every spelling that is known: [what the peer wrote, the core part]. */
const PARTS: readonly (readonly [unknown, Part])[] = [
  [{ text: "Hi" }, { text: "Hi" }],
  [{ text: "" }, { text: "" }],
  [{ type: "text", text: "Hi" }, { text: "Hi" }],
  [{ kind: "text", text: "Hi", metadata: { a_b: 1 } }, { text: "Hi", metadata: { a_b: 1 } }],
  [{ kind: "text", text: "Hi", data: null, file: null }, { text: "Hi" }],
  [{ text: "Hi", data: null }, { text: "Hi" }],
  [{ file: { uri: LINK.url, name: "a.png", mimeType: "image/png" } }, LINK],
  [{ file: { fileWithUri: LINK.url, name: "a.png", mediaType: "image/png" } }, LINK],
  [{ file: { file_with_uri: LINK.url, name: "a.png", mime_type: "image/png" } }, LINK],
  [{ kind: "file", file: { bytes: BYTES, name: "a.png", mimeType: "image/png" } }, FILE],
  [{ kind: "file", file: { fileWithBytes: "Ynl0ZXM", name: "a.png", mimeType: "image/png" } }, FILE],
  [{ type: "file", name: "a.png", mime_type: "image/png", url: LINK.url }, LINK],
  [{ type: "file", name: "a.png", mime_type: "image/png", data: BYTES }, FILE],
  [{ raw: BYTES, mediaType: "image/png", filename: "a.png" }, FILE],
  [{ url: LINK.url, media_type: "image/png", filename: "a.png" }, LINK],
  [{ url: LINK.url }, { url: LINK.url }],
  [{ data: { a: 1 } }, { data: { a: 1 } }],
  [{ data: null }, { data: null }],
  [{ data: "text" }, { data: "text" }],
  [{ kind: "data", data: { data: { a: 1 } } }, { data: { data: { a: 1 } } }],
  [{ type: "data", mime_type: "application/json", data: { key: "value" } }, {
    data: { key: "value" },
    mediaType: "application/json",
  }],
  [{ kind: "data", data: { value: [1] }, metadata: { data_part_compat: true } }, { data: [1] }],
  [{ kind: "data", data: { value: 1 }, metadata: { data_part_compat: false } }, {
    data: { value: 1 },
  }],
];

for (const [raw, part] of PARTS) {
  Deno.test(`readPart() reads ${JSON.stringify(raw)}`, () => assert.deepEqual(Part.parse(read(raw)), part));
}

const NESTED: readonly (readonly [unknown, Part])[] = [
  [{ data: { data: { a: 1 } } }, { data: { a: 1 } }],
  [{ data: { a: 1 } }, { data: { a: 1 } }],
  [{ data: { data: 1, more: 2 } }, { data: { data: 1, more: 2 } }],
  [{ data: [1] }, { data: [1] }],
];

for (const [raw, part] of NESTED) {
  Deno.test(`readPart() reads ${JSON.stringify(raw)} over REST`, () => assert.deepEqual(read(raw, true), part));
}

/** What is on no list: [what the peer wrote, path, what is said about it]. */
const REFUSED: readonly (readonly [unknown, string, RegExp])[] = [
  ["text", "", /expected object, received string/],
  [null, "", /expected object, received null/],
  [{}, "", /exactly one of text, file, raw, url, data/],
  [{ content: "x" }, "", /exactly one of/],
  [{ text: "a", url: "b" }, "", /exactly one of/],
  [{ kind: "image", url: "b" }, ".kind", /unknown kind of part "image": expected one of text, file, data/],
  [{ type: "tool_call" }, ".type", /unknown kind of part "tool_call"/],
  [{ kind: 5 }, ".kind", /expected string, received number/],
  [{ kind: "text" }, ".text", /is required/],
  [{ type: "text", text: 1 }, ".text", /expected string, received number/],
  [{ text: { value: "x" } }, ".text", /expected string, received object/],
  [{ kind: "data" }, ".data", /is required/],
  [{ kind: "file" }, "", /a file holds exactly one of url, data/],
  [{ kind: "file", file: "a.png" }, ".file", /expected object, received string/],
  [{ file: {} }, ".file", /a file holds exactly one of uri, bytes/],
  [{ file: { uri: "a", bytes: BYTES } }, ".file", /exactly one of uri, bytes/],
  [{ file: { bytes: "%" } }, ".file.bytes", /expected base64/],
  [{ file: { file_with_bytes: "%" } }, ".file.file_with_bytes", /expected base64/],
  [{ type: "file", data: "%" }, ".data", /expected base64/],
  [{ type: "file", data: {} }, ".data", /expected string, received object/],
  [{ type: "file", url: "a", mime_type: 1 }, ".mime_type", /expected string, received number/],
  [{ raw: "%" }, ".raw", /expected base64/],
  [{ text: "x", metadata: "m" }, ".metadata", /expected object, received string/],
];

for (const [raw, path, description] of REFUSED) {
  Deno.test(`readPart() refuses ${JSON.stringify(raw)}`, () => {
    assert.throws(() => read(raw), (thrown: unknown) => {
      assert.ok(thrown instanceof A2AError);
      assert.deepEqual([thrown.reason, thrown.violations[0]?.field], ["INVALID_PARAMS", `message.parts.0${path}`]);
      assert.match(thrown.violations[0]?.description ?? "", description);
      return true;
    });
  });
}
