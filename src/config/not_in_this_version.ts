/**
 * Parts that other generations of the file name and that this version does not have: what each would do, and the nearest
 * thing that exists. Told instead of "unknown key". A part that comes to be takes its rows away (a test holds that).
 * `*` stands for any name; `key: value` is one value of a key. The spelling is the newest (see older_spellings.ts).
 */
export const NOT_IN_THIS_VERSION: readonly (readonly [at: string, would: string, nearest: string])[] = [
  ["agents.*.reasoning.enable_streaming", "hold answers back until they are whole", "callers choose: message:send"],
  ["agents.*.context.strategy: summary_buffer", "sum up older messages", "agents.*.context.strategy: token_window"],
  ["agents.*.context.strategy: buffer_window", "keep a number of messages", "agents.*.context.strategy: token_window"],
  ["agents.*.context.strategy: none", "keep every message", "agents.*.context.budget, as large as the model takes"],
  ["agents.*.context.window_size", "keep a number of messages", "agents.*.context.budget, which counts tokens"],
  ["agents.*.context.threshold", "say when to sum up older messages", "agents.*.context.budget"],
  ["agents.*.context.target", "say how short to sum up older messages", "agents.*.context.budget"],
  ["agents.*.context.preserve_recent", "keep messages out of the summary", "agents.*.context.budget"],
  ["agents.*.context.summarizer_llm", "sum up older messages", "agents.*.context.budget"],
  ["agents.*.long_term_memory", "remember across sessions", "document_stores, which agents can search"],
  ["agents.*.include_context", "put passages into every prompt", "the tool search, which finds them when asked"],
  ["agents.*.include_context_limit", "put passages into every prompt", "tools.search.max_limit"],
  ["agents.*.include_context_max_length", "put passages into every prompt", "the tool search"],
  ["agents.*.prompt.include_context", "put passages into every prompt", "the tool search"],
  ["agents.*.prompt.include_context_limit", "put passages into every prompt", "tools.search.max_limit"],
  ["agents.*.prompt.include_context_max_length", "put passages into every prompt", "the tool search"],
  ["agents.*.search", "choose how documents are searched", "the tool search, by keywords"],
  ["agents.*.vector_store", "search by meaning", "document_stores, by keywords"],
  ["agents.*.vector_store_config", "search by meaning", "document_stores, by keywords"],
  ["agents.*.embedder", "search by meaning", "document_stores, by keywords"],
  ["agents.*.embedder_config", "search by meaning", "document_stores, by keywords"],
  ["agents.*.docs_folder", "read a folder through a remote parser", "document_stores: { docs: { path: ./docs } }"],
  ["agents.*.mcp_parser_tool", "read documents that are no text", "document_stores, for text"],
  ["agents.*.enable_tools", "give the agent every tool", "agents.*.tools, by name"],
  ...["agents.*", "llms.*"].flatMap((at) => [
    [`${at}.structured_output.format`, "give answers another form than JSON", "schema, in JSON"] as const,
    [`${at}.structured_output.enum`, "make answers one of some words", "schema, with an enum in it"] as const,
  ]),
  ["agents.*.session_store", "keep sessions in SQL", "server.store"],
  ["agents.*.security", "ask callers of one agent who they are", "server.auth, which asks callers of all"],
  ["agents.*.guardrails", "check what goes in and out", "agents.*.instruction"],
  ["agents.*.trigger", "start the agent by a clock or a webhook", "cron and hector call"],
  ["agents.*.notifications", "tell webhooks of every task", "push notifications of A2A, which callers register"],
  ["agents.*.task.backend", "keep tasks elsewhere", "server.store"],
  ["agents.*.task.sql_database", "keep tasks in SQL", "server.store"],
  ["agents.*.task.hitl", "choose how callers are asked", "the task waits as TASK_STATE_INPUT_REQUIRED"],
  ["llms.*.insecure_skip_verify", "trust any certificate", "llms.*.ca_certificate, which names the one to trust"],
  ["llms.*.max_tool_output_length", "cut what tools return", "agents.*.reasoning.max_tool_output_chars"],
  ["tools.*.insecure_skip_verify", "trust any certificate", "tools.*.ca_certificate, which names the one to trust"],
  ["tools.*.internal", "keep a tool from agents", "tools.*.enabled: false"],
  ["document_stores.*.source: sql", "read documents from SQL", "document_stores.*.source: directory"],
  ["document_stores.*.source: api", "read documents from an API", "document_stores.*.source: directory"],
  ["document_stores.*.source: collection", "search what others have indexed", "document_stores.*.source: directory"],
  ...["sql", "sql_database", "sql_tables", "sql_max_rows"].map((key) =>
    [`document_stores.*.${key}`, "read documents from SQL", "document_stores.*.source: directory"] as const
  ),
  ["document_stores.*.api", "read documents from an API", "document_stores.*.source: directory"],
  ["document_stores.*.collection", "name an index of a vector store", "the index lives in memory"],
  ["document_stores.*.vector_store", "search by meaning", "search by keywords, which needs no store"],
  ["document_stores.*.embedder", "search by meaning", "search by keywords, which needs none"],
  ...["chunking", "chunk_size", "chunk_overlap", "chunk_strategy"].map((key) =>
    [`document_stores.*.${key}`, "say how documents are cut", "they are cut where paragraphs end"] as const
  ),
  ["document_stores.*.search", "choose how documents are searched", "search by keywords"],
  ["document_stores.*.indexing", "say how fast documents are read", "only what has changed is read again"],
  ["document_stores.*.mcp_parsers", "read documents that are no text", "convert them to text"],
  ...["enable_metadata_extraction", "extract_metadata", "metadata_languages"].map((key) =>
    [`document_stores.*.${key}`, "find declarations in code", "search by keywords"] as const
  ),
  ["defaults.vector_store", "search by meaning", "document_stores, by keywords"],
  ["defaults.embedder", "search by meaning", "document_stores, by keywords"],
  ["defaults.session_store", "keep sessions in SQL", "server.store"],
  ["embedders", "search by meaning", "document_stores, by keywords"],
  ["vector_stores", "search by meaning", "document_stores, by keywords"],
  ["databases", "name databases", "server.store, and document_stores in folders"],
  ["session_stores", "keep sessions in SQL", "server.store"],
  ["plugins", "load programs of others", "tools of type typescript, which are files of your own"],
  ["logger", "say what is logged where", "hector serve --log-format"],
  ["rate_limiting", "bound how much a caller may ask", "a proxy that does"],
  ["guardrails", "check what goes in and out", "agents.*.instruction"],
  ["observability.tracing", "export traces", "the log, and /metrics"],
  ["observability.metrics.endpoint", "serve metrics at another path", "/metrics"],
  ["observability.metrics.namespace", "name metrics otherwise", "Prometheus' metric_relabel_configs"],
  ["observability.metrics.subsystem", "name metrics otherwise", "Prometheus' metric_relabel_configs"],
  ["observability.metrics.const_labels", "give every metric labels", "the labels of Prometheus' scrape_configs"],
  ["storage.memory", "search what was said before", "server.store"],
  ["server.cors", "let pages of other origins ask", "a page from the same origin"],
  ["server.store.type: sql", "keep tasks and sessions in SQL", "server.store.type: kv, which is a file"],
  ["server.tasks", "keep tasks in SQL", "server.store"],
  ["server.sessions", "keep sessions in SQL", "server.store"],
  ["server.memory", "search what was said before", "server.store"],
  ["server.rate_limiting", "bound how much a caller may ask", "a proxy that does"],
  ["server.approval", "ask a person by a webhook", "leave the tool out"],
];

