import assert from "node:assert/strict";
import {
  agentMessage,
  answerOf,
  questionOf,
  textOf,
  TOOL_PART,
  type ToolCall,
  toolCallPart,
  toolCallsOf,
  type ToolOutcome,
  toolOutcomePart,
  toolOutcomesOf,
  userMessage,
} from "../../src/a2a/parts.ts";
import { Message, type Part, type Task } from "../../src/a2a/types.ts";

const CALLS: readonly ToolCall[] = [
  { id: "call_123", name: "search_web", arguments: { query: "AI agents" } },
  { id: "c2", name: "write_file", arguments: {}, malformed: '{"path": "a' },
  { id: "c3", name: "now", arguments: { nested: [null, { a: 1 }] }, opaque: { signature: "s" } },
];
const OUTCOMES: readonly ToolOutcome[] = [
  { id: "call_123", name: "search_web", output: "3 results", isError: false },
  { id: "c2", name: "write_file", output: "no", isError: true, display: "It did not work" },
];

Deno.test("userMessage() and agentMessage() make valid messages", () => {
  const hello = userMessage("Hello", { messageId: "m1", contextId: "c" });
  assert.deepEqual(hello, { messageId: "m1", contextId: "c", role: "ROLE_USER", parts: [{ text: "Hello" }] });
  const reply = agentMessage([{ text: "Hi" }, { data: 1 }], { messageId: "m2", taskId: "t" });
  assert.deepEqual([reply.role, reply.taskId, reply.parts.length], ["ROLE_AGENT", "t", 2]);
  assert.deepEqual([Message.parse(hello), Message.parse(reply)], [hello, reply]);
});

Deno.test("textOf() joins the text as it stands and passes over the rest", () => {
  const parts: Part[] = [{ text: "Hel" }, { data: { text: "no" } }, { text: "lo\n" }, { url: "https://example.com" }];
  assert.equal(textOf({ parts }), "Hello\n");
  assert.equal(textOf({ parts: [{ raw: "YQ==" }] }), "");
});

Deno.test("toolCallsOf() and toolOutcomesOf() read what was written, in order, across a wire", () => {
  const parts = [{ text: "Let me see" }, ...CALLS.map(toolCallPart), ...OUTCOMES.map(toolOutcomePart)];
  const message = Message.parse(JSON.parse(JSON.stringify(agentMessage(parts, { messageId: "m" }))));
  assert.deepEqual(toolCallsOf(message), CALLS);
  assert.deepEqual(toolOutcomesOf(message), OUTCOMES);
  assert.equal(textOf(message), "Let me see");
});

/** Data that only looks like a tool call or an outcome. */
const LOOKALIKES: readonly (readonly [string, Part])[] = [
  ["data without the mark", { data: { id: "1", name: "a", arguments: {}, output: "x" } }],
  ["an unknown mark", { data: { id: "1", name: "a", arguments: {}, output: "x" }, metadata: { [TOOL_PART]: "other" } }],
  ["a call without a name", { data: { id: "1", arguments: {} }, metadata: { [TOOL_PART]: "call" } }],
  ["a call whose arguments are a list", {
    data: { id: "1", name: "a", arguments: [] },
    metadata: { [TOOL_PART]: "call" },
  }],
  ["an outcome without output", { data: { id: "1", name: "a" }, metadata: { [TOOL_PART]: "result" } }],
  ["a mark on text", { text: "x", metadata: { [TOOL_PART]: "call" } }],
  ["a mark on null", { data: null, metadata: { [TOOL_PART]: "result" } }],
];

for (const [title, part] of LOOKALIKES) {
  Deno.test(`toolCallsOf() and toolOutcomesOf() pass over ${title}`, () => {
    assert.deepEqual([toolCallsOf({ parts: [part] }), toolOutcomesOf({ parts: [part] })], [[], []]);
  });
}

const done = (task: Partial<Task>): Task => ({ id: "t", status: { state: "TASK_STATE_COMPLETED" }, ...task });
const spoken = agentMessage([{ text: "status" }], { messageId: "s" });

/** [task, answer]. */
const ANSWERS: readonly (readonly [string, Task, string])[] = [
  ["its artifact", done({ artifacts: [{ artifactId: "a", parts: [{ text: "42" }] }] }), "42"],
  [
    "its artifacts, a paragraph each",
    done({
      artifacts: [
        { artifactId: "a", parts: [{ text: "one" }] },
        { artifactId: "b", parts: [{ data: 1 }] },
        { artifactId: "c", parts: [{ text: "two" }] },
      ],
    }),
    "one\n\ntwo",
  ],
  [
    "its artifact rather than its status message",
    done({
      artifacts: [{ artifactId: "a", parts: [{ text: "42" }] }],
      status: { state: "TASK_STATE_COMPLETED", message: spoken },
    }),
    "42",
  ],
  [
    "its status message where no artifact holds text",
    done({
      artifacts: [{ artifactId: "a", parts: [{ data: 1 }] }],
      status: { state: "TASK_STATE_FAILED", message: spoken },
    }),
    "status",
  ],
  ["nothing", done({}), ""],
];

for (const [title, task, answer] of ANSWERS) {
  Deno.test(`answerOf() a task is ${title}`, () => assert.equal(answerOf(task), answer));
}

Deno.test("questionOf() is the user's newest message", () => {
  const history = [
    userMessage("first", { messageId: "1" }),
    userMessage("second", { messageId: "2" }),
    agentMessage([{ text: "reply" }], { messageId: "3" }),
  ];
  assert.equal(questionOf(done({ history })), "second");
  assert.equal(questionOf(done({ history: history.slice(2) })), "");
  assert.equal(questionOf(done({})), "");
});
