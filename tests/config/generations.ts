/** Every key that the generations of the file had, with values that were good in it. */
export const GENERATIONS: readonly (readonly [generation: string, text: string])[] = [
  [
    "1.0",
    `
agents:
  - name: weather_assistant
    description: Weather information assistant
    visibility: public
    llm: demo
    tools: [search]
auth:
  jwt: { enabled: true, secret: your-secret-key-of-more-than-32-bytes }
  api_key: { enabled: true, header: X-API-Key, keys: [key123] }
`,
  ],
  [
    "1.7",
    `
global:
  performance: { max_concurrency: 4 }
  a2a_server: { host: 0.0.0.0, port: 8080, grpc_port: 50051, base_url: "http://a.example", preferred_transport: json-rpc }
  auth: { enabled: true, jwks_url: "https://a.example/jwks", issuer: "https://a.example", audience: hector-api }
  observability:
    metrics_enabled: true
    metrics: { enabled: true }
    tracing: { enabled: true, exporter_type: otlp, endpoint_url: "http://otel:4317", sampling_rate: 1.0, service_name: x }
databases:
  q: { type: qdrant, host: qdrant.internal, port: 6334, api_key: x, use_tls: true }
session_stores:
  s: { backend: sql, sql: { driver: sqlite, database: x } }
embedders: { e: { type: ollama, model: nomic-embed-text, host: "http://localhost:11434" } }
document_stores:
  d:
    path: ./docs
    watch_changes: true
    incremental_indexing: true
    extract_metadata: true
    show_progress: true
    verbose_progress: true
    quiet_mode: true
llms:
  gpt-4o: { type: openai, model: gpt-4o, api_key: x, host: "https://api.openai.com/v1", temperature: 0.7, max_tokens: 8000, timeout: 60, max_retries: 5, retry_delay: 2 }
tools:
  command: { allowed_commands: [ls], working_directory: ./, max_execution_time: 30s, enable_sandboxing: true }
agents:
  analyst:
    type: native
    llm: gpt-4o
    database: q
    tools: [search, write_file, { name: command, config: { sandboxing: true, allowed_commands: [ls, cat, grep] } }]
    reasoning: { engine: chain-of-thought, max_iterations: 100, enable_streaming: true, show_tools: true, show_thinking: false }
    memory:
      working: { strategy: summary_buffer, max_tokens: 4000 }
      long_term: { type: vector, database: q, auto_recall: true }
    session_store: s
  other: { type: a2a, url: "https://b.example/v1", description: Processes }
`,
  ],
  [
    "1.9",
    `
version: "1.9.9"
name: all
description: Everything
metadata: { team: x }
defaults: { llm: x, vector_store: v, embedder: e, session_store: s }
global: { observability: { enable_metrics: true } }
llms:
  x: { type: gemini, structured_output: { format: json }, thinking: { enabled: true, budget_tokens: 1024 }, insecure_skip_verify: true, ca_certificate: a.pem, max_tokens: -1 }
vector_stores: { v: { type: chroma, host: h, enable_tls: true } }
databases: { p: { driver: postgres, host: h, port: 1, database: d, username: u, password: x, ssl_mode: disable } }
embedders: { e: { type: cohere, dimension: 1024, timeout: 30, max_retries: 3, batch_size: 96 } }
session_stores:
  s: { backend: sql, sql_database: p, rate_limit: { enabled: true, scope: user, limits: [{ type: token, window: day, limit: 1 }] } }
plugins: { plugin_discovery: { enabled: true } }
document_stores:
  d:
    source: directory
    path: ./
    include_patterns: ["*.md"]
    exclude_patterns: [x]
    additional_exclude_patterns: [y]
    enable_watch_changes: false
    enable_incremental_indexing: true
    max_file_size: 1000
    chunk_size: 800
    chunk_overlap: 0
    chunk_strategy: simple
    enable_metadata_extraction: false
    metadata_languages: [go]
    max_concurrent_files: 10
    enable_progress_display: true
    enable_verbose_progress: false
    enable_checkpoints: true
    enable_quiet_mode: true
    mcp_parsers: { tool_names: [x] }
    vector_store: v
    embedder: e
    collection: c
  q: { source: sql, sql: { driver: sqlite }, sql_tables: [{ table: t }], sql_max_rows: 0, sql_database: p }
  r: { source: api, api: { base_url: "https://a.example" } }
tools:
  execute_command: { type: command, allowed_commands: [ls], enable_approval: true, approval_prompt: "{tool}?" }
  write_file: { type: write_file, max_file_size: 1000, allowed_extensions: [.md], denied_extensions: [.x], working_directory: ./ }
  read_file: { type: read_file, internal: true, description: d }
  search_replace: { type: search_replace, max_replacements: 10 }
  apply_patch: { type: apply_patch, context_lines: 3 }
  grep_search: { type: grep_search, max_results: 10 }
  search: { type: search, max_limit: 50, enabled: true }
  web_request: { type: web_request, timeout: 30s }
  todo: { type: todo }
  agent_call: { type: agent_call }
  m: { type: mcp, server_url: "http://a.example", timeout: 5m }
agents:
  a:
    name: A
    visibility: internal
    llm_config: { type: demo }
    vector_store_config: { type: chroma }
    embedder_config: { type: ollama }
    document_stores: [d]
    prompt:
      prompt_slots: { system_role: You are x., instructions: Do y., user_guidance: z }
      include_context: true
      include_context_limit: 5
      include_context_max_length: 500
    memory: { strategy: buffer_window, budget: 8000, window_size: 20, threshold: 0.85, target: 0.7, long_term: { storage_scope: all, batch_size: 1 } }
    reasoning: { engine: supervisor, max_iterations: 100, enable_streaming: true, enable_tool_display: true, enable_thinking_display: false }
    search: { top_k: 10, search_mode: hybrid, rerank: { enabled: true } }
    task:
      backend: sql
      worker_pool: 100
      sql_database: p
      input_timeout: 600
      timeout: 3600
      hitl: { mode: auto }
      enable_checkpointing: true
      checkpoint_strategy: event
      checkpoint_interval: 1
      checkpoint_after_tools: true
      checkpoint_before_llm: true
      auto_resume: true
      auto_resume_hitl: true
      resume_timeout: 3600
    session_store: s
    tools: [search, command, todo]
    sub_agents: [b]
    security: { schemes: { b: { type: http, scheme: bearer } }, require: [{ b: [] }] }
    structured_output: { format: json }
    mcp_parser_tool: parse
    enable_tools: true
    a2a:
      version: "1"
      input_modes: [text/plain]
      output_modes: [text/plain]
      skills: [{ id: s, name: S, description: d, tags: [t], examples: [e] }]
      provider: { name: N, url: "https://a.example" }
      preferred_transport: grpc
      documentation_url: "https://a.example/docs"
  b: { type: a2a, url: "https://b.example", target_agent_id: x, credentials: { type: bearer, token: t }, insecure_skip_verify: true, ca_certificate: x }
  c: { llm: x, docs_folder: ./docs }
`,
  ],
  [
    "2.0",
    `
version: "2"
name: all
llms:
  x: { provider: ollama, model: llama3.2, base_url: "http://localhost:11434", temperature: 0.7, max_tokens: 0, max_tool_output_length: 0, thinking: { enabled: true, budget_tokens: 1024 } }
embedders: { e: { provider: openai, encoding_format: float, user: u, input_type: search_query, output_dimension: 256, truncate: NONE } }
vector_stores: { v: { type: chromem, persist_path: x, compress: true } }
databases: { p: { driver: mysql, max_conns: 25, max_idle: 5 } }
logger: { level: info, file: x, format: simple }
rate_limiting: { enabled: true, scope: session }
tools:
  m: { type: mcp, url: "http://a.example", transport: stdio, command: x, args: [a], env: { A: b }, filter: [x] }
  f: { type: function, handler: read_file, parameters: {} }
  c: { type: command, denied_commands: [rm], deny_by_default: false, require_approval: true, approval_prompt: p }
agents:
  a:
    llm: x
    tools: [f]
    sub_agents: [b]
    agent_tools: [b]
    instruction: x
    global_instruction: y
    type: llm
    streaming: true
    input_modes: [text/plain]
    include_context: false
    include_context_limit: 5
    include_context_max_length: 500
    reasoning: { max_iterations: 100, enable_exit_tool: true, enable_escalate_tool: true, termination_conditions: [x], completion_instruction: y }
    context: { strategy: summary_buffer, window_size: 20, budget: 8000, threshold: 0.85, target: 0.7, preserve_recent: 5, summarizer_llm: x }
    prompt: { system_prompt: x, guidance: z }
    structured_output: { schema: {}, strict: true, name: response }
  b: { type: sequential, sub_agents: [a], max_iterations: 3 }
  r: { type: remote, url: "https://a.example", agent_card_url: "https://a.example/c", agent_card_file: c.json, headers: { A: b }, timeout: 30s }
document_stores:
  d:
    source: { type: directory, path: ./docs, include: ["*.md"], exclude: [x], max_file_size: 1000 }
    chunking: { strategy: simple, size: 1000 }
    search: { top_k: 10 }
    indexing: { max_concurrent: 2 }
    mcp_parsers: { tool_names: [x] }
    watch: true
    incremental_indexing: true
    vector_store: v
    embedder: e
    collection: c
  s: { source: { type: sql, sql: { database: p, tables: [{ table: t }] } } }
  p: { source: { type: api, api: { url: "https://a.example" } } }
  c: { source: { type: collection, collection: x } }
server:
  host: 0.0.0.0
  port: 8080
  grpc_port: 50051
  transport: json-rpc
  tls: { enabled: true, cert_file: a.pem, key_file: b.pem }
  cors: { allowed_origins: ["*"], allowed_methods: [GET], allowed_headers: [A], allow_credentials: false }
  auth: { enabled: true, jwks_url: "https://a.example/jwks", issuer: "https://a.example", audience: a, refresh_interval: 15m, excluded_paths: [/x], require_auth: true }
  tasks: { backend: sql, database: p }
  sessions: { backend: inmemory }
  memory: { backend: vector, embedder: e, vector_provider: { type: chromem } }
  observability:
    tracing: { enabled: true, exporter: otlp, endpoint: "localhost:4317", sampling_rate: 1, service_name: x, service_version: "1", insecure: true, headers: {}, capture_payloads: false, debug_exporter: false, timeout: 10 }
    metrics: { enabled: true, endpoint: /metrics, namespace: hector, subsystem: x, const_labels: { a: b } }
  checkpoint: { enabled: true, strategy: event, interval: 1, after_tools: true, before_llm: true, recovery: { auto_resume: true, auto_resume_hitl: true, timeout: 3600 } }
`,
  ],
  [
    "2 after 2.0",
    `
version: "2"
storage: { tasks: { backend: sql }, sessions: { backend: inmemory }, memory: { backend: keyword }, checkpoint: { enabled: true } }
observability: { metrics: { enabled: true } }
guardrails: { g: { enabled: true, input: { chain_mode: fail_fast } } }
agents:
  a:
    llm: demo
    guardrails: g
    trigger: { type: schedule, cron: "* * * * *" }
    notifications: [{ id: n, type: webhook, url: "https://a.example" }]
    tools: [text_editor, bash, web_search, web_fetch, web_request, apply_patch, grep_search, todo_write, search]
  r: { type: runner, tools: [search] }
server:
  transport: jsonrpc
  rate_limiting: { requests_per_minute: 60, burst: 10, per_user: true }
  auth: { enabled: true, issuer: "https://a.example", audience: a, client_id: c, api_keys: [k] }
  studio: { enabled: true, allowed_roles: [operator], config_path: x }
  approval: { webhook_url: "https://a.example", timeout: 300s }
`,
  ],
];
