import assert from "node:assert/strict";
import { toolCallPart, toolCallsOf } from "../../src/a2a/parts.ts";
import { malformedOutcome, readArguments } from "../../src/model/malformed_call.ts";

/** [what the model wrote, arguments, malformed] */
const WRITTEN: [text: string, args: Record<string, unknown>, malformed?: string][] = [
  ['{"city":"Paris"}', { city: "Paris" }],
  ["{}", {}],
  ["", {}],
  ["  \n", {}],
  ['{"a":{"b":[1,null]}}', { a: { b: [1, null] } }],
  ['{"__proto__":{"x":1}}', Object.fromEntries([["__proto__", { x: 1 }]])],
  ["{", {}, "{"],
  ['{"city": Paris}', {}, '{"city": Paris}'],
  ["[1]", {}, "[1]"],
  ['"Paris"', {}, '"Paris"'],
  ["null", {}, "null"],
  ["42", {}, "42"],
  ['{"a":1}{"b":2}', {}, '{"a":1}{"b":2}'],
];

for (const [text, args, malformed] of WRITTEN) {
  Deno.test(`readArguments(${JSON.stringify(text)}) ${malformed === undefined ? "reads" : "is malformed"}`, () => {
    const read = readArguments(text);
    assert.equal(JSON.stringify(read.arguments), JSON.stringify(args));
    assert.equal(read.malformed, malformed);
  });
}

Deno.test("readArguments() takes nesting beyond all reason for malformed", () => {
  assert.equal(readArguments(`{"a":${"[".repeat(5_000)}${"]".repeat(5_000)}}`).malformed?.length, 2_000);
});

Deno.test("malformedOutcome() tells the model what it wrote and that nothing ran", () => {
  const outcome = malformedOutcome({ id: "c1", name: "get_weather", ...readArguments("{city}") });
  assert.deepEqual([outcome?.id, outcome?.name, outcome?.isError], ["c1", "get_weather", true]);
  assert.match(outcome?.output ?? "", /not a JSON object.*did not run.*\{city\}/);
});

Deno.test("malformedOutcome() lets a sound call pass", () => {
  assert.equal(malformedOutcome({ id: "c1", name: "get_weather", arguments: {} }), undefined);
});

Deno.test("a malformed call stays malformed in the journal", () => {
  const call = { id: "c1", name: "get_weather", ...readArguments("{"), opaque: { signature: "s" } };
  assert.deepEqual(toolCallsOf({ parts: [toolCallPart(call)] }), [call]);
});
