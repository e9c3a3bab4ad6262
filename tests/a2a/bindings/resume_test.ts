import assert from "node:assert/strict";
import { afterSeqOf, withoutPlace } from "../../../src/a2a/bindings/resume.ts";
import { isRefusal } from "../../task/house.ts";

const RESUME = "https://hector.dev/a2a/extensions/resume/v1";
const headers = (id?: string) => ({ headers: new Headers(id === undefined ? {} : { "last-event-id": id }) });
const place = (afterSeq: unknown) => ({ metadata: { [RESUME]: { afterSeq } } });

/** [what, header, payload, the dialect's own place, where the stream goes on]. */
const PLACES: [string, string | undefined, unknown, string | undefined, number | undefined][] = [
  ["nothing", undefined, {}, undefined, undefined],
  ["a header", "4", {}, undefined, 4],
  ["a header of somebody else", "4-a", {}, undefined, undefined],
  ["a header with a number that none can count to", "9999999999999999", {}, undefined, undefined],
  ["the extension", undefined, place(4), undefined, 4],
  ["the extension before the header", "9", place(0), undefined, 0],
  ["the extension without a place, and a header", "9", { metadata: { [RESUME]: {} } }, undefined, 9],
  ["the dialect's place before the header", "9", {}, "3", 3],
  ["metadata that is none", "9", { metadata: "x" }, undefined, 9],
];
for (const [what, header, payload, own, expected] of PLACES) {
  Deno.test(`afterSeqOf() reads ${what}`, () => {
    assert.equal(afterSeqOf(headers(header), payload, own), expected);
  });
}

for (const wrong of [-1, 0.5, "4", null, 2 ** 53]) {
  Deno.test(`afterSeqOf() refuses ${JSON.stringify(wrong)}`, () => {
    assert.throws(() => afterSeqOf(headers("4"), place(wrong)), isRefusal("INVALID_PARAMS", "afterSeq"));
  });
}

/** [request, what it says without its place]. */
const SAID: [unknown, unknown][] = [
  [{ id: "t", ...place(4) }, { id: "t" }],
  [{ metadata: { [RESUME]: {}, other: 1 } }, { metadata: { other: 1 } }],
  [{ metadata: {} }, { metadata: {} }],
  [{ metadata: { other: 1 } }, { metadata: { other: 1 } }],
  [{ metadata: null }, { metadata: null }],
  [[], []],
  [undefined, undefined],
];
for (const [request, said] of SAID) {
  Deno.test(`withoutPlace() of ${JSON.stringify(request)} is what the request says`, () => {
    assert.deepEqual(withoutPlace(request), said);
  });
}
