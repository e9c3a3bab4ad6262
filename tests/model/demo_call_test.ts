import assert from "node:assert/strict";
import type { JsonObject } from "../../src/lib/json.ts";
import { demoCall } from "../../src/model/demo_call.ts";

const text = (name: string): JsonObject => ({
  type: "object",
  properties: { [name]: { type: "string" } },
  required: [name],
});
const tool = (name: string, input: JsonObject) => ({ name, description: name, input });

const TOOLS = [
  tool("todo_write", {
    type: "object",
    properties: { todos: { type: "array", items: text("content") } },
    required: ["todos"],
  }),
  tool("web_search", {
    type: "object",
    properties: { query: { type: "string" }, limit: { type: "integer" } },
    required: ["query"],
  }),
  tool("write_file", text("path")),
  tool("now", { type: "object" }),
];

/** [message, tool and arguments] */
const ROWS: [message: string, call: [string, JsonObject] | undefined][] = [
  ["search for cats", ["web_search", { query: "cats" }]],
  ["Please search the web for cats", ["web_search", { query: "web for cats" }]],
  ["list todos", ["todo_write", { todos: [{ content: "todos" }] }]],
  ["can you show me my todo list", ["todo_write", { todos: [{ content: "todo list" }] }]],
  ["use write_file", ["write_file", { path: "use write_file" }]],
  ["call web_search dogs", ["web_search", { query: "dogs" }]],
  ["what does web_search do?", undefined],
  ["run now", ["now", {}]],
  ["write a poem about the web", undefined],
  ["hello", undefined],
  ["find the exit", undefined],
  ["", undefined],
];

for (const [message, call] of ROWS) {
  Deno.test(`demoCall("${message}") ${call === undefined ? "calls nothing" : `calls ${call[0]}`}`, () => {
    const made = demoCall(message, TOOLS);
    assert.deepEqual(made && [made.name, made.arguments], call);
  });
}

/** [schema of the one member, its value] */
const VALUES: [schema: JsonObject, value: unknown][] = [
  [{ type: "string" }, "cats"],
  [{ type: "integer", minimum: 3 }, 3],
  [{ type: "number" }, 1],
  [{ type: "boolean" }, false],
  [{ enum: ["a", "b"] }, "a"],
  [{ const: 7 }, 7],
  [{ type: "string", default: "x" }, "x"],
  [{ type: "string", examples: ["y"] }, "y"],
  [{ anyOf: [{ type: "boolean" }, { type: "string" }] }, false],
  [{ oneOf: [{ type: "array", items: { type: "integer" } }] }, [1]],
  [{ type: "array" }, ["cats"]],
  [{ type: "object", properties: { a: { type: "string" }, b: { type: "string" } }, required: ["b", "c"] }, {
    b: "cats",
    c: "cats",
  }],
  [{}, "cats"],
];

for (const [schema, value] of VALUES) {
  Deno.test(`demoCall() fills ${JSON.stringify(schema)} with ${JSON.stringify(value)}`, () => {
    const search = tool("search", { type: "object", properties: { it: schema }, required: ["it"] });
    assert.deepEqual(demoCall("search cats", [search])?.arguments, { it: value });
  });
}

Deno.test("demoCall() calls nothing without tools", () => assert.equal(demoCall("search for cats", []), undefined));
