import type { Row } from "./example.ts";
import { GUARDS } from "./guards.ts";

const DIALECT = "tests/a2a/dialects/hector_v2_test.ts";

const discovered = {
  enabled: true,
  type: "jwt",
  issuer: "https://auth.example.com",
  audience: "hector-api",
  client_id: "hector-client",
};
const card = {
  name: "AI Assistant",
  description: "A helpful assistant",
  url: "http://localhost:8080/agents/assistant",
  version: "2.0.0",
  protocol_version: "1.0",
  default_input_modes: ["text/plain"],
  default_output_modes: ["text/plain"],
  capabilities: { streaming: true, push_notifications: undefined, state_transition_history: false },
  preferred_transport: "jsonrpc",
  skills: [{ id: "general", name: "General Assistant", description: "Answers questions", tags: ["general"] }],
};
const answered = {
  jsonrpc: "2.0",
  id: 1,
  result: {
    task_id: "uuid-123",
    context_id: "ctx-456",
    status: {
      state: "completed",
      message: { role: "agent", parts: [{ type: "text", text: "Hello! How can I help?" }] },
    },
  },
};
const stream = `data: {"type":"task.status_update","task_id":"uuid-123","status":{"state":"submitted"}}

data: {"type":"task.status_update","task_id":"uuid-123","status":{"state":"working"}}

data: {"type":"task.status_update","task_id":"uuid-123","status":{"state":"working","message":{"role":"agent","parts":[{"type":"text","text":"Hello!"}]}}}

data: {"type":"task.status_update","task_id":"uuid-123","status":{"state":"completed","message":{"role":"agent","parts":[{"type":"text","text":"Hello! How can I help?"}]}}}`;

const rpc = (method: string, params: object) => ({ jsonrpc: "2.0", id: 1, method, params });
const hello = (part: object = { type: "text", text: "Hello" }) => ({ message: { role: "user", parts: [part] } });

function send(name: string, section: string, part: object): Row {
  return {
    kind: "http",
    section,
    name,
    method: "POST",
    path: "/agents/assistant",
    body: rpc("message:send", hello(part)),
    json: answered,
  };
}