/** Keys that do nothing here, and never will. */
export const WITHOUT_EFFECT: readonly (readonly [at: string, because: string])[] = [
  ["global.performance", "tasks run side by side as far as the machine goes"],
  ["metadata", "nothing reads it; a comment says as much"],
  ["llms.*.retry_delay", "waits between tries grow by themselves and obey the provider's Retry-After"],
  ["llms.*.temperature", "models of this provider take none"],
  ["tools.*.max_retries", "a request that fails is told to the model, which may ask again"],
  ["tools.*.follow_meta_refresh", "the tool shows a page as it is"],
  ["tools.*.javascript_rendered", "no generation of hector has run the programs of pages"],
  ["tools.*.parameters", "a tool knows itself what it takes"],
  ["server.studio.config_path", "what is edited is what --config names"],
  ["agents.*.global_instruction", "no generation of hector has read it; agents.*.instruction is read"],
  ["agents.*.reasoning.termination_conditions", "no generation of hector has read them"],
  ...["agents.*", "llms.*"].flatMap((at) => [
    [`${at}.structured_output.prefill`, "providers hold their models to the schema by themselves"] as const,
    [`${at}.structured_output.property_ordering`, "data has no order"] as const,
  ]),
  ...["enable_tool_display", "show_tools"].map((key) =>
    [`agents.*.reasoning.${key}`, "whoever reads chooses: hector chat --no-show-tools"] as const
  ),
  ["agents.*.task.worker_pool", "tasks run side by side as far as the machine goes"],
  ...["checkpoint_strategy", "checkpoint_interval", "auto_resume_hitl", "resume_timeout", "enable_checkpointing"].map(
    (key) =>
      [`agents.*.task.${key}`, "every step is kept as it is made, and tasks always go on after a crash"] as const,
  ),
  ...["checkpoint_after_tools", "checkpoint_before_llm", "auto_resume"].map((key) =>
    [`agents.*.task.${key}`, "every step is kept as it is made, and tasks always go on after a crash"] as const
  ),
  ["server.checkpoint", "every step is kept as it is made, and tasks always go on after a crash"],
  ...["enable_progress_display", "enable_verbose_progress", "enable_quiet_mode", "enable_checkpoints"].map((key) =>
    [`document_stores.*.${key}`, "documents are read without a display"] as const
  ),
  ...["show_progress", "verbose_progress", "quiet_mode", "max_concurrent_files"].map((key) =>
    [`document_stores.*.${key}`, "documents are read without a display, one after another"] as const
  ),
  ...["enable_watch_changes", "watch_changes", "watch", "enable_incremental_indexing", "incremental_indexing"].map((
    key,
  ) => [`document_stores.*.${key}`, "changes are always seen, and only they are read again"] as const),
];
