import type { Row } from "./example.ts";

const QUICK_START = "tests/e2e/seed_000_test.ts";
const PLATFORM = "a platform of the deployment: nothing to run in a test";
const SOURCES = "tests/e2e/sources_test.ts";

const task = {
  task: { id: "t", contextId: "c", status: { state: "TASK_STATE_COMPLETED" }, artifacts: [{ parts: [{}] }] },
};
const rpcTask = { jsonrpc: "2.0", id: "1", result: { kind: "task", status: { state: "completed" }, artifacts: [{}] } };
/** A2A 0.3 over REST, which is what this description says it speaks. */
const stream = `data: {"task": {"id": "t", "status": {"state": "TASK_STATE_SUBMITTED"}}}

data: {"statusUpdate": {"taskId": "t", "status": {"state": "TASK_STATE_WORKING"}}}

data: {"artifactUpdate": {"taskId": "t", "artifact": {"parts": [{"text": "Report"}]}}}

data: {"statusUpdate": {"taskId": "t", "status": {"state": "TASK_STATE_COMPLETED"}, "final": true}}`;

export const SEED_000: readonly Row[] = [
  { kind: "skip", section: "Quick Start", name: "go install", reason: "installs the Go program" },
  { kind: "held", section: "Quick Start", name: "agents.yaml", by: [QUICK_START] },
  { kind: "held", section: "Quick Start", name: "hector serve --config agents.yaml", by: [QUICK_START] },
  { kind: "held", section: "Client Access", name: "hector call, chat, list", by: [QUICK_START] },
  {
    kind: "http",
    section: "Client Access",
    name: "send",
    curl: `# Send message (A2A Protocol compliant)
curl -X POST http://localhost:8080/v1/agents/analyst/message:send \\
  -H "Content-Type: application/json" \\
  -d '{
    "message": {
      "parts": [{"text": "Analyze system architecture"}],
      "role": "user"
    }
  }'`,
    json: task,
  },
  {
    kind: "http",
    section: "Client Access",
    name: "stream",
    curl: `# Stream responses (SSE)
curl -N http://localhost:8080/v1/agents/analyst/message:stream \\
  -H "Content-Type: application/json" \\
  -d '{
    "message": {
      "parts": [{"text": "Generate report"}],
      "role": "user"
    }
  }'`,
    sse: stream,
  },
  {
    kind: "http",
    section: "Client Access",
    name: "list agents",
    curl: "curl http://localhost:8080/v1/agents",
    json: { agents: [{ id: "analyst", name: "analyst" }], total: 1 },
  },
  { kind: "held", section: "Local Mode", name: "hector call without a server", by: [QUICK_START] },
  {
    kind: "skip",
    section: "Configuration Example",
    name: "memory.working, memory.long_term, databases",
    reason: "memory strategies and vector databases are not built yet",
  },
  {
    kind: "held",
    section: "Distributed Configuration",
    name: "hector serve --config-watch",
    by: ["tests/e2e/reload_test.ts"],
  },
  { kind: "held", section: "Distributed Configuration", name: "consul, etcd, zookeeper", by: [SOURCES] },
  {
    kind: "skip",
    section: "Observability",
    name: "global.observability",
    reason: "tracing is not built yet; global.observability.metrics loads (tests/config/generations_test.ts)",
  },
  { kind: "held", section: "Observability", name: "GET /metrics", by: ["tests/server/metrics_route_test.ts"] },
  {
    kind: "config",
    section: "Security",
    name: "global.auth, visibility, the command tool",
    yaml: `global:
  auth:
    enabled: true
    jwks_url: https://auth.company.com/.well-known/jwks.json
    issuer: https://auth.company.com
    audience: hector-api

agents:
  internal-analyst:
    visibility: private  # Not exposed via A2A discovery
    llm: gpt-4o
    
  public-assistant:
    visibility: public
    llm: gpt-4o
    tools:
      - name: command
        config:
          sandboxing: true
          allowed_commands: [ls, cat, grep]
`,
  },
  {
    kind: "config",
    section: "Multi-Agent Orchestration",
    name: "native agents",
    yaml: `agents:
  orchestrator:
    llm: gpt-4o
    tools: [agent_call]
    reasoning:
      engine: supervisor  # Optimized for multi-agent coordination
      max_iterations: 10
    description: "Routes tasks to specialist agents based on requirements"
    
  code-analyst:
    llm: gpt-4o
    tools: [search, search_replace, execute_command]
    reasoning:
      engine: chain-of-thought
      max_iterations: 100
    description: "Analyzes codebases and identifies issues"
    
  documentation-writer:
    llm: claude-3-5-sonnet
    tools: [search, write_file]
    reasoning:
      engine: chain-of-thought
      max_iterations: 100
    description: "Creates technical documentation"
`,
  },
  {
    kind: "config",
    section: "Multi-Agent Orchestration",
    name: "type: a2a",
    yaml: `agents:
  coordinator:
    type: native
    llm: gpt-4o
    tools: [agent_call]
    reasoning:
      engine: supervisor
    
  data-processor:
    type: a2a
    url: https://data-service.internal/v1
    description: "Processes large datasets"
    
  ml-predictor:
    type: a2a  
    url: https://ml-service.internal/v1
    description: "Runs ML inference"
`,
  },
  { kind: "skip", section: "Docker", name: "Dockerfile, docker run", reason: PLATFORM },
  { kind: "skip", section: "Kubernetes", name: "Deployment, Service", reason: PLATFORM },
  {
    kind: "http",
    section: "Kubernetes",
    name: "livenessProbe",
    method: "GET",
    path: "/health",
    json: { status: "ok" },
  },
  {
    kind: "http",
    section: "Kubernetes",
    name: "readinessProbe",
    method: "GET",
    path: "/ready",
    json: { status: "ready" },
  },
  { kind: "held", section: "Configuration Management", name: "consul kv put", by: [SOURCES] },
  {
    kind: "http",
    section: "HTTP APIs",
    name: "REST send with a token",
    curl: `# REST API: Send message (A2A Protocol compliant)
curl -X POST http://localhost:8080/v1/agents/analyst/message:send \\
  -H "Content-Type: application/json" \\
  -H "Authorization: Bearer <token>" \\
  -d '{
    "message": {
      "parts": [{"text": "Analyze system performance"}],
      "role": "user"
    }
  }'`,
    json: task,
  },
  {
    kind: "http",
    section: "HTTP APIs",
    name: "REST stream",
    curl: `# REST API: Stream responses (SSE)
curl -N http://localhost:8080/v1/agents/analyst/message:stream \\
  -H "Content-Type: application/json" \\
  -d '{
    "message": {
      "parts": [{"text": "Generate report"}],
      "role": "user"
    }
  }'`,
    sse: stream,
  },
  {
    kind: "http",
    section: "HTTP APIs",
    name: "REST discovery",
    curl: `# REST API: Agent discovery
curl http://localhost:8080/v1/agents/analyst`,
    json: { name: "analyst", description: "", url: "", version: "", capabilities: { streaming: true }, skills: [{}] },
  },
  {
    kind: "http",
    section: "HTTP APIs",
    name: "JSON-RPC, single-agent mode",
    curl: `# JSON-RPC: Call agent (single-agent mode)
curl -X POST http://localhost:8080/ \\
  -H "Content-Type: application/json" \\
  -d '{"jsonrpc":"2.0","method":"message/send","params":{"request":{"parts":[{"text":"Hello"}],"role":"user"}},"id":"1"}'`,
    json: rpcTask,
  },
  {
    kind: "http",
    section: "HTTP APIs",
    name: "JSON-RPC, multi-agent mode",
    curl: `# JSON-RPC: Call specific agent (multi-agent mode)
curl -X POST 'http://localhost:8080/?agent=orchestrator' \\
  -H "Content-Type: application/json" \\
  -d '{"jsonrpc":"2.0","method":"message/send","params":{"request":{"parts":[{"text":"Hello"}],"role":"user"}},"id":"1"}'`,
    json: rpcTask,
  },
  { kind: "skip", section: "HTTP APIs", name: "open http://localhost:8080/", reason: "the web UI is not built yet" },
  {
    kind: "held",
    section: "gRPC",
    name: "SendMessage(MessageRequest{AgentId, Content})",
    by: ["tests/e2e/grpc_test.ts"],
    decision: "the messages of this sketch are pseudo-code; the services are those of A2A",
  },
  {
    kind: "socket",
    section: "WebSocket",
    name: "a message as its content",
    path: "/v1/agents/analyst/ws",
    sends: { content: "Real-time analysis" },
    receives: [
      { kind: "task", id: "t", status: { state: "submitted" } },
      { kind: "artifact-update", artifact: { parts: [{ kind: "text", text: "" }] } },
      { kind: "status-update", status: { state: "completed" }, final: true },
    ],
  },
  { kind: "held", section: "A2A Protocol", name: "two servers", by: ["tests/e2e/federation_test.ts"] },
  {
    kind: "http",
    section: "A2A Protocol",
    name: "POST /v1/agents/specialist/message:send",
    method: "POST",
    path: "/v1/agents/specialist/message:send",
    body: { message: { parts: [{ text: "Hello" }], role: "user" } },
    json: task,
  },
  { kind: "held", section: "Examples", name: "configs/coding.yaml", by: ["tests/e2e/configs_test.ts"] },
  { kind: "held", section: "Examples", name: "the other configs/*.yaml", by: ["tests/e2e/configs_test.ts"] },
];
