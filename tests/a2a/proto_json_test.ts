import assert from "node:assert/strict";
import { z } from "zod";
import {
  Bytes,
  Int32,
  message,
  oneof,
  protoEnum,
  Struct,
  Timestamp,
  unsetText,
  Value,
} from "../../src/a2a/proto_json.ts";

const Sample = message({
  plainName: z.string(),
  data: Value.optional(),
  metadata: Struct.optional(),
  note: unsetText(z.string().max(3, "at most 3 characters")),
  flag: z.boolean().optional(),
});

/** [what is read, what comes of it]. */
const READ: readonly (readonly [string, unknown, unknown])[] = [
  ["camelCase", { plainName: "a" }, { plainName: "a" }],
  ["snake_case", { plain_name: "a" }, { plainName: "a" }],
  ["both, and camelCase wins", { plain_name: "b", plainName: "a" }, { plainName: "a" }],
  ["both the other way round", { plainName: "a", plain_name: "b" }, { plainName: "a" }],
  ["null as unset", { plainName: "a", metadata: null, flag: null }, { plainName: "a" }],
  ["null as a value of data", { plainName: "a", data: null }, { plainName: "a", data: null }],
  ['"" as unset where it cannot be told from unset', { plainName: "a", note: "" }, { plainName: "a" }],
  ['"" as a value elsewhere', { plainName: "", data: "" }, { plainName: "", data: "" }],
  ["unknown members, which are dropped", { plainName: "a", surprise: 1, __proto__x: 2 }, { plainName: "a" }],
  [
    "the peer's own names and nulls inside metadata",
    { plainName: "a", metadata: { snake_name: null, inner: { a_b: 1 } } },
    { plainName: "a", metadata: { snake_name: null, inner: { a_b: 1 } } },
  ],
  [
    "the peer's own names inside data",
    { plain_name: "a", data: { some_key: [{ x_y: null }] } },
    { plainName: "a", data: { some_key: [{ x_y: null }] } },
  ],
];

for (const [title, raw, expected] of READ) {
  Deno.test(`message() reads ${title}`, () => assert.deepEqual(Sample.parse(raw), expected));
}

Deno.test("message() lets nobody in through __proto__", () => {
  const parsed = Sample.parse(
    JSON.parse('{"plain_name":"a","__proto__":{"flag":true},"metadata":{"__proto__":{"x":1}}}'),
  );
  assert.equal(parsed.flag, undefined);
  assert.equal(Object.getPrototypeOf(parsed), Object.prototype);
  assert.equal(Reflect.get(Object.prototype, "x"), undefined);
});

const Choice = oneof({ firstOne: message({ a: z.string() }), second: message({ b: z.string() }) });

Deno.test("oneof() reads the one member that is set", () => {
  assert.deepEqual(Choice.parse({ first_one: { a: "x" }, second: null, other: 1 }), { firstOne: { a: "x" } });
  assert.deepEqual(Choice.parse({ second: { b: "x" } }), { second: { b: "x" } });
});

/** [what is wrong, path, what is said about it]. */
const COMPLAINTS: readonly (readonly [unknown, string, RegExp])[] = [
  [{}, "", /^holds exactly one of firstOne, second$/],
  [{ other: 1 }, "", /^holds exactly one of firstOne, second$/],
  [{ firstOne: { a: "x" }, second: { b: "y" } }, "", /^holds exactly one of firstOne, second$/],
  [{ firstOne: {} }, "firstOne.a", /expected string, received undefined/],
  [{ firstOne: { a: 1 } }, "firstOne.a", /expected string, received number/],
  [5, "", /expected object, received number/],
];

for (const [raw, path, message] of COMPLAINTS) {
  Deno.test(`oneof() refuses ${JSON.stringify(raw)} at "${path}"`, () => {
    const issue = Choice.safeParse(raw).error?.issues[0];
    assert.equal(issue?.path.join("."), path);
    assert.match(issue?.message ?? "", message);
  });
}

