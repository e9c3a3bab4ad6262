/* The examples of the project's first description, as written there. They have to work pasted into a terminal. */

export const QUICK_START_FILE = `# Create configuration
cat > agents.yaml << EOF
agents:
  analyst:
    llm: gpt-4o
    tools: [search, write_file, search_replace]
    reasoning:
      engine: chain-of-thought
      max_iterations: 100
EOF
`;

/** An example and what its output must hold besides being a success. */
export interface Example {
  readonly name: string;
  readonly script: string;
  /** What the person typed into it, if it asks. */
  readonly stdin?: string;
  /** The words of the user that the model has to hear, and so answers to. */
  readonly asks?: string;
  readonly shows?: readonly RegExp[];
}

/** Examples that talk to the server of the quick start. */
export const CLIENT_EXAMPLES: readonly Example[] = [
  {
    name: "call",
    script:
      `hector call "Analyze system architecture and suggest improvements" --agent analyst --server http://localhost:8080`,
    asks: "Analyze system architecture and suggest improvements",
  },
  {
    name: "chat",
    script: `hector chat --agent analyst --server http://localhost:8080`,
    stdin: "Which bottleneck is the worst?\n",
    asks: "Which bottleneck is the worst?",
  },
  { name: "list", script: `hector list --server http://localhost:8080`, shows: [/^analyst /m] },
  {
    name: "REST send",
    script: `# Send message (A2A Protocol compliant)
curl -X POST http://localhost:8080/v1/agents/analyst/message:send \\
  -H "Content-Type: application/json" \\
  -d '{
    "message": {
      "parts": [{"text": "Analyze system architecture"}],
      "role": "user"
    }
  }'`,
    asks: "Analyze system architecture",
    shows: [/"state":"TASK_STATE_COMPLETED"/],
  },
  {
    name: "REST stream",
    script: `# Stream responses (SSE)
curl -N http://localhost:8080/v1/agents/analyst/message:stream \\
  -H "Content-Type: application/json" \\
  -d '{
    "message": {
      "parts": [{"text": "Generate report"}],
      "role": "user"
    }
  }'`,
    asks: "Generate report",
    shows: [/^id: \d+$/m, /^data: \{/m, /"state":"TASK_STATE_COMPLETED"/],
  },
  { name: "REST list", script: `curl http://localhost:8080/v1/agents`, shows: [/"id":"analyst"/, /"total":2/] },
  {
    name: "REST send with a bearer token",
    script: `# REST API: Send message (A2A Protocol compliant)
curl -X POST http://localhost:8080/v1/agents/analyst/message:send \\
  -H "Content-Type: application/json" \\
  -H "Authorization: Bearer <token>" \\
  -d '{
    "message": {
      "parts": [{"text": "Analyze system performance"}],
      "role": "user"
    }
  }'`,
    asks: "Analyze system performance",
  },
  {
    name: "agent discovery",
    script: `curl http://localhost:8080/v1/agents/analyst`,
    shows: [/"name":"analyst"/, /"url":"http:\/\/localhost:\d+\/agents\/analyst"/],
  },
  {
    name: "JSON-RPC, single-agent mode",
    script: `curl -X POST http://localhost:8080/ \\
  -H "Content-Type: application/json" \\
  -d '{"jsonrpc":"2.0","method":"message/send","params":{"request":{"parts":[{"text":"Hello"}],"role":"user"}},"id":"1"}'`,
    asks: "Hello",
    shows: [/^\{"jsonrpc":"2.0","id":"1","result":/, /"state":"completed"/],
  },
  {
    name: "JSON-RPC, multi-agent mode",
    script: `curl -X POST 'http://localhost:8080/?agent=orchestrator' \\
  -H "Content-Type: application/json" \\
  -d '{"jsonrpc":"2.0","method":"message/send","params":{"request":{"parts":[{"text":"Hello"}],"role":"user"}},"id":"1"}'`,
    asks: "Hello",
    shows: [/^\{"jsonrpc":"2.0","id":"1","result":/],
  },
];

/** Examples without a server. */
export const LOCAL_EXAMPLES: readonly Example[] = [
  {
    name: "local mode",
    script: `hector call "Explain distributed systems" --config agents.yaml`,
    asks: "Explain distributed systems",
  },
  { name: "zero-config", script: `hector call "Analyze code quality"`, asks: "Analyze code quality" },
];
