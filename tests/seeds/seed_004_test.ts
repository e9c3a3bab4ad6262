import assert from "node:assert/strict";
import {
  agentMessage,
  answerOf,
  questionOf,
  textOf,
  toolCallPart,
  toolCallsOf,
  toolOutcomePart,
  toolOutcomesOf,
  userMessage,
} from "../../src/a2a/parts.ts";
import { Message, type Task } from "../../src/a2a/types.ts";

/* Each helper of the fifth description, and the function of ours that does its work. */

const ids = { messageId: "m1" };
const call = { id: "call_123", name: "search_web", arguments: { query: "AI agents" } };

Deno.test('a2a.CreateUserMessage("Hello") is userMessage()', () => {
  assert.deepEqual(userMessage("Hello", ids), { messageId: "m1", role: "ROLE_USER", parts: [{ text: "Hello" }] });
});

Deno.test('a2a.CreateAssistantMessage("Hi!") is agentMessage()', () => {
  const message = agentMessage([{ text: "Hi!" }], ids);
  assert.deepEqual(message, { messageId: "m1", role: "ROLE_AGENT", parts: [{ text: "Hi!" }] });
});

Deno.test("a2a.ExtractTextFromMessage(msg) is textOf()", () => {
  assert.equal(textOf(agentMessage([{ text: "Hello, " }, toolCallPart(call), { text: "world" }], ids)), "Hello, world");
});

Deno.test("a2a.ExtractToolCallsFromMessage(msg) is toolCallsOf()", () => {
  const message = agentMessage([{ text: "Let me look" }, toolCallPart(call)], ids);
  assert.deepEqual(toolCallsOf(message), [call]);
  assert.deepEqual(toolCallsOf(userMessage("Hello", ids)), []);
});

Deno.test("a2a.ExtractTextFromTask(task) is questionOf(), and answerOf() reads the other side", () => {
  const task: Task = {
    id: "t1",
    status: { state: "TASK_STATE_COMPLETED" },
    history: [userMessage("First", ids), agentMessage([{ text: "Which?" }], ids), userMessage("Second", ids)],
    artifacts: [{ artifactId: "a", parts: [{ text: "Done" }] }],
  };
  assert.equal(questionOf(task), "Second");
  assert.equal(answerOf(task), "Done");
});

Deno.test("a2a.ToolCall's RawArgs are kept where they are no object", () => {
  const malformed = { ...call, arguments: {}, malformed: '{"query": "AI ag' };
  assert.deepEqual(toolCallsOf(agentMessage([toolCallPart(malformed)], ids)), [malformed]);
});

Deno.test("a message's ToolCallID and Name are those of the outcome that it carries", () => {
  const outcome = { id: "call_123", name: "search_web", output: "three results", isError: false };
  assert.deepEqual(toolOutcomesOf(agentMessage([toolOutcomePart(outcome)], ids)), [outcome]);
});

Deno.test("a message of text, file, data and tool calls is a message of A2A 1.0", () => {
  const message = agentMessage([
    { text: "Analyze this image" },
    { url: "file:chart.png", filename: "chart.png", mediaType: "image/png" },
    { data: { rows: [1, 2] } },
    toolCallPart(call),
  ], ids);
  assert.deepEqual(Message.parse(JSON.parse(JSON.stringify(message))), message);
});
