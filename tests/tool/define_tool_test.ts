import assert from "node:assert/strict";
import { z } from "zod";
import { defineTool } from "../../src/tool/define_tool.ts";
import { refusal, toolContext } from "./run_tool.ts";

const echo = defineTool({
  name: "echo",
  description: "Says it again.",
  input: () =>
    z.strictObject({
      text: z.string().min(2).describe("What to say."),
      times: z.int().min(1).default(1),
      note: z.string().optional(),
      nothing: z.null().optional(),
      list: z.array(z.strictObject({ id: z.string() })).default([]),
    }),
  replay: "safe",
  run: (input) => Promise.resolve({ content: JSON.stringify(input) }),
});

Deno.test("defineTool() tells the model the arguments as JSON Schema of an object", () => {
  assert.equal(echo.input.type, "object");
  assert.deepEqual(echo.input.required, ["text"]);
  assert.equal(echo.input.additionalProperties, false);
  assert.equal("$schema" in echo.input, false);
  assert.deepEqual(
    JSON.parse(JSON.stringify(echo.input.properties)).text,
    { type: "string", minLength: 2, description: "What to say." },
  );
});

Deno.test("run() fills in defaults", async () => {
  const { content } = await echo.run({ text: "hi" }, toolContext());
  assert.deepEqual(JSON.parse(content), { text: "hi", times: 1, list: [] });
});

Deno.test("run() takes null for an argument that is left out, where null is not a value of its own", async () => {
  const { content } = await echo.run({ text: "hi", times: null, note: null, nothing: null }, toolContext());
  assert.deepEqual(JSON.parse(content), { text: "hi", times: 1, nothing: null, list: [] });
});

const FAULTS: [input: Record<string, never> | object, told: RegExp][] = [
  [{}, /^Cannot run echo: text: /],
  [{ text: "x" }, /text: .*2/],
  [{ text: 1 }, /text: .*string/],
  [{ text: "hi", times: 0 }, /times: /],
  [{ text: "hi", times: "3" }, /times: .*number/],
  [{ text: "hi", list: [{ id: "a" }, { id: 1 }] }, /list\[1\]\.id: /],
  [{ text: "hi", txet: "x" }, /txet/],
  [{ text: "hi", list: [{ id: "a", x: 1 }] }, /list\[0\]: .*x/],
  [{ text: null }, /text: /],
  [{ text: "x", times: 0 }, /text: .*; times: /],
  [JSON.parse('{"text":"hi","__proto__":{"times":3}}'), /__proto__/],
];
for (const [input, told] of FAULTS) {
  Deno.test(`run() names what is wrong with ${JSON.stringify(input)}`, async () => {
    assert.match(await refusal(echo.run(JSON.parse(JSON.stringify(input)), toolContext())), told);
  });
}

Deno.test("run() does nothing for a caller that is gone", async () => {
  const signal = AbortSignal.abort(new Error("gone"));
  assert.equal(await refusal(echo.run({ text: "hi" }, toolContext({ signal }))), "gone");
});

Deno.test("run() hands on what the definition throws", async () => {
  const broken = defineTool({
    name: "broken",
    description: "",
    input: () => z.strictObject({}),
    replay: "once",
    run: () => Promise.reject(new Error("it broke")),
  });
  assert.equal(await refusal(broken.run({}, toolContext())), "it broke");
});
