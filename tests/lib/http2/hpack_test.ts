import assert from "node:assert/strict";
import { HpackDecoder } from "../../../src/lib/http2/hpack_decoder.ts";
import { HpackEncoder } from "../../../src/lib/http2/hpack_encoder.ts";
import { ConnectionError } from "../../../src/lib/http2/http2_error.ts";
import { huffmanCodes, huffmanDecode } from "../../../src/lib/http2/huffman.ts";
import { type HeaderField, STATIC_TABLE } from "../../../src/lib/http2/static_table.ts";

function bytes(hex: string): Uint8Array<ArrayBuffer> {
  const pairs = hex.replaceAll(/\s/g, "").match(/../g) ?? [];
  return Uint8Array.from(pairs, (pair) => parseInt(pair, 16));
}

function decoder(maxTableBytes = 4096, maxListBytes = 65_536): HpackDecoder {
  return new HpackDecoder({ maxTableBytes, maxListBytes });
}

const isBroken = (thrown: unknown) => thrown instanceof ConnectionError && thrown.code === "COMPRESSION_ERROR";

const FIRST: HeaderField[] = [[":method", "GET"], [":scheme", "http"], [":path", "/"], [
  ":authority",
  "www.example.com",
]];
const SECOND: HeaderField[] = [...FIRST, ["cache-control", "no-cache"]];
const THIRD: HeaderField[] = [
  [":method", "GET"],
  [":scheme", "https"],
  [":path", "/index.html"],
  [":authority", "www.example.com"],
  ["custom-key", "custom-value"],
];
const DATE = "Mon, 21 Oct 2013 20:13:21 GMT";
const PLACE = "https://www.example.com";
const COOKIE = "foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1";

/** RFC 7541 Appendix C: blocks that build on one another. */
const EXAMPLES: [name: string, tableBytes: number, blocks: [hex: string, fields: HeaderField[]][]][] = [
  ["C.2.1 literal with indexing", 4096, [[
    "400a 6375 7374 6f6d 2d6b 6579 0d63 7573 746f 6d2d 6865 6164 6572",
    [["custom-key", "custom-header"]],
  ]]],
  ["C.2.2 literal without indexing", 4096, [["040c 2f73 616d 706c 652f 7061 7468", [[":path", "/sample/path"]]]]],
  ["C.2.3 literal never indexed", 4096, [["1008 7061 7373 776f 7264 0673 6563 7265 74", [["password", "secret"]]]]],
  ["C.3 requests", 4096, [
    ["8286 8441 0f77 7777 2e65 7861 6d70 6c65 2e63 6f6d", FIRST],
    ["8286 84be 5808 6e6f 2d63 6163 6865", SECOND],
    ["8287 85bf 400a 6375 7374 6f6d 2d6b 6579 0c63 7573 746f 6d2d 7661 6c75 65", THIRD],
  ]],
  ["C.4 requests, Huffman", 4096, [
    ["8286 8441 8cf1 e3c2 e5f2 3a6b a0ab 90f4 ff", FIRST],
    ["8286 84be 5886 a8eb 1064 9cbf", SECOND],
    ["8287 85bf 4088 25a8 49e9 5ba9 7d7f 8925 a849 e95b b8e8 b4bf", THIRD],
  ]],
  ["C.6 responses, Huffman, with eviction", 256, [
    [
      "4882 6402 5885 aec3 771a 4b61 96d0 7abe 9410 54d4 44a8 2005 9504 0b81 66e0 82a6 2d1b ff6e 919d 29ad 1718 " +
      "63c7 8f0b 97c8 e9ae 82ae 43d3",
      [[":status", "302"], ["cache-control", "private"], ["date", DATE], ["location", PLACE]],
    ],
    [
      "4883 640e ffc1 c0bf",
      [[":status", "307"], ["cache-control", "private"], ["date", DATE], ["location", PLACE]],
    ],
    [
      "88c1 6196 d07a be94 1054 d444 a820 0595 040b 8166 e084 a62d 1bff c05a 839b d9ab 77ad 94e7 821d d7f2 e6c7 " +
      "b335 dfdf cd5b 3960 d5af 2708 7f36 72c1 ab27 0fb5 291f 9587 3160 65c0 03ed 4ee5 b106 3d50 07",
      [
        [":status", "200"],
        ["cache-control", "private"],
        ["date", "Mon, 21 Oct 2013 20:13:22 GMT"],
        ["location", PLACE],
        ["content-encoding", "gzip"],
        ["set-cookie", COOKIE],
      ],
    ],
  ]],
];

for (const [name, tableBytes, blocks] of EXAMPLES) {
  Deno.test(`HpackDecoder reads RFC 7541 ${name}`, () => {
    const reader = decoder(tableBytes);
    for (const [hex, fields] of blocks) assert.deepEqual(reader.decode(bytes(hex)).fields, fields);
  });
}

