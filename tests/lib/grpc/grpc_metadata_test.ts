import assert from "node:assert/strict";
import { binaryBytes, binaryValue, metadataOf, timeoutMs, timeoutText } from "../../../src/lib/grpc/grpc_metadata.ts";

const TIMEOUTS: [text: string | undefined, ms: number | undefined][] = [
  ["1H", 3_600_000],
  ["2M", 120_000],
  ["3S", 3000],
  ["200m", 200],
  ["5000u", 5],
  ["2000000n", 2],
  ["99999999H", 2_147_483_647],
  [undefined, undefined],
  ["", undefined],
  ["1", undefined],
  ["1x", undefined],
  ["-1S", undefined],
  ["123456789S", undefined],
];
for (const [text, ms] of TIMEOUTS) {
  Deno.test(`timeoutMs(${JSON.stringify(text)}) is ${ms}`, () => assert.equal(timeoutMs(text), ms));
}

Deno.test("metadataOf() joins what comes more than once", () => {
  const metadata = metadataOf([["a", "1"], ["b", "2"], ["a", "3"]]);
  assert.deepEqual([...metadata], [["a", "1,3"], ["b", "2"]]);
});

Deno.test("binaryValue() is base64 without padding", () => {
  assert.equal(binaryValue(Uint8Array.of(0)), "AA");
  assert.equal(binaryValue(Uint8Array.of(255, 255, 255)), "////");
  assert.equal(binaryValue(new Uint8Array(0)), "");
});

Deno.test("binaryBytes() reads both alphabets, with and without padding, and nothing else", () => {
  assert.deepEqual(binaryBytes("//8"), Uint8Array.of(255, 255));
  assert.deepEqual(binaryBytes("__8="), Uint8Array.of(255, 255));
  assert.equal(binaryBytes("{}"), undefined);
});

for (const [ms, text] of [[0, "0m"], [-5, "0m"], [1.2, "2m"], [99_999_999, "99999999m"], [1e9, "1000000S"]] as const) {
  Deno.test(`timeoutText(${ms}) is ${text}`, () => assert.equal(timeoutText(ms), text));
}
