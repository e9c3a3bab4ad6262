import type { Row } from "./example.ts";

const GO = "a package of the Go program";
const DIALECT = "tests/a2a/dialects/hector_v1_test.ts";

const answered = {
  task: {
    id: "task-uuid",
    status: { state: "completed" },
    messages: [{ role: "assistant", parts: [{ type: "text", text: "The weather in Paris is..." }] }],
    artifacts: [],
    created_at: "2025-10-07T12:00:00Z",
    updated_at: "2025-10-07T12:00:05Z",
  },
};
const story = `event: status
data: {"task_id": "task-123", "status": {"state": "working"}}

event: message
data: {"task_id": "task-123", "message": {"role": "assistant", "parts": [{"type": "text", "text": "Once"}]}}

event: status
data: {"task_id": "task-123", "status": {"state": "completed"}}`;

export const SEED_001: readonly Row[] = [
  {
    kind: "http",
    section: "3.1 Agent Directory",
    name: "GET /agents as an array",
    method: "GET",
    path: "/agents?format=array",
    json: [{ name: "", description: "", version: "", url: "", capabilities: { streaming: true } }],
    decision: "without `format=array` or the dialect's name it is the object of the newest description",
  },
  {
    kind: "http",
    section: "3.2 Agent Card",
    name: "the card's members",
    method: "GET",
    path: "/agents/weather_assistant",
    headers: { "X-Hector-Dialect": "hector_v1" },
    json: {
      name: "",
      description: "",
      version: "",
      url: "",
      capabilities: {
        streaming: true,
        multiTurn: true,
        toolUse: true,
        orchestration: false,
        supportedInputFormats: ["text"],
        supportedOutputFormats: ["text"],
      },
      tags: ["general"],
      metadata: {},
    },
    decision: "the document's own card only for who names the dialect; all others read A2A's",
  },
  {
    kind: "config",
    section: "3.2 Agent Card",
    name: "agents as a list of names",
    // The llm and the tool weather stand in other parts of that description's file.
    yaml: `llms: {openai-gpt4: {type: openai, model: gpt-4o, api_key: sk-x}}
tools:
  weather: { type: mcp, url: http://localhost:3000/mcp }
agents:
  - name: weather_assistant
    description: "Weather information assistant"
    visibility: public  # Discoverable via /agents
    llm: openai-gpt4
    tools: [search, weather]
`,
  },
  {
    kind: "http",
    section: "4.1 Sending Messages",
    name: "POST /agents/{agentId}/message/send",
    method: "POST",
    path: "/agents/weather_assistant/message/send",
    body: {
      message: { role: "user", parts: [{ type: "text", text: "What's the weather in Paris?" }] },
      session_id: "optional-session-id",
    },
    json: answered,
  },
  { kind: "held", section: "4.1 Sending Messages", name: "task states", by: [DIALECT] },
  {
    kind: "http",
    section: "4.2 Task Status",
    name: "GET /agents/{agentId}/tasks/{taskId}",
    given: "a finished task",
    method: "GET",
    path: "/agents/weather_assistant/tasks/{task}",
    json: answered,
  },
  {
    kind: "http",
    section: "4.3 Task Cancellation",
    name: "DELETE /agents/{agentId}/tasks/{taskId}",
    given: "a running task",
    method: "DELETE",
    path: "/agents/weather_assistant/tasks/{task}",
    status: 204,
  },
  {
    kind: "http",
    section: "5.1 Creating Sessions",
    name: "POST /sessions",
    method: "POST",
    path: "/sessions",
    body: { agent_name: "weather_assistant", metadata: { user_id: "user123" } },
    status: 201,
    json: {
      id: "session-uuid",
      agent_name: "weather_assistant",
      created_at: "2025-10-07T12:00:00Z",
      metadata: { user_id: "user123" },
    },
  },
  {
    kind: "http",
    section: "5.2 Deleting Sessions",
    name: "DELETE /sessions/{sessionId}",
    given: "a session",
    method: "DELETE",
    path: "/sessions/{session}",
    status: 204,
  },
  {
    kind: "http",
    section: "6.1 Authentication Schemes",
    name: "auth.jwt, Authorization: Bearer",
    guard: "secret",
    method: "POST",
    path: "/agents/secure_agent/message/send",
    headers: { Authorization: "Bearer $TOKEN" },
    body: { message: { role: "user", parts: [{ type: "text", text: "Hello" }] } },
    json: answered,
    decision: "a secret as short as this one is taken with a warning",
  },
  {
    kind: "http",
    section: "6.1 Authentication Schemes",
    name: "auth.api_key, X-API-Key",
    guard: "keys",
    method: "POST",
    path: "/agents/secure_agent/message/send",
    headers: { "X-API-Key": "$TOKEN" },
    body: { message: { role: "user", parts: [{ type: "text", text: "Hello" }] } },
    json: answered,
  },
  {
    kind: "http",
    section: "6.2 Agent Cards with Auth",
    name: "authentication where it is required",
    guard: "keys",
    isOpen: true,
    method: "GET",
    path: "/agents/secure_agent?dialect=hector_v1",
    json: { name: "secure_agent", authentication: { required: true, schemes: ["bearer", "apiKey"] } },
  },
  {
    kind: "http",
    section: "6.2 Agent Cards with Auth",
    name: "authentication",
    method: "GET",
    path: "/agents/weather_assistant?dialect=hector_v1",
    json: { name: "secure_agent", authentication: { required: false, schemes: [] } },
    decision: "`required: true` and the schemes come with authentication",
  },
  {
    kind: "http",
    section: "7.1 Streaming Messages",
    name: "POST /agents/{agentId}/message/stream",
    method: "POST",
    path: "/agents/weather_assistant/message/stream",
    body: { message: { role: "user", parts: [{ type: "text", text: "Tell me a story" }] } },
    sse: story,
    says: "I heard: Tell me a story",
  },
  { kind: "held", section: "7.1 Streaming Messages", name: "artifact events", by: [DIALECT] },
  {
    kind: "http",
    section: "7.2 Stream Resubscribe",
    name: "POST /agents/{agentId}/tasks/{taskId}/resubscribe",
    given: "a finished task",
    method: "POST",
    path: "/agents/weather_assistant/tasks/{task}/resubscribe",
    body: { last_event_id: "optional-event-id" },
    sse: story,
  },
  {
    kind: "http",
    section: "7.2 Stream Resubscribe",
    name: "behind the last event that was heard",
    given: "a finished task",
    method: "POST",
    path: "/agents/weather_assistant/tasks/{task}/resubscribe",
    body: { last_event_id: "2" },
    sse: `event: status
data: {"task_id": "task-123", "status": {"state": "completed"}}`,
  },
  {
    kind: "http",
    section: "8.1 Error Response Format",
    name: "AGENT_NOT_FOUND",
    method: "POST",
    path: "/agents/unknown_agent/message/send",
    body: { message: { role: "user", parts: [{ type: "text", text: "Hello" }] } },
    status: 404,
    json: {
      error: {
        code: "AGENT_NOT_FOUND",
        message: "Agent 'unknown_agent' not found",
        details: { agent_id: "unknown_agent" },
      },
    },
  },
  {
    kind: "http",
    section: "8.2 HTTP Status Codes",
    name: "TASK_NOT_FOUND",
    method: "GET",
    path: "/agents/weather_assistant/tasks/unknown",
    status: 404,
    json: { error: { code: "TASK_NOT_FOUND", message: "" } },
  },
  {
    kind: "http",
    section: "8.2 HTTP Status Codes",
    name: "INVALID_REQUEST",
    method: "POST",
    path: "/agents/weather_assistant/message/send",
    body: {},
    status: 400,
    json: { error: { code: "INVALID_REQUEST", message: "" } },
  },
  {
    kind: "held",
    section: "8.2 HTTP Status Codes",
    name: "AUTH_REQUIRED, AUTH_FORBIDDEN, INTERNAL_ERROR, SERVICE_UNAVAILABLE",
    by: [DIALECT],
  },
  { kind: "skip", section: "A2A Protocol Package", name: "a2a.NewClient, a2a.Agent", reason: GO },
  { kind: "skip", section: "Compliance Verification", name: "make test", reason: GO },
  {
    kind: "held",
    section: "Compliance Verification",
    name: "hector serve configs/weather-agent.yaml",
    by: ["configs/weather-agent.yaml", "tests/e2e/configs_test.ts"],
  },
  {
    kind: "http",
    section: "Compliance Verification",
    name: "discovery",
    curl: `# Test discovery
curl http://localhost:8080/agents`,
    json: { agents: [{ name: "weather_assistant" }], total: 1 },
  },
  {
    kind: "http",
    section: "Compliance Verification",
    name: "agent card",
    curl: `# Test agent card
curl http://localhost:8080/agents/weather_assistant`,
    json: { name: "weather_assistant", description: "", version: "", url: "", capabilities: { streaming: true } },
  },
  {
    kind: "http",
    section: "Compliance Verification",
    name: "task execution",
    curl: `# Test task execution
curl -X POST http://localhost:8080/agents/weather_assistant/message/send \\
  -H "Content-Type: application/json" \\
  -d '{"message":{"role":"user","parts":[{"type":"text","text":"Hello"}]}}'`,
    json: answered,
  },
  {
    kind: "http",
    section: "Compliance Verification",
    name: "streaming",
    curl: `curl -X POST http://localhost:8080/agents/weather_assistant/message/stream \\
  -H "Content-Type: application/json" \\
  -H "Accept: text/event-stream" \\
  -d '{"message":{"role":"user","parts":[{"type":"text","text":"Tell me a story"}]}}'`,
    sse: story,
  },
];