export const SEED_003: readonly Row[] = [
  {
    kind: "http",
    section: "Health Check",
    name: "GET /health",
    curl: "curl http://localhost:8080/health",
    json: { status: "ok", studio_mode: false },
  },
  {
    kind: "http",
    section: "Health Check",
    name: "auth, studio",
    guard: "tokens",
    isOpen: true,
    method: "GET",
    path: "/health",
    json: {
      status: "ok",
      auth: discovered,
      studio: { enabled: true, allowed_roles: ["admin", "operator"] },
    },
  },
  {
    kind: "http",
    section: "Multi-Agent Discovery",
    name: "GET /agents",
    method: "GET",
    path: "/agents",
    json: { agents: [card], total: 2 },
    decision: "`push_notifications` says what is so",
  },
  { kind: "held", section: "Multi-Agent Discovery", name: "visibility", by: ["tests/server/directory_test.ts"] },
  {
    kind: "http",
    section: "JSON Schema",
    name: "GET /api/schema",
    method: "GET",
    path: "/api/schema",
    json: {
      $id: "https://hector.dev/schemas/config.json",
      $schema: "http://json-schema.org/draft-07/schema#",
      title: "Hector Configuration Schema",
      description: "Complete configuration schema for Hector v2",
      type: "object",
      properties: { version: {}, agents: {}, llms: {}, tools: {} },
    },
  },
  {
    kind: "http",
    section: "Configuration (Studio Mode)",
    name: "GET /api/config",
    guard: "tokens",
    method: "GET",
    path: "/api/config",
    headers: { Authorization: "Bearer $TOKEN" },
  },
  {
    kind: "http",
    section: "Configuration (Studio Mode)",
    name: "POST /api/config",
    guard: "tokens",
    method: "POST",
    path: "/api/config",
    headers: { Authorization: "Bearer $TOKEN", "Content-Type": "application/yaml" },
    body: GUARDS.tokens.yaml.replace("A helpful assistant", "Updated."),
    json: { status: "saved", message: "Configuration saved. Reloading..." },
  },
  {
    kind: "config",
    section: "Configuration (Studio Mode)",
    name: "the configuration",
    yaml: `version: "2"
agents:
  assistant:
    llm: default
    instruction: You are a helpful assistant.
`,
  },
  {
    kind: "http",
    section: "Prometheus Metrics",
    name: "GET /metrics",
    given: "a finished task",
    method: "GET",
    path: "/metrics",
    lines: [
      /^# HELP hector_requests_total ./,
      /^# TYPE hector_requests_total counter$/,
      /^hector_requests_total\{.*agent="assistant".*\} [1-9]\d*$/,
    ],
  },
  {
    kind: "config",
    section: "Prometheus Metrics",
    name: "observability.metrics",
    yaml: `agents: { assistant: { llm: default } }
llms: { default: { provider: scripted } }
observability:
  metrics:
    enabled: true
    endpoint: /metrics  # default
`,
  },
  {
    kind: "http",
    section: "Cancel Tool Execution",
    name: "POST /api/tasks/{taskId}/toolCalls/{callId}/cancel",
    given: "a tool call at work",
    method: "POST",
    path: "/api/tasks/{task}/toolCalls/{call}/cancel",
    json: { cancelled: true, task_id: "uuid-123", call_id: "call-456" },
  },
  {
    kind: "http",
    section: "A2A Compliance",
    name: "message/send",
    method: "POST",
    path: "/agents/assistant",
    body: rpc("message/send", hello()),
    json: answered,
  },
  {
    kind: "http",
    section: "A2A Compliance",
    name: "message/stream",
    method: "POST",
    path: "/agents/assistant",
    body: rpc("message/stream", hello()),
    sse: stream,
  },
  {
    kind: "http",
    section: "A2A Compliance",
    name: "tasks/get",
    given: "a finished task",
    method: "POST",
    path: "/agents/assistant",
    body: rpc("tasks/get", { id: "{task}" }),
    json: { jsonrpc: "2.0", id: 1, result: { kind: "task", id: "uuid-123", status: { state: "completed" } } },
    decision: "no answer is shown; the method is A2A 0.3's, and so is the answer without the dialect's name",
  },
  {
    kind: "http",
    section: "A2A Compliance",
    name: "tasks/get in this description's words",
    given: "a finished task",
    method: "POST",
    path: "/agents/assistant?dialect=hector_v2",
    body: rpc("tasks/get", { task_id: "{task}" }),
    json: answered,
  },
  {
    kind: "http",
    section: "A2A Compliance",
    name: "tasks/list",
    given: "a finished task",
    method: "POST",
    path: "/agents/assistant",
    body: rpc("tasks/list", {}),
    json: { jsonrpc: "2.0", id: 1, result: { tasks: [{ status: { state: "completed" } }], totalSize: 1 } },
  },
  {
    kind: "http",
    section: "A2A Compliance",
    name: "tasks/cancel",
    given: "a running task",
    method: "POST",
    path: "/agents/assistant?dialect=hector_v2",
    body: rpc("tasks/cancel", { id: "{task}" }),
    json: { jsonrpc: "2.0", id: 1, result: { task_id: "uuid-123", status: { state: "cancelled" } } },
  },
  {
    kind: "http",
    section: "A2A Compliance",
    name: "tasks/subscribe",
    given: "a finished task",
    method: "POST",
    path: "/agents/assistant",
    body: rpc("tasks/subscribe", { id: "{task}" }),
    sse: stream,
  },
  {
    kind: "http",
    section: "Default Agent Card",
    name: "GET /.well-known/agent-card.json",
    method: "GET",
    path: "/.well-known/agent-card.json?dialect=hector_v2",
    json: card,
    decision: "this path is A2A's: its names are in snake_case only for who names the dialect, and on /agents",
  },
  {
    kind: "http",
    section: "Default Agent Card",
    name: "provider",
    method: "GET",
    path: "/.well-known/agent-card.json?dialect=hector_v2",
    json: { ...card, provider: { org: "Hector", url: "https://github.com/verikod/hector" } },
  },
  {
    kind: "http",
    section: "Default Agent Card",
    name: "security_schemes, security",
    guard: "tokens",
    isOpen: true,
    method: "GET",
    path: "/.well-known/agent-card.json?dialect=hector_v2",
    json: {
      ...card,
      security_schemes: { BearerAuth: { type: "http", scheme: "bearer", bearer_format: "JWT" } },
      security: [{ BearerAuth: [] }],
    },
  },
  {
    kind: "http",
    section: "Per-Agent Card",
    name: "GET /agents/{name}",
    method: "GET",
    path: "/agents/assistant",
    json: card,
  },
  {
    kind: "http",
    section: "Per-Agent Card",
    name: "GET /agents/{name}/.well-known/agent-card.json",
    method: "GET",
    path: "/agents/assistant/.well-known/agent-card.json",
    json: card,
  },
  send("message:send", "message:send (Blocking)", { type: "text", text: "Hello" }),
  {
    kind: "http",
    section: "message:stream (Streaming)",
    name: "curl",
    curl: `curl -X POST http://localhost:8080/agents/assistant \\
  -H "Content-Type: application/json" \\
  -H "Accept: text/event-stream" \\
  -d '{
    "jsonrpc": "2.0",
    "id": 1,
    "method": "message:stream",
    "params": {
      "message": {
        "role": "user",
        "parts": [{"type": "text", "text": "Hello"}]
      }
    }
  }'`,
    sse: stream,
  },
  send("text", "Message Parts", { type: "text", text: "Hello world" }),
  send("file by URL", "Message Parts", {
    type: "file",
    name: "document.pdf",
    mime_type: "application/pdf",
    url: "https://example.com/document.pdf",
  }),
  {
    kind: "http",
    section: "Message Parts",
    name: "file inline",
    method: "POST",
    path: "/agents/assistant",
    body: rpc(
      "message:send",
      hello({ type: "file", name: "image.png", mime_type: "image/png", data: "base64-encoded-data" }),
    ),
    json: answered,
    decision: "the placeholder happens to be base64",
  },
  send("structured data", "Message Parts", { type: "data", mime_type: "application/json", data: { key: "value" } }),
  { kind: "held", section: "Task States", name: "all states", by: [DIALECT] },
  {
    kind: "http",
    section: "Error Response",
    name: "missing message",
    method: "POST",
    path: "/agents/assistant",
    body: rpc("message:send", {}),
    json: {
      jsonrpc: "2.0",
      id: 1,
      error: { code: -32600, message: "Invalid request", data: { detail: "Missing required field: message" } },
    },
  },
  { kind: "held", section: "Error Response", name: "the table of codes", by: [DIALECT] },
  {
    kind: "http",
    section: "Authentication",
    name: "Authorization: Bearer",
    guard: "tokens",
    method: "POST",
    path: "/agents/assistant",
    headers: { Authorization: "Bearer $TOKEN" },
    body: rpc("message:send", { message: { role: "user", parts: [{ type: "text", text: "Hello" }] } }),
    json: answered,
  },
  ...["/.well-known/agent-card.json", "/agents", "/agents/assistant"].map((path) => ({
    kind: "http" as const,
    section: "Authentication",
    name: `excluded path ${path}`,
    guard: "tokens" as const,
    isOpen: true,
    method: "GET",
    path,
    json: {},
  })),
  {
    kind: "http",
    section: "Auth Discovery",
    name: "auth in GET /health",
    guard: "tokens",
    isOpen: true,
    curl: "curl http://localhost:8080/health",
    json: { auth: discovered },
  },
  {
    kind: "config",
    section: "Transport Options",
    name: "server.grpc_port",
    yaml: `agents: { assistant: { llm: default } }
llms: { default: { provider: scripted } }
server: { grpc_port: 9090 }
`,
  },
  ...["transport: jsonrpc", "transport: grpc, grpc_port: 9090"].map((server): Row => ({
    kind: "config",
    section: "Transport Options",
    name: `server: { ${server} }`,
    yaml: `agents: { assistant: { llm: default } }
llms: { default: { provider: scripted } }
server: { ${server} }
`,
    decision: "a server speaks all of them at once; the one that is named stands first on cards",
  })),
  {
    kind: "http",
    section: "Examples",
    name: "basic chat request",
    curl: `curl -X POST http://localhost:8080/agents/assistant \\
  -H "Content-Type: application/json" \\
  -d '{
    "jsonrpc": "2.0",
    "id": 1,
    "method": "message:send",
    "params": {
      "message": {
        "role": "user",
        "parts": [{"type": "text", "text": "What is 2+2?"}]
      }
    }
  }'`,
    json: answered,
  },
  {
    kind: "http",
    section: "Examples",
    name: "authenticated request",
    guard: "tokens",
    curl: `curl -X POST http://localhost:8080/agents/assistant \\
  -H "Content-Type: application/json" \\
  -H "Authorization: Bearer $TOKEN" \\
  -d '{
    "jsonrpc": "2.0",
    "id": 1,
    "method": "message:stream",
    "params": {
      "message": {
        "role": "user",
        "parts": [{"type": "text", "text": "Hello"}]
      }
    }
  }'`,
    sse: stream,
  },
  {
    kind: "http",
    section: "Examples",
    name: "multi-modal request",
    curl: `curl -X POST http://localhost:8080/agents/assistant \\
  -H "Content-Type: application/json" \\
  -d '{
    "jsonrpc": "2.0",
    "id": 1,
    "method": "message:send",
    "params": {
      "message": {
        "role": "user",
        "parts": [
          {"type": "text", "text": "Describe this image"},
          {"type": "file", "name": "photo.jpg", "mime_type": "image/jpeg", "url": "https://example.com/photo.jpg"}
        ]
      }
    }
  }'`,
    json: answered,
  },
  {
    kind: "skip",
    section: "CORS",
    name: "server.cors",
    reason: "pages of other origins cannot ask yet; the key is refused with that word",
  },
];
