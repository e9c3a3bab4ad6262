import assert from "node:assert/strict";
import { canonicalJson, JcsError } from "../../src/lib/jcs.ts";

/** RFC 8785 appendix B: the bits of a double, and how it is written. */
const NUMBERS: [bits: string, written: string][] = [
  ["0000000000000000", "0"],
  ["8000000000000000", "0"],
  ["0000000000000001", "5e-324"],
  ["8000000000000001", "-5e-324"],
  ["7fefffffffffffff", "1.7976931348623157e+308"],
  ["ffefffffffffffff", "-1.7976931348623157e+308"],
  ["4340000000000000", "9007199254740992"],
  ["c340000000000000", "-9007199254740992"],
  ["4430000000000000", "295147905179352830000"],
  ["44b52d02c7e14af5", "9.999999999999997e+22"],
  ["44b52d02c7e14af6", "1e+23"],
  ["44b52d02c7e14af7", "1.0000000000000001e+23"],
  ["444b1ae4d6e2ef4e", "999999999999999700000"],
  ["444b1ae4d6e2ef4f", "999999999999999900000"],
  ["444b1ae4d6e2ef50", "1e+21"],
  ["3eb0c6f7a0b5ed8c", "9.999999999999997e-7"],
  ["3eb0c6f7a0b5ed8d", "0.000001"],
  ["41b3de4355555553", "333333333.3333332"],
  ["41b3de4355555554", "333333333.33333325"],
  ["41b3de4355555555", "333333333.3333333"],
  ["41b3de4355555556", "333333333.3333334"],
  ["41b3de4355555557", "333333333.33333343"],
  ["becbf647612f3696", "-0.0000033333333333333333"],
  ["43143ff3c1cb0959", "1424953923781206.2"],
];

for (const [bits, written] of NUMBERS) {
  Deno.test(`canonicalJson() writes the double ${bits} as ${written}`, () => {
    const view = new DataView(new ArrayBuffer(8));
    view.setBigUint64(0, BigInt(`0x${bits}`));
    assert.equal(canonicalJson(view.getFloat64(0)), written);
  });
}

Deno.test("canonicalJson() gives the bytes of RFC 8785 §3.2.2", () => {
  const input = JSON.parse(String.raw`{
    "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
    "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
    "literals": [null, true, false]
  }`);
  const expected =
    "7b226c69746572616c73223a5b6e756c6c2c747275652c66616c73655d2c226e756d62657273223a5b3333333333333333" +
    "332e333333333333332c31652b33302c342e352c302e3030322c31652d32375d2c22737472696e67223a22e282ac245c75303030665c6e" +
    "4127425c225c5c5c5c5c222f227d";
  assert.equal(new TextEncoder().encode(canonicalJson(input)).toHex(), expected);
});

Deno.test("canonicalJson() orders members by UTF-16 code units, as RFC 8785 §3.2.3 has it", () => {
  const input = JSON.parse(String.raw`{
    "\u20ac": "Euro Sign",
    "\r": "Carriage Return",
    "\ufb33": "Hebrew Letter Dalet With Dagesh",
    "1": "One",
    "\ud83d\ude00": "Emoji: Grinning Face",
    "\u0080": "Control",
    "\u00f6": "Latin Small Letter O With Diaeresis"
  }`);
  assert.deepEqual([...canonicalJson(input).matchAll(/:"([^"]+)"/g)].map(([, name]) => name), [
    "Carriage Return",
    "One",
    "Control",
    "Latin Small Letter O With Diaeresis",
    "Euro Sign",
    "Emoji: Grinning Face",
    "Hebrew Letter Dalet With Dagesh",
  ]);
});

const TEXTS: [text: string, written: string][] = [
  ["", '""'],
  ["\b\t\n\f\r", String.raw`"\b\t\n\f\r"`],
  ["\u0000\u001f\u007f", '"\\u0000\\u001f\u007f"'],
  ["/", '"/"'],
  ["ö€😀\u2028", '"ö€😀\u2028"'],
];
for (const [text, written] of TEXTS) {
  Deno.test(`canonicalJson() writes ${JSON.stringify(text)} without an escape more than it must`, () => {
    assert.equal(canonicalJson(text), written);
  });
}

Deno.test("canonicalJson() orders members at every depth and keeps the order of lists", () => {
  assert.equal(canonicalJson({ b: [{ d: 1, c: 2 }, 3], a: {} }), '{"a":{},"b":[{"c":2,"d":1},3]}');
});

Deno.test("canonicalJson() takes an undefined member for one that is not there", () => {
  assert.equal(canonicalJson({ a: undefined, b: null }), '{"b":null}');
});

const REFUSED: [what: string, value: unknown][] = [
  ["NaN", NaN],
  ["an infinity", { a: [-Infinity] }],
  ["a high surrogate alone", "\ud83d"],
  ["a low surrogate alone, in a name", { "a\ude00": 1 }],
  ["nothing", undefined],
  ["nothing in a list", [undefined]],
  ["a bigint", 1n],
  ["a function", () => 1],
];
for (const [what, value] of REFUSED) {
  Deno.test(`canonicalJson() refuses ${what}`, () => assert.throws(() => canonicalJson(value), JcsError));
}
