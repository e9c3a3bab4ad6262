import assert from "node:assert/strict";
import { isRecord, JsonDepthError, JsonNumberError, parseJson } from "../../src/lib/json.ts";

const nested = (depth: number) => "[".repeat(depth) + "]".repeat(depth);

/** [text, whether it is read with a bound of 100] */
const DEPTHS: [what: string, text: string, readable: boolean][] = [
  ["100 levels", nested(100), true],
  ["101 levels", nested(101), false],
  ["10,000 levels", nested(10_000), false],
  ["100,000 objects", `{"a":`.repeat(100_000), false],
  ["brackets in a string", JSON.stringify("[".repeat(5_000)), true],
  ["brackets behind an escaped quote", JSON.stringify(`"${"{".repeat(5_000)}`), true],
  ["a long flat array", `[${"1,".repeat(5_000)}1]`, true],
  ["many siblings", `[${"[],".repeat(5_000)}[]]`, true],
];

for (const [what, text, readable] of DEPTHS) {
  Deno.test(`parseJson() ${readable ? "reads" : "refuses"} ${what}`, () => {
    if (readable) assert.deepEqual(parseJson(text), JSON.parse(text));
    else assert.throws(() => parseJson(text), JsonDepthError);
  });
}

Deno.test("parseJson() throws SyntaxError for what is not JSON", () => {
  for (const text of ["", "{", "NaN", "{'a':1}", "[1,]", "\ufeff{}"]) assert.throws(() => parseJson(text), SyntaxError);
});

for (const number of ["1e400", "-1E+309", "9".repeat(400), `1${"0".repeat(309)}.5e0`]) {
  Deno.test(`parseJson() refuses the number ${number.slice(0, 10)}, wherever it stands`, () => {
    for (const text of [number, `{"a":[{"b":${number}}]}`]) assert.throws(() => parseJson(text), JsonNumberError);
    assert.equal(parseJson(`"${number}"`), number);
  });
}

Deno.test("parseJson() reads what a double holds", () => {
  assert.deepEqual(parseJson("[1e308, 1e-400, -1e+100, 5e-324]"), [1e308, 0, -1e100, 5e-324]);
});

Deno.test("parseJson() keeps __proto__ an own member and pollutes nothing", () => {
  const parsed = parseJson(`{"__proto__":{"polluted":true}}`);
  assert.ok(isRecord(parsed));
  assert.equal(parsed.polluted, undefined);
  assert.equal(Reflect.get({}, "polluted"), undefined);
});

for (const [value, is] of [[{}, true], [[], false], [null, false], ["x", false], [undefined, false]] as const) {
  Deno.test(`isRecord(${JSON.stringify(value)}) is ${is}`, () => assert.equal(isRecord(value), is));
}
