import assert from "node:assert/strict";
import { differences, framesOf, saidIn, streamDifferences } from "./conforms.ts";

/** [actual, example, what is told; undefined: nothing] */
const ROWS: [actual: unknown, example: unknown, told: RegExp | undefined][] = [
  [{ text: "other", more: 1 }, { text: "example" }, undefined],
  [{}, { text: "example" }, /^\.text: is missing$/],
  [{ text: 1 }, { text: "example" }, /^\.text: expected "example", found 1$/],
  [{ state: "working" }, { state: "completed" }, /^\.state: expected/],
  [{ error: { code: -32602 } }, { error: { code: -32600 } }, /^\.error\.code/],
  [{ total: 6 }, { total: 2 }, undefined],
  [{ streaming: false }, { streaming: true }, /streaming/],
  [[], [], undefined],
  [[1, 2], [], undefined],
  [[], [{}], /none of/],
  [{ a: 1 }, [], /expected a list/],
  [[], {}, /expected an object/],
  [null, {}, /expected an object/],
  [[{ role: "user" }, { role: "agent" }], [{ role: "agent" }], undefined],
  [[{ role: "user" }, { role: "agent" }], [{ role: "agent" }, { role: "user" }], /\.1: none of/],
  [{ a: 1 }, { a: undefined }, undefined],
  [{ a: 1 }, { b: undefined }, /^\.b: is missing$/],
];

for (const [actual, example, told] of ROWS) {
  Deno.test(`differences(${JSON.stringify(actual)}, ${JSON.stringify(example)}) tells ${told}`, () => {
    const found = differences(actual, example);
    if (told === undefined) assert.deepEqual(found, []);
    else assert.match(found.join("\n"), told);
  });
}

const STREAM = `: ping

id: 1
event: status
data: {"status": {"state": "working"}}

data: {"text": "One "}

data: {"parts": [{"text": "two"}]}

data: [DONE]

`;

Deno.test("framesOf() reads frames with and without a name, as JSON or as they are", () => {
  assert.deepEqual(framesOf(STREAM).map(({ event, data }) => [event, typeof data]), [
    ["status", "object"],
    [undefined, "object"],
    [undefined, "object"],
    [undefined, "string"],
  ]);
  assert.equal(saidIn(STREAM), "One two");
});

Deno.test("streamDifferences() wants the example's frames in their order", () => {
  const working = 'event: status\ndata: {"status": {"state": "working"}}';
  assert.deepEqual(streamDifferences(STREAM, `${working}\n\ndata: [DONE]`), []);
  assert.match(streamDifferences(STREAM, `data: [DONE]\n\n${working}`).join(), /frame 1/);
  assert.match(streamDifferences(STREAM, working.replace("working", "completed")).join(), /frame 0/);
  assert.match(streamDifferences(STREAM, working.replace("event: status\n", "")).join(), /frame 0/);
});
