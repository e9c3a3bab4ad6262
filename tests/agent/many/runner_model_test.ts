import assert from "node:assert/strict";
import { agentMessage, toolCallPart, toolOutcomePart, userMessage } from "../../../src/a2a/parts.ts";
import type { Message } from "../../../src/a2a/types.ts";
import { runnerModel } from "../../../src/agent/many/runner_model.ts";
import type { JsonObject } from "../../../src/lib/json.ts";
import { ModelError, type ModelEvent, type ToolSpec } from "../../../src/model/model.ts";

function spec(name: string, properties: readonly string[], required: readonly string[] = []): ToolSpec {
  const schema = Object.fromEntries(properties.map((property) => [property, { type: "string" }]));
  return { name, description: "", input: { type: "object", properties: schema, required } };
}

const TOOLS = [
  spec("one", ["text"], ["text"]),
  spec("two", ["path", "content"], ["path", "content"]),
  spec("optional", ["query", "limit"]),
  spec("none", []),
];

/** The model's events after these messages. */
async function after(tools: readonly string[], messages: readonly Message[], fixed: Record<string, JsonObject> = {}) {
  const request = { system: "", messages, tools: TOOLS, signal: new AbortController().signal };
  return await Array.fromAsync(runnerModel({ tools, fixed }).stream(request));
}

const asked = (text: string) => userMessage(text, { messageId: "m" });
const outcome = (output: string, isError = false) =>
  agentMessage([toolOutcomePart({ id: "x", name: "one", output, isError })], { messageId: "o" });

function callIn(events: readonly ModelEvent[]) {
  return events.flatMap((event) => event.kind === "call" ? [[event.call.name, event.call.arguments]] : []);
}

Deno.test("runnerModel() gives the message to the first tool, and what a tool gave out to the next", async () => {
  assert.deepEqual(callIn(await after(["one", "one"], [asked("hi")])), [["one", { text: "hi" }]]);
  const calls = agentMessage([toolCallPart({ id: "x", name: "one", arguments: {} })], { messageId: "c" });
  const told = [asked("hi"), calls, outcome("made")];
  assert.deepEqual(callIn(await after(["one", "one"], told)), [["one", { text: "made" }]]);
});

Deno.test("runnerModel() answers with what the last tool gave out; earlier turns do not count", async () => {
  const before = [asked("before"), outcome("old")];
  const events = await after(["one"], [...before, asked("hi"), outcome("made")]);
  assert.deepEqual(events, [{ kind: "text", delta: "made" }, { kind: "stop", reason: "end" }]);
  assert.deepEqual(callIn(await after(["one"], [...before, asked("hi")])), [["one", { text: "hi" }]]);
});

/** [tool, what comes in, what is fixed, its arguments] */
const ARGUMENTS: readonly (readonly [tool: string, text: string, fixed: JsonObject, expected: JsonObject])[] = [
  ["two", '{"path": "p", "content": "c"}', {}, { path: "p", content: "c" }],
  ["two", "words", { path: "out.txt" }, { path: "out.txt", content: "words" }],
  ["two", '{"other": 1}', { path: "p" }, { path: "p", content: '{"other": 1}' }],
  ["two", '{"path": "evil", "content": "c"}', { path: "p" }, { path: "p", content: "c" }],
  ["one", "{ no JSON", {}, { text: "{ no JSON" }],
  ["none", "words", {}, {}],
  ["optional", "words", { query: "q" }, { query: "q" }],
];

for (const [tool, text, fixed, expected] of ARGUMENTS) {
  Deno.test(`runnerModel() calls ${tool} with ${JSON.stringify(expected)} for ${text}`, async () => {
    assert.deepEqual(callIn(await after([tool], [asked(text)], { [tool]: fixed })), [[tool, expected]]);
  });
}

Deno.test("runnerModel() takes a data part as arguments", async () => {
  const message: Message = { messageId: "m", role: "ROLE_USER", parts: [{ text: "see" }, { data: { text: "inner" } }] };
  assert.deepEqual(callIn(await after(["one"], [message])), [["one", { text: "inner" }]]);
});

/** [tools, messages, why it ends] */
const ENDS: readonly (readonly [tool: string, messages: readonly Message[], why: RegExp])[] = [
  ["one", [asked("hi"), outcome("broke", true)], /Cannot go on: the tool "one" failed: broke/],
  ["two", [asked("hi")], /any of its arguments path, content; fix the others in tool_arguments/],
  ["gone", [asked("hi")], /Cannot run "gone": there is no such tool now/],
];

for (const [tool, messages, why] of ENDS) {
  Deno.test(`runnerModel() ends with ${why}`, async () => {
    await assert.rejects(after([tool], messages), (thrown) => thrown instanceof ModelError && why.test(thrown.message));
  });
}