const Colour = protoEnum(["COLOUR_UNSPECIFIED", "COLOUR_RED", "COLOUR_BLUE"]);

Deno.test("protoEnum() reads names and numbers and gives names", () => {
  assert.deepEqual(["COLOUR_RED", 2, 0].map((raw) => Colour.parse(raw)), [
    "COLOUR_RED",
    "COLOUR_BLUE",
    "COLOUR_UNSPECIFIED",
  ]);
});

for (const raw of ["red", 3, -1, 1.5, true, {}]) {
  Deno.test(`protoEnum() refuses ${JSON.stringify(raw)} and says what it takes`, () => {
    assert.equal(Colour.safeParse(raw).error?.issues[0]?.message, "expected one of COLOUR_RED, COLOUR_BLUE");
  });
}

Deno.test("protoEnum() says of an absent value that it is required", () => {
  assert.equal(Colour.safeParse(undefined).error?.issues[0]?.message, "is required");
});

const TIMESTAMPS: readonly (readonly [string, string | undefined])[] = [
  ["2026-11-01T10:00:00Z", "2026-11-01T10:00:00.000Z"],
  ["2026-11-01T10:00:00.123456789Z", "2026-11-01T10:00:00.123Z"],
  ["2026-11-01T12:00:00.5+02:00", "2026-11-01T10:00:00.500Z"],
  ["2026-11-01 10:00:00z", "2026-11-01T10:00:00.000Z"],
  ["2026-11-01T10:00:00", undefined],
  ["2026-11-01", undefined],
  ["2026-13-01T10:00:00Z", undefined],
  ["yesterday", undefined],
  ["2024-02-29T23:59:59Z", "2024-02-29T23:59:59.000Z"],
  ["2026-02-29T10:00:00Z", undefined],
  ["2026-02-30T10:00:00Z", undefined],
  ["2026-04-31T10:00:00+02:00", undefined],
  ["2026-01-01T10:00:00+99:99", undefined],
  ["0001-01-01T00:00:00Z", "0001-01-01T00:00:00.000Z"],
  ["0001-01-01T00:00:00+12:00", undefined],
  ["0000-12-31T23:59:59Z", undefined],
  ["9999-12-31T23:59:59.999Z", "9999-12-31T23:59:59.999Z"],
  ["9999-12-31T23:59:59-12:00", undefined],
];

for (const [text, expected] of TIMESTAMPS) {
  Deno.test(`Timestamp reads ${text} as ${expected}`, () => {
    const { data, error } = Timestamp.safeParse(text);
    assert.equal(data, expected);
    if (expected === undefined) assert.equal(error?.issues[0]?.message, "expected an RFC 3339 timestamp");
  });
}

const BASE64: readonly (readonly [string, string | undefined])[] = [
  ["", ""],
  ["YQ==", "YQ=="],
  ["YQ", "YQ=="],
  ["YWI", "YWI="],
  ["YWJj", "YWJj"],
  ["-_-_", "+/+/"],
  ["YWJjY", undefined],
  ["Y W J j", undefined],
  ["YQ===", undefined],
  ["%%%%", undefined],
];

for (const [text, expected] of BASE64) {
  Deno.test(`Bytes reads ${JSON.stringify(text)} as ${expected}`, () =>
    assert.equal(Bytes.safeParse(text).data, expected));
}

const INTEGERS: readonly (readonly [unknown, number | undefined])[] = [
  [5, 5],
  ["5", 5],
  ["-7", -7],
  [1.5, undefined],
  ["1.5", undefined],
  ["", undefined],
  ["0x10", undefined],
  [2 ** 31, undefined],
  ["9999999999", undefined],
];

for (const [raw, expected] of INTEGERS) {
  Deno.test(`Int32 reads ${JSON.stringify(raw)} as ${expected}`, () =>
    assert.equal(Int32.safeParse(raw).data, expected));
}