const BROKEN: [name: string, hex: string][] = [
  ["index 0", "80"],
  ["an index beyond both tables", "be"],
  ["an index far beyond", "ff 80 80 01"],
  ["an integer that never ends", "ff ff ff ff ff ff ff"],
  ["an integer that is cut off", "ff"],
  ["a string that is cut off", "40 0a 63 75"],
  ["a name without a value", "40 01 61"],
  ["a table larger than allowed", "3f e2 1f"],
  ["a change of the table behind a field", "82 20"],
  ["Huffman: padding of zeros", "40 81 18 01 61"],
  ["Huffman: padding of a whole octet", "40 82 1f ff 01 61"],
  ["Huffman: EOS", "40 84 ff ff ff ff 01 61"],
];

for (const [name, hex] of BROKEN) {
  Deno.test(`HpackDecoder refuses ${name}`, () => {
    assert.throws(() => decoder().decode(bytes(hex)), isBroken);
  });
}

Deno.test("HpackDecoder empties its table when it is made small, and fills it again", () => {
  const reader = decoder();
  reader.decode(bytes("400a 6375 7374 6f6d 2d6b 6579 0d63 7573 746f 6d2d 6865 6164 6572"));
  assert.deepEqual(reader.decode(bytes("be")).fields, [["custom-key", "custom-header"]]);
  reader.decode(bytes("20"));
  assert.throws(() => reader.decode(bytes("be")), isBroken);
});

Deno.test("HpackDecoder takes an entry larger than its table for an empty table, not for an error", () => {
  const reader = decoder(64);
  reader.decode(bytes("40 01 61 01 62"));
  const long = "63".repeat(60);
  assert.equal(reader.decode(bytes(`40 01 61 3c ${long}`)).fields.length, 1);
  assert.throws(() => reader.decode(bytes("be")), isBroken);
});

Deno.test("HpackDecoder keeps the beginning of a list that is too large, and its table in step", () => {
  const reader = decoder(4096, 100);
  const { fields, tooLarge } = reader.decode(bytes("40 01 61 01 62 40 01 63 01 64 40 01 65 01 66"));
  assert.equal(tooLarge, true);
  assert.deepEqual(fields, [["a", "b"], ["c", "d"]]);
  assert.deepEqual(reader.decode(bytes("be")), { fields: [["e", "f"]], tooLarge: false });
});

Deno.test("HpackDecoder does not let few bytes grow into many", () => {
  const reader = decoder(4096, 8192);
  const big = `40 01 61 7f a1 1e ${"62".repeat(4000)}`;
  reader.decode(bytes(big));
  const { fields, tooLarge } = reader.decode(new Uint8Array(60_000).fill(0xbe));
  assert.equal(tooLarge, true);
  assert.ok(fields.length <= 2, `${fields.length} fields were kept`);
});

Deno.test("huffmanDecode() reads every octet", () => {
  for (const { symbol, code, bits } of huffmanCodes()) {
    if (symbol === 256) continue;
    const padded = code.toString(2).padStart(bits, "0").padEnd(Math.ceil(bits / 8) * 8, "1");
    const octets = Uint8Array.from(padded.match(/.{8}/g) ?? [], (octet) => parseInt(octet, 2));
    assert.equal(huffmanDecode(octets), String.fromCharCode(symbol));
  }
});

Deno.test("huffmanCodes() are RFC 7541's: spot checks of Appendix B", () => {
  const codes = new Map(huffmanCodes().map(({ symbol, code, bits }) => [symbol, [code, bits]]));
  for (
    const [symbol, code, bits] of [[0x30, 0x0, 5], [0x20, 0x14, 6], [0x58, 0xfc, 8], [0, 0x1ff8, 13], [
      0xff,
      0x3ffffee,
      26,
    ], [
      256,
      0x3fffffff,
      30,
    ]] as const
  ) {
    assert.deepEqual(codes.get(symbol), [code, bits]);
  }
});

Deno.test("HpackEncoder writes what HpackDecoder reads", () => {
  const encoder = new HpackEncoder();
  const reader = decoder();
  const lists: HeaderField[][] = [
    FIRST,
    [...STATIC_TABLE],
    [["x-empty", ""], ["x-latin", "caf\u00e9"], ["x-long", "v".repeat(20_000)]],
    [["grpc-status", "0"]],
    [["grpc-status", "0"]],
  ];
  for (const fields of lists) assert.deepEqual(reader.decode(encoder.encode(fields)).fields, fields);
});

Deno.test("HpackEncoder marks secrets so that nobody on the way keeps them", () => {
  for (const name of ["authorization", "cookie", "set-cookie", "proxy-authorization"]) {
    const [first = 0] = new HpackEncoder().encode([[name, ""]]);
    assert.equal(first & 0xf0, 0x10, name);
  }
});

Deno.test("HpackEncoder says once that its table is empty when the peer allows a smaller one", () => {
  const encoder = new HpackEncoder();
  encoder.setMaxTableBytes(0);
  assert.deepEqual([...encoder.encode([[":method", "GET"]])], [0x20, 0x82]);
  encoder.setMaxTableBytes(0);
  assert.deepEqual([...encoder.encode([[":method", "GET"]])], [0x82]);
});
