import type { Row } from "./example.ts";

const PARTS = "tests/seeds/seed_004_test.ts";
const GO = "an interface of the Go program; ours has the same task under another name";

export const SEED_004: readonly Row[] = [
  {
    kind: "skip",
    section: "Native Message Types Throughout",
    name: "LLMService, MemoryService, Agent",
    reason: `${GO}: model/model.ts, memory/memory.ts, agent/agent.ts`,
  },
  { kind: "held", section: "Rich Content Support", name: "a message of text, file, data and tool calls", by: [PARTS] },
  { kind: "held", section: "Native Tool Call Integration", name: "a2a.ToolCall", by: [PARTS] },
  {
    kind: "http",
    section: "A2A Server",
    name: "message/send with MessageSendParams",
    method: "POST",
    path: "/agents/assistant/message/send",
    body: { message: { role: "user", parts: [{ type: "text", text: "Hello" }] } },
    json: {
      task: {
        messages: [{ role: "user", parts: [{ type: "text" }] }, { role: "assistant", parts: [{ type: "text" }] }],
      },
    },
  },
  { kind: "held", section: "Agent Implementation", name: "ExtractTextFromTask, CreateAssistantMessage", by: [PARTS] },
  {
    kind: "held",
    section: "Memory Services",
    name: "AddToHistory, GetRecentHistory",
    by: ["tests/task/history_test.ts", "tests/memory/token_window_test.ts"],
  },
  {
    kind: "held",
    section: "LLM Providers",
    name: "messages to a provider's format",
    by: ["tests/model/providers_test.ts"],
  },
  {
    kind: "held",
    section: "Message Type Hierarchy",
    name: "role, parts, tool calls, tool results",
    by: [PARTS],
    decision: "system and tool are no roles of A2A: a tool's outcome is a part, and the system prompt is no message",
  },
  { kind: "held", section: "Helper Functions", name: "all five", by: [PARTS] },
  { kind: "skip", section: "Type Safety", name: "the three interfaces again", reason: GO },
  { kind: "held", section: "Multi-Modal Support", name: "text, image, data", by: [PARTS] },
];
