import type { Row } from "./example.ts";

const DIALECT = "tests/a2a/dialects/hector_v1_rest_test.ts";
const CLIENTS = "a client library that was never published";
const LIMITS = "rate limits are not built yet";

const hello = { message: { role: "ROLE_USER", content: [{ text: "Hello" }] } };
const response = { role: "ROLE_ASSISTANT", content: [{ text: "Hello! How can I help?" }] };
const answered = { response, task_id: "task_abc123" };
const card = {
  agent: {
    name: "My Assistant",
    description: "A helpful AI assistant",
    version: "1.0.0",
    capabilities: ["chat", "tools", "streaming"],
    supported_content_types: ["text"],
  },
};
const rpcHello = { jsonrpc: "2.0", method: "message/send", params: { name: "assistant", ...hello }, id: 1 };

export const SEED_002: readonly Row[] = [
  {
    kind: "held",
    section: "Quick Reference",
    name: "ports 8080, 8081 and 8082",
    by: ["tests/server/ports_test.ts", "tests/seeds/pasted_test.ts"],
    decision: "REST, JSON-RPC and WebSocket share one port; with server.legacy_ports they have the other two besides",
  },
  {
    kind: "http",
    section: "Authentication",
    name: "Authorization: Bearer",
    guard: "tokens",
    method: "POST",
    path: "/v1/agents/assistant/message:send",
    headers: { Authorization: "Bearer $TOKEN" },
    body: hello,
    json: answered,
  },
  {
    kind: "http",
    section: "Send Message",
    name: "POST /v1/agents/{agent}/message:send",
    method: "POST",
    path: "/v1/agents/assistant/message:send",
    body: { message: { role: "ROLE_USER", content: [{ text: "What is the capital of France?" }] } },
    json: {
      response: { role: "ROLE_ASSISTANT", content: [{ text: "The capital of France is Paris." }] },
      task_id: "task_abc123",
    },
  },
  {
    kind: "http",
    section: "Send Message",
    name: "curl",
    curl: `curl -X POST http://localhost:8081/v1/agents/assistant/message:send \\
-H "Content-Type: application/json" \\
-H "Authorization: Bearer $TOKEN" \\
-d '{
"message": {
"role": "ROLE_USER",
"content": [{"text": "Hello"}]
}
}'`,
    json: answered,
  },
  {
    kind: "http",
    section: "Stream Message (SSE)",
    name: "POST /v1/agents/{agent}/message:sendStream",
    method: "POST",
    path: "/v1/agents/assistant/message:sendStream",
    body: { message: { role: "ROLE_USER", content: [{ text: "What is the capital of France?" }] } },
    sse: `data: {"response":{"content":[{"text":"The"}]}}
data: [DONE]`,
    says: "The capital of France is Paris.",
    decision: "a frame holds what the model has said since the last one, which may be more than a word",
  },
  {
    kind: "http",
    section: "Stream Message (SSE)",
    name: "curl",
    curl: `curl -N -X POST http://localhost:8081/v1/agents/assistant/message:sendStream \\
-H "Content-Type: application/json" \\
-H "Accept: text/event-stream" \\
-H "Authorization: Bearer $TOKEN" \\
-d '{
"message": {
"role": "ROLE_USER",
"content": [{"text": "Explain quantum computing"}]
}
}'`,
    sse: `data: {"response":{"content":[{"text":"The"}]}}
data: [DONE]`,
  },
  {
    kind: "http",
    section: "Get Agent Card",
    name: "per-agent endpoint",
    curl: `# Per-agent endpoint
curl http://localhost:8081/v1/agents/assistant/.well-known/agent-card.json`,
    json: card,
    decision: "beside `agent` stand the members of the cards that A2A's clients look for at the same path",
  },
  {
    kind: "http",
    section: "Get Agent Card",
    name: "query string style",
    curl: `# Query string style
curl http://localhost:8081/.well-known/agent-card.json?name=assistant`,
    json: card,
  },
  {
    kind: "http",
    section: "List Agents",
    name: "curl",
    curl: `curl http://localhost:8081/v1/agents`,
    json: { agents: [{ id: "assistant", name: "My Assistant" }, { id: "coder", name: "Coding Assistant" }] },
  },
  {
    kind: "http",
    section: "Get Task Status",
    name: "GET /v1/agents/{agent}/tasks/{task_id}",
    given: "a finished task",
    method: "GET",
    path: "/v1/agents/assistant/tasks/{task}",
    json: {
      task: {
        id: "task_abc123",
        status: "completed",
        result: { role: "ROLE_ASSISTANT", content: [{ text: "Task completed successfully" }] },
      },
    },
    decision: "beside `task` stand the members of A2A's task, whose status is an object",
  },
  {
    kind: "http",
    section: "Cancel Task",
    name: "POST /v1/agents/{agent}/tasks/{task_id}:cancel",
    given: "a running task",
    method: "POST",
    path: "/v1/agents/assistant/tasks/{task}:cancel",
    json: { task: { id: "task_abc123", status: "cancelled" } },
    decision: "cancelled here and in the newest description, canceled in the first and in A2A",
  },
  { kind: "held", section: "gRPC API", name: "service A2AService", by: ["tests/a2a/proto/drift_test.ts"] },
  {
    kind: "grpc",
    section: "gRPC API",
    name: "grpcurl SendMessage",
    grpcurl: `grpcurl -plaintext \\
-H 'agent-name: assistant' \\
-H 'authorization: Bearer $TOKEN' \\
-d '{
"request": {
"role": "ROLE_USER",
"content": [{"text": "Hello"}]
}
}' \\
localhost:8080 \\
a2a.v1.A2AService/SendMessage`,
    receives: [{ task: { status: { state: "TASK_STATE_COMPLETED" }, artifacts: [{ parts: [{ text: "" }] }] } }],
  },
  {
    kind: "grpc",
    section: "gRPC API",
    name: "grpcurl SendStreamingMessage",
    grpcurl: `grpcurl -plaintext \\
-H 'agent-name: assistant' \\
-H 'authorization: Bearer $TOKEN' \\
-d '{
"request": {
"role": "ROLE_USER",
"content": [{"text": "Explain recursion"}]
}
}' \\
localhost:8080 \\
a2a.v1.A2AService/SendStreamingMessage`,
    receives: [
      { task: { id: "t" } },
      { artifactUpdate: { artifact: { parts: [{ text: "" }] } } },
      { statusUpdate: { status: { state: "TASK_STATE_COMPLETED" }, final: true } },
    ],
    decision: "the document leaves the token out here, which its own server would not take",
  },
  {
    kind: "socket",
    section: "WebSocket API",
    name: "a message, its answer",
    path: "/v1/agents/assistant/stream",
    sends: hello,
    receives: [{ response: { content: [{ text: "Hello! How can I help?" }] } }, { done: true, task_id: "t" }],
    decision: "the answer comes in pieces, as over SSE; only whole answers name their role",
  },
  {
    kind: "http",
    section: "JSON-RPC API",
    name: "POST /rpc",
    method: "POST",
    path: "/rpc",
    body: rpcHello,
    json: { jsonrpc: "2.0", result: answered, id: 1 },
  },
  {
    kind: "http",
    section: "JSON-RPC API",
    name: "curl",
    curl: `curl -X POST http://localhost:8082/rpc \\
-H "Content-Type: application/json" \\
-d '{
"jsonrpc": "2.0",
"method": "message/send",
"params": {
"name": "assistant",
"message": {
"role": "ROLE_USER",
"content": [{"text": "Hello"}]
}
},
"id": 1
}'`,
    json: { jsonrpc: "2.0", result: answered, id: 1 },
  },
  {
    kind: "http",
    section: "JSON-RPC API",
    name: "card/get",
    method: "POST",
    path: "/rpc",
    body: { jsonrpc: "2.0", method: "card/get", params: { name: "assistant" }, id: 1 },
    json: { jsonrpc: "2.0", result: card, id: 1 },
  },
  {
    kind: "http",
    section: "Sessions",
    name: "create",
    method: "POST",
    path: "/v1/agents/assistant/sessions",
    status: 201,
    json: { session_id: "sess_abc123" },
  },
  {
    kind: "http",
    section: "Sessions",
    name: "send a message",
    given: "a session",
    method: "POST",
    path: "/v1/agents/assistant/sessions/{session}/messages",
    body: hello,
    json: answered,
  },
  {
    kind: "http",
    section: "Sessions",
    name: "list",
    given: "a session",
    method: "GET",
    path: "/v1/agents/assistant/sessions",
    json: { sessions: [{ session_id: "sess_abc123" }] },
  },
  {
    kind: "http",
    section: "Sessions",
    name: "delete",
    given: "a session",
    method: "DELETE",
    path: "/v1/agents/assistant/sessions/{session}",
    status: 204,
  },
  {
    kind: "http",
    section: "Error Handling",
    name: "agent not found",
    method: "POST",
    path: "/v1/agents/unknown_agent/message:send",
    body: hello,
    status: 404,
    json: {
      error: {
        code: "NOT_FOUND",
        message: "Agent not found: unknown_agent",
        details: { name: "unknown_agent" },
      },
    },
    decision: "the first example says INVALID_ARGUMENT, the table and the second say NOT_FOUND with 404",
  },
  { kind: "held", section: "Error Handling", name: "the table of codes", by: [DIALECT] },
  {
    kind: "http",
    section: "Error Handling",
    name: "curl",
    curl: `curl http://localhost:8081/v1/agents/unknown`,
    status: 404,
    json: { error: { code: "NOT_FOUND", message: "Agent not found: unknown" } },
  },
  { kind: "skip", section: "Rate Limiting", name: "X-RateLimit headers", reason: LIMITS },
  { kind: "held", section: "Rate Limiting", name: "RESOURCE_EXHAUSTED", by: [DIALECT] },
  {
    kind: "http",
    section: "Content Types",
    name: "text",
    method: "POST",
    path: "/v1/agents/assistant/message:send",
    body: { message: { role: "ROLE_USER", content: [{ text: "Hello" }] } },
    json: answered,
  },
  {
    kind: "http",
    section: "Content Types",
    name: "multiple chunks",
    method: "POST",
    path: "/v1/agents/assistant/message:send",
    body: { message: { role: "ROLE_USER", content: [{ text: "First part" }, { text: "Second part" }] } },
    json: answered,
  },
  { kind: "skip", section: "Client Libraries", name: "JavaScript/TypeScript", reason: CLIENTS },
  { kind: "skip", section: "Client Libraries", name: "Python", reason: CLIENTS },
  { kind: "skip", section: "Client Libraries", name: "Go", reason: CLIENTS },
  {
    kind: "http",
    section: "Health Check",
    name: "GET /health",
    method: "GET",
    path: "/health",
    headers: { "X-Hector-Dialect": "hector_v1_rest" },
    json: { status: "healthy", version: "0.x.x", uptime: "2h15m30s" },
    decision: "who does not name the dialect reads `ok`, `healthy: true` and seconds",
  },
];
