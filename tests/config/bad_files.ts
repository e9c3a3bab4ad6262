import { ConfigFile } from "../../src/config/schema.ts";
import { ServerSection } from "../../src/config/server_section.ts";

/** As messages list them. */
const SERVER_KEYS = Object.keys(ServerSection.shape).toSorted().join(", ");
const TOP_KEYS = Object.keys(ConfigFile.shape).toSorted().join(", ");

/** A file that must not load, and every line that is said about it, without the file's name. */
export type BadFile = readonly [name: string, text: string, problems: readonly string[]];

/** What `SECRET` holds must never be seen in a message. */
export const VARIABLES = { SECRET: "planted-canary", BIG: "70000", EMPTY: "", MODEL: "m" };

function yaml(...lines: readonly string[]): string {
  return lines.join("\n") + "\n";
}

export const YAML_MISTAKES: readonly BadFile[] = [
  ["an empty file", "", [`1:1: found nothing, expected agents`]],
  ["only comments", yaml("# agents:"), [`1:1: found nothing, expected agents`]],
  ["a text", "hello", [`1:1: found no mapping, expected keys such as agents`]],
  ["a list", yaml("- a", "- b"), [`1:1: found no mapping, expected keys such as agents`]],
  ["a tab in the indentation", yaml("agents:", "\ta: {}"), [`2:1: found a tab in the indentation, expected spaces`]],
  ["an unclosed quote", yaml("agents:", "  a:", '    llm: "gpt-4o'), [
    `4:1: found text that is not YAML here: Missing closing "quote`,
  ]],
  ["an unclosed list", yaml("agents:", "  a:", "    tools: [search", "    llm: gpt-4o"), [
    `4:5: found text that is not YAML here: Flow sequence in block collection must be sufficiently indented and end with a ]`,
  ]],
  ["an unclosed brace in JSON", '{"agents": {"a": {"llm": "gpt-4o"}}', [
    `1:36: found text that is not YAML here: Flow map must end with a }`,
  ]],
  ["a missing colon in JSON", '{"agents" {"a": {}}}', [
    `1:11: found text that is not YAML here: Missing , or : between flow map items`,
  ]],
  ["a second colon", yaml("agents:", "  a:", "    description: answers: all"), [
    `3:18: found a second ": " on the line, expected quotes around text that contains one`,
  ]],
  ["wrong indentation", yaml("agents:", "  a:", "    llm: gpt-4o", "   tools: []"), [
    `4:1: found text that is not YAML here: All mapping items must start at the same column`,
  ]],
  ["a deeper line under a value", yaml("agents:", "  a:", "    llm: gpt-4o", "      tools: []"), [
    `3:10: found a value that goes on in a deeper line, expected that line to begin where this one does`,
  ]],
  ["a list item without a dash", yaml("agents:", "  a:", "    tools:", "      - search", "      search"), [
    `5:1: found text that is not YAML here: All mapping items must start at the same column`,
    `5:7: found text that is not YAML here: Implicit map keys need to be followed by map values`,
  ]],
  ["text that begins with @", yaml("agents:", "  a:", "    name: @home"), [
    `3:11: found text that begins with "@", expected quotes around it`,
  ]],
  ["text that begins with %", yaml("agents:", "  a:", "    name: %home"), [
    `3:11: found text that begins with "%", expected quotes around it`,
  ]],
  ["a bad escape", yaml("agents:", "  a:", '    name: "\\q"'), [
    `3:12: found text that is not YAML here: Invalid escape sequence \\q`,
  ]],
  ["text after a quote", yaml("agents:", "  a:", "    name: 'x' y"), [`3:15: found text that is not YAML here`]],
  ["a closing bracket too many", yaml("agents: {}", "}"), [`2:1: found text that is not YAML here`]],
  ["a bare variable in a list", yaml("agents:", "  a:", "    tools: [${TOOL}]"), [
    `3:14: found \${ inside [ ] or { }, expected quotes around it`,
  ]],
  ["a bare variable in JSON", '{"server": {"port": ${PORT}}}', [
    `1:29: found \${ inside [ ] or { }, expected quotes around it`,
  ]],
  ["a tag", yaml("agents: !include other.yaml"), [`1:9: found the tag "!include", expected plain YAML without tags`]],
  ["a tag that runs code elsewhere", yaml("agents: !!python/object:os.system ls"), [
    `1:9: found the tag "!!python/object:os.system", expected plain YAML without tags`,
  ]],
  ["a directive", yaml("%YAML 1.1", "---", "agents: {}"), [`1:1: found a % directive, expected plain YAML 1.2`]],
  ["a second document", yaml("agents:", "  a: {llm: gpt-4o}", "---", "agents: {}"), [
    `3:1: found a second document, expected one`,
  ]],
  ["a key twice", yaml("agents:", "  a: {llm: gpt-4o}", "  a: {llm: gpt-4o}"), [
    `3:3: agents.a: found the key a second time, expected it once`,
  ]],
  ["a key twice in JSON", '{"agents": {"a": {"llm": "gpt-4o", "llm": "gpt-5"}}}', [
    `1:36: agents.a.llm: found the key a second time, expected it once`,
  ]],
  ["a number as a key", yaml("agents:", "  1: {llm: gpt-4o}"), [
    `2:3: agents: found a key that is not text, expected quotes around it`,
  ]],
  ["a list as a key", yaml("? [a]", ": 1", "agents:", "  a: {llm: gpt-4o}"), [
    `1:3: found a key that is not text, expected quotes around it`,
  ]],
  ["a boolean as a key", yaml("true: 1", "agents:", "  a: {llm: gpt-4o}"), [
    `1:1: found a key that is not text, expected quotes around it`,
  ]],
  ["the key __proto__", yaml("agents:", "  a: {llm: gpt-4o}", "__proto__: {x: 1}"), [
    `3:1: __proto__: found a name that objects reserve, expected another`,
  ]],
  ["the key __proto__ as an agent", yaml("agents:", "  a: {llm: gpt-4o}", "  __proto__: {llm: gpt-4o}"), [
    `3:3: agents.__proto__: found a name that objects reserve, expected another`,
  ]],
  ["a number that is none", yaml("agents:", "  a: {llm: gpt-4o}", "server: {drain_timeout_seconds: .nan}"), [
    `3:33: server.drain_timeout_seconds: found a number that is not finite, expected another value`,
  ]],
  ["infinity", yaml("agents:", "  a: {llm: gpt-4o}", "server: {drain_timeout_seconds: .inf}"), [
    `3:33: server.drain_timeout_seconds: found a number that is not finite, expected another value`,
  ]],
  ["an alias without an anchor", yaml("agents:", "  a: *b"), [
    `2:6: found the alias "*b", expected its anchor above it`,
  ]],
  ["an alias above its anchor", yaml("agents:", "  a: *x", "  b: &x {llm: gpt-4o}"), [
    `2:6: found the alias "*x", expected its anchor above it`,
  ]],
  ["an alias inside of itself", yaml("agents: &x", "  a: *x"), [
    `2:6: found the alias "*x" inside of what it stands for`,
  ]],
  ["a merge of a text", yaml("agents:", "  a:", "    <<: gpt-4o"), [
    `3:5: found << without a mapping, expected the alias of one`,
  ]],
];

export const SCHEMA_MISTAKES: readonly BadFile[] = [
  ["no agents", yaml("llms: {}"), [`1:1: agents: found none, expected at least one`]],
  ["empty agents", yaml("agents: {}"), [`1:1: agents: found none, expected at least one`]],
  ["agents commented out", yaml("server:", "  port: 1", "agents:", "  # a: {}"), [
    `3:1: agents: found none, expected at least one`,
  ]],
  ["agents as a text", yaml("agents: a"), [`1:9: agents: found a single value, expected a mapping of names`]],
  ["agents as a list of names", yaml("agents: [a, b]"), [
    `1:10: agents[0]: found no name, expected one, as it is the agent's id`,
    `1:13: agents[1]: found no name, expected one, as it is the agent's id`,
  ]],
  ["an agent as a text", yaml("agents:", "  a: gpt-4o"), [`2:6: agents.a: found "gpt-4o", expected a mapping`]],
  ["an agent id with a space", yaml("agents:", "  my agent: {llm: gpt-4o}"), [
    `2:3: agents["my agent"]: found "my agent", expected an id of letters, digits, _, . and -, beginning with a letter or a digit, at most 64 long`,
  ]],
  ["an agent id with a slash", yaml("agents:", "  a/b: {llm: gpt-4o}"), [
    `2:3: agents.a/b: found "a/b", expected an id of letters, digits, _, . and -, beginning with a letter or a digit, at most 64 long`,
  ]],
  ["an unknown key at the top", yaml("agents:", "  a: {llm: gpt-4o}", "agnets: {}"), [
    `3:1: agnets: unknown key; did you mean "agents"?`,
  ]],
  ["an unknown key like nothing", yaml("agents:", "  a: {llm: gpt-4o}", "zzzzzzzz: 1"), [
    `3:1: zzzzzzzz: unknown key, expected one of: ${TOP_KEYS}`,
  ]],
  ["constructor as a key", yaml("agents:", "  a: {llm: gpt-4o}", "constructor: {prototype: {x: 1}}"), [
    `3:1: constructor: unknown key, expected one of: ${TOP_KEYS}`,
  ]],
  ["an unknown key of an agent", yaml("agents:", "  a: {llm: gpt-4o, instructions: be kind}"), [
    `2:20: agents.a.instructions: unknown key; did you mean "instruction"?`,
  ]],
  ["an unknown key of a prompt", yaml("agents:", "  a: {llm: gpt-4o, prompt: {system_promt: x}}"), [
    `2:29: agents.a.prompt.system_promt: unknown key; did you mean "system_prompt"?`,
  ]],
  ["a later generation", yaml("version: '3'", "agents:", "  a: {llm: gpt-4o}"), [
    `1:10: version: found "3", expected "2" (or "1" for older spellings)`,
  ]],
  ["visibility misspelled", yaml("agents:", "  a: {llm: gpt-4o, visibility: Public}"), [
    `2:32: agents.a.visibility: found "Public", expected "public", "internal" or "private"; did you mean "public"?`,
  ]],
  ["visibility as a number", yaml("agents:", "  a: {llm: gpt-4o, visibility: 1}"), [
    `2:32: agents.a.visibility: found 1, expected "public", "internal" or "private"`,
  ]],
  ["tools as a text", yaml("agents:", "  a: {llm: gpt-4o, tools: search}"), [
    `2:27: agents.a.tools: found "search", expected a list`,
  ]],
  ["tools as objects", yaml("agents:", "  a: {llm: gpt-4o, tools: [{name: command}]}"), [
    `2:28: agents.a.tools[0].allowed_commands: found nothing, expected a list`,
  ]],
  ["tools left empty", yaml("agents:", "  a:", "    llm: gpt-4o", "    tools:"), [
    `4:5: agents.a.tools: found nothing, expected a list`,
  ]],
  ["an unknown tool", yaml("agents:", "  a: {llm: gpt-4o, tools: [serch]}"), [
    `2:28: agents.a.tools[0]: found "serch", expected "search", "write_file", "search_replace", "execute_command", "pattern" or "mcp"; did you mean "search"?`,
  ]],
  ["a tool that needs options", yaml("agents:", "  a: {llm: gpt-4o, tools: [execute_command]}"), [
    `2:28: agents.a.tools[0]: found "execute_command", which needs options: expected an entry of that name under tools`,
  ]],
  ["an unknown engine", yaml("agents:", "  a: {llm: gpt-4o, reasoning: {engine: chain-of-thougt}}"), [
    `2:40: agents.a.reasoning.engine: found "chain-of-thougt", expected "chain-of-thought" or "supervisor"; did you mean "chain-of-thought"?`,
  ]],
  [
    "an option of another engine",
    yaml("agents:", "  a: {llm: gpt-4o, reasoning: {engine: chain-of-thought, max_hops: 2}}"),
    [`2:58: agents.a.reasoning.max_hops: unknown key, expected one of: completion_instruction, enable_escalate_tool, enable_exit_tool, enable_thinking_display, engine, max_iterations, timeout_seconds`],
  ],
  ["iterations as a word", yaml("agents:", "  a: {llm: gpt-4o, reasoning: {max_iterations: many}}"), [
    `2:48: agents.a.reasoning.max_iterations: found "many", expected a number`,
  ]],
  ["a schema that is none", yaml("agents:", "  a: {llm: gpt-4o, structured_output: {schema: {type: thing}}}"), [
    "2:40: agents.a.structured_output.schema: found none that answers can be checked by, expected a JSON Schema",
  ]],
  ["half an iteration", yaml("agents:", "  a: {llm: gpt-4o, reasoning: {max_iterations: 0.5}}"), [
    `2:48: agents.a.reasoning.max_iterations: found 0.5, expected a whole number`,
  ]],
  ["no iterations", yaml("agents:", "  a: {llm: gpt-4o, reasoning: {max_iterations: 0}}"), [
    `2:48: agents.a.reasoning.max_iterations: found 0, expected at least 1`,
  ]],
  ["no time", yaml("agents:", "  a: {llm: gpt-4o, reasoning: {timeout_seconds: 0}}"), [
    `2:49: agents.a.reasoning.timeout_seconds: found 0, expected more than 0`,
  ]],
  ["an unknown strategy", yaml("agents:", "  a: {llm: gpt-4o, context: {strategy: token-window}}"), [
    `2:40: agents.a.context.strategy: found "token-window", expected "token_window" or "buffer_window"; did you mean "token_window"?`,
  ]],
  [
    "a bad option of a strategy",
    yaml("agents:", "  a: {llm: gpt-4o, context: {strategy: buffer_window, window_size: 0}}"),
    [`2:68: agents.a.context.window_size: found 0, expected at least 1`],
  ],
  ["a small budget", yaml("agents:", "  a: {llm: gpt-4o, context: {budget: 10}}"), [
    `2:38: agents.a.context.budget: found 10, expected at least 100`,
  ]],
  [
    "a skill without a description",
    yaml("agents:", "  a:", "    llm: gpt-4o", "    skills:", "      - id: s", "        name: S"),
    [`5:9: agents.a.skills[0].description: found nothing, expected text`],
  ],
  [
    "an unknown key of a skill",
    yaml("agents:", "  a: {llm: gpt-4o, skills: [{id: s, name: S, description: d, tag: x}]}"),
    [`2:62: agents.a.skills[0].tag: unknown key; did you mean "tags"?`],
  ],
  ["an output mode that is none", yaml("agents:", "  a: {llm: gpt-4o, output_modes: [text]}"), [
    `2:35: agents.a.output_modes[0]: found "text", expected a media type such as text/plain`,
  ]],
  ["no output modes", yaml("agents:", "  a: {llm: gpt-4o, output_modes: []}"), [
    `2:20: agents.a.output_modes: found a list, expected at least 1 entry`,
  ]],
  ["an unknown document store", yaml("agents:", "  a: {llm: gpt-4o, document_stores: [docs]}"), [
    `2:38: agents.a.document_stores[0]: found "docs", expected an entry of document_stores (there is none)`,
  ]],
  [
    "a misspelled document store",
    yaml(
      "agents:",
      "  a: {llm: gpt-4o, document_stores: [dosc]}",
      "document_stores:",
      "  docs: {source: directory, path: x}",
    ),
    [`2:38: agents.a.document_stores[0]: found "dosc", expected "docs"; did you mean "docs"?`],
  ],
  ["an unknown source", yaml("agents:", "  a: {llm: gpt-4o}", "document_stores:", "  docs: {source: s3, path: x}"), [
    `4:18: document_stores.docs.source: found "s3", expected "directory"`,
  ]],
  [
    "a store without a path",
    yaml("agents:", "  a: {llm: gpt-4o}", "document_stores:", "  docs:", "    source: directory"),
    [`4:3: document_stores.docs.path: found nothing, expected text`],
  ],
  ["a store as a text", yaml("agents:", "  a: {llm: gpt-4o}", "document_stores:", "  docs: ./docs"), [
    `4:9: document_stores.docs: found "./docs", expected a mapping`,
  ]],
];

export const LLM_MISTAKES: readonly BadFile[] = [
  ["an llm that nobody knows", yaml("agents:", "  a: {llm: gtp-4o}"), [
    `2:12: agents.a.llm: found "gtp-4o", expected a model of openai ("gpt-large"), anthropic ("claude-large") or demo ("demo")`,
  ]],
  ["a misspelled llm", yaml("agents:", "  a: {llm: fsat}", "llms:", "  fast: {provider: openai}"), [
    `2:12: agents.a.llm: found "fsat", expected "fast" or a model of openai ("gpt-large"), anthropic ("claude-large") or demo ("demo"); did you mean "fast"?`,
  ]],
  ["an empty llm", yaml("agents:", "  a: {llm: ''}"), [
    `2:12: agents.a.llm: found "", expected text that is not empty`,
  ]],
  ["an llm as a mapping", yaml("agents:", "  a: {llm: {provider: openai}}"), [
    `2:7: agents.a.llm: found a mapping, expected text`,
  ]],
  [
    "one of many llms",
    yaml("agents:", "  a: {}", "llms:", "  fast: {provider: openai}", "  good: {provider: anthropic}"),
    [`2:3: agents.a.llm: found nothing, expected "fast" or "good" here or in defaults.llm`],
  ],
  ["an unknown default llm", yaml("agents:", "  a: {}", "  b: {}", "defaults: {llm: nope}"), [
    `4:17: defaults.llm: found "nope", expected a model of openai ("gpt-large"), anthropic ("claude-large") or demo ("demo")`,
  ]],
  ["an unknown provider", yaml("agents:", "  a: {llm: gpt-4o}", "llms:", "  x: {provider: opnai}"), [
    `4:17: llms.x.provider: found "opnai", expected "openai", "anthropic" or "demo"; did you mean "openai"?`,
  ]],
  ["an option of another provider", yaml("agents:", "  a: {llm: gpt-4o}", "llms:", "  x: {provider: demo, model: x}"), [
    `4:23: llms.x.model: unknown key, expected one of: ca_certificate, delay_ms, fallback, price, provider, structured_output`,
  ]],
  ["a misspelled option", yaml("agents:", "  a: {llm: gpt-4o}", "llms:", "  x: {provider: openai, temprature: 1}"), [
    `4:25: llms.x.temprature: unknown key; did you mean "temperature"?`,
  ]],
  ["a hot temperature", yaml("agents:", "  a: {llm: gpt-4o}", "llms:", "  x: {provider: openai, temperature: 3}"), [
    `4:38: llms.x.temperature: found 3, expected at most 2`,
  ]],
  [
    "an address that is none",
    yaml("agents:", "  a: {llm: gpt-4o}", "llms:", "  x: {provider: openai, base_url: localhost}"),
    [`4:35: llms.x.base_url: found "localhost", expected a URL`],
  ],
  [
    "a key that is a number",
    yaml("agents:", "  a: {llm: gpt-4o}", "llms:", "  x: {provider: openai, api_key: 12345}"),
    [`4:34: llms.x.api_key: found a number, expected text`],
  ],
  ["an empty key", yaml("agents:", "  a: {llm: gpt-4o}", "llms:", "  x: {provider: openai, api_key: ''}"), [
    `4:34: llms.x.api_key: found "", expected text that is not empty`,
  ]],
  ["an llm's name with a space", yaml("agents:", "  a: {llm: gpt-4o}", "llms:", "  my llm: {provider: openai}"), [
    `4:3: llms["my llm"]: found "my llm", expected a name of letters, digits and _.:/@-, beginning with a letter or a digit, at most 128 long`,
  ]],
  ["llms as a list", yaml("agents:", "  a: {llm: gpt-4o}", "llms: [openai]"), [
    `3:7: llms: found a list, expected a mapping of names`,
  ]],
  ["provider and type", yaml("agents:", "  a: {llm: gpt-4o}", "llms:", "  x: {provider: openai, type: openai}"), [
    `4:25: llms.x.type: found beside its newer spelling "provider", expected only one of them`,
  ]],
  [
    "an address with a password",
    yaml("agents:", "  a: {llm: gpt-4o}", "llms:", "  x: {provider: openai, base_url: 'ftp://me:hunter2@x'}"),
    [`4:35: llms.x.base_url: found "ftp://…@x", expected a URL`],
  ],
];

export const TOOL_MISTAKES: readonly BadFile[] = [
  ["a tool without a type", yaml("agents:", "  a: {llm: gpt-4o}", "tools:", "  shell: {allowed_commands: [ls]}"), [
    `4:3: tools.shell.type: found nothing, and "shell" is none, expected "search", "write_file", "search_replace", "execute_command", "pattern" or "mcp"`,
  ]],
  [
    "an unknown type",
    yaml("agents:", "  a: {llm: gpt-4o}", "tools:", "  shell: {type: execute_comand, allowed_commands: [ls]}"),
    [`4:17: tools.shell.type: found "execute_comand", expected "search", "write_file", "search_replace", "execute_command", "pattern" or "mcp"; did you mean "execute_command"?`],
  ],
  ["a refinement", yaml("agents:", "  a: {llm: gpt-4o}", "tools:", "  mcp: {}"), [
    `4:3: tools.mcp: found neither url nor command, expected one of them`,
  ]],
  [
    "an unknown option of a lenient schema",
    yaml("agents:", "  a: {llm: gpt-4o}", "tools:", "  write_file: {max_size: 5}"),
    [`4:16: tools.write_file.max_size: unknown key, expected one of: approval_prompt, description, enabled, max_file_size, path, replay, require_approval, type`],
  ],
  ["enabled as yes", yaml("agents:", "  a: {llm: gpt-4o}", "tools:", "  search: {enabled: yes}"), [
    `4:21: tools.search.enabled: found "yes", expected true or false`,
  ]],
  ["a tool's name with a dot", yaml("agents:", "  a: {llm: gpt-4o}", "tools:", "  my.tool: {type: search}"), [
    `4:3: tools["my.tool"]: found "my.tool", expected a name of letters, digits, _ and -, at most 64 long`,
  ]],
  ["a tool left empty", yaml("agents:", "  a: {llm: gpt-4o}", "tools:", "  execute_command:"), [
    `4:3: tools.execute_command.allowed_commands: found nothing, expected a list`,
  ]],
  ["a pattern that its plugin quotes", yaml("agents:", "  a: {llm: gpt-4o}", "tools:", "  pattern: {regex: '('}"), [
    `4:20: tools.pattern.regex: bad: (`,
  ]],
];

export const SERVER_MISTAKES: readonly BadFile[] = [
  ["a port too high", yaml("agents:", "  a: {llm: gpt-4o}", "server: {port: 70000}"), [
    `3:16: server.port: found 70000, expected at most 65535`,
  ]],
  ["a port as text", yaml("agents:", "  a: {llm: gpt-4o}", "server: {port: '8080'}"), [
    `3:16: server.port: found "8080", expected a number without quotes`,
  ]],
  ["a negative port", yaml("agents:", "  a: {llm: gpt-4o}", "server: {port: -1}"), [
    `3:16: server.port: found -1, expected at least 0`,
  ]],
  ["a port that is 1.5", yaml("agents:", "  a: {llm: gpt-4o}", "server: {port: 1.5}"), [
    `3:16: server.port: found 1.5, expected a whole number`,
  ]],
  ["an empty host", yaml("agents:", "  a: {llm: gpt-4o}", "server: {host: ''}"), [
    `3:16: server.host: found "", expected text that is not empty`,
  ]],
  ["gRPC first, and none", yaml("agents:", "  a: {llm: gpt-4o}", "server: {transport: grpc, grpc_port: false}"), [
    `3:27: server.grpc_port: found false, expected a port, as server.transport is grpc`,
  ]],
  [
    "gRPC first for one agent, and none",
    yaml("agents:", "  a: {llm: gpt-4o, card: {preferred_transport: grpc}}", "server: {grpc_port: false}"),
    [`3:10: server.grpc_port: found false, expected a port, as agents.a.card.preferred_transport is grpc`],
  ],
  ["an unknown agent as default", yaml("agents:", "  a: {llm: gpt-4o}", "server: {default_agent: b}"), [
    `3:25: server.default_agent: found "b", expected "a"; did you mean "a"?`,
  ]],
  ["a misspelled agent as default", yaml("agents:", "  analyst: {llm: gpt-4o}", "server: {default_agent: analist}"), [
    `3:25: server.default_agent: found "analist", expected "analyst"; did you mean "analyst"?`,
  ]],
  [
    "a public address without a scheme",
    yaml("agents:", "  a: {llm: gpt-4o}", "server: {public_url: agents.example.com}"),
    [`3:22: server.public_url: found "agents.example.com", expected a URL that begins with http:// or https://`],
  ],
  ["an unknown store", yaml("agents:", "  a: {llm: gpt-4o}", "server: {store: {type: postgres}}"), [
    `3:24: server.store.type: found "postgres", expected "kv" or "memory"`,
  ]],
  ["an unknown option of a store", yaml("agents:", "  a: {llm: gpt-4o}", "server: {store: {type: memory, path: x}}"), [
    `3:32: server.store.path: unknown key, expected one of: type`,
  ]],
  ["a small body limit", yaml("agents:", "  a: {llm: gpt-4o}", "server: {limits: {max_body_bytes: 1}}"), [
    `3:35: server.limits.max_body_bytes: found 1, expected at least 1024`,
  ]],
  ["an unknown limit", yaml("agents:", "  a: {llm: gpt-4o}", "server: {limits: {max_body: 1}}"), [
    `3:19: server.limits.max_body: unknown key, expected one of: body_timeout_seconds, header_timeout_seconds, idle_timeout_seconds, max_arriving_bytes, max_body_bytes, max_connections, max_connections_per_address, min_bytes_per_second`,
  ]],
  ["an unknown profile", yaml("agents:", "  a: {llm: gpt-4o}", "server: {a2a: {profile: 1.0}}"), [
    `3:25: server.a2a.profile: found 1, expected "1.0.1" or "1.0.0"`,
  ]],
  ["a card that is neither", yaml("agents:", "  a: {llm: gpt-4o}", "server: {card: both}"), [
    `3:16: server.card: found "both", expected "negotiated" or "pure"`,
  ]],
  ["a receiver by its URL", yaml("agents:", "  a: {llm: gpt-4o}", "server: {push: {allow: [localhost, 'http://a']}}"), [
    `3:36: server.push.allow[1]: found "http://a", expected a host name, *.domain, an IP address or a network such as 10.0.0.0/8`,
  ]],
  ["a push that never waits", yaml("agents:", "  a: {llm: gpt-4o}", "server: {push: {timeout_seconds: 0}}"), [
    `3:34: server.push.timeout_seconds: found 0, expected at least 1`,
  ]],
  ["an endless drain", yaml("agents:", "  a: {llm: gpt-4o}", "server: {drain_timeout_seconds: 100000}"), [
    `3:33: server.drain_timeout_seconds: found 100000, expected at most 3600`,
  ]],
  ["a server as a list", yaml("agents:", "  a: {llm: gpt-4o}", "server: [8080]"), [
    `3:1: server: found a list, expected a mapping`,
  ]],
  ["a gRPC port that is no port", yaml("agents:", "  a: {llm: gpt-4o}", "server: {grpc_port: 70000}"), [
    `3:21: server.grpc_port: found 70000, expected at most 65535`,
  ]],
  ["an unknown key of the server", yaml("agents:", "  a: {llm: gpt-4o}", "server: {http3_port: 1}"), [
    `3:10: server.http3_port: unknown key, expected one of: ${SERVER_KEYS}`,
  ]],
];

export const OLDER_MISTAKES: readonly BadFile[] = [
  ["a port in its older place", yaml("agents:", "  a: {llm: gpt-4o}", "global: {a2a_server: {port: 70000}}"), [
    `3:29: global.a2a_server.port: found 70000, expected at most 65535`,
  ]],
  ["two ports", yaml("agents:", "  a: {llm: gpt-4o}", "server: {port: 1}", "global: {a2a_server: {port: 2}}"), [
    `4:23: global.a2a_server.port: found beside its newer spelling "port", expected only one of them`,
  ]],
  [
    "what else is global",
    yaml("agents:", "  a: {llm: gpt-4o}", "global: {a2a_server: {port: 1}, performance: {max_concurrency: 4}}"),
    [
      `3:33: global.performance: has no effect here: tasks run side by side as far as the machine goes; take it out`,
    ],
  ],
  [
    "an unknown key of the older server",
    yaml("agents:", "  a: {llm: gpt-4o}", "global: {a2a_server: {http3_port: 1}}"),
    [`3:23: global.a2a_server.http3_port: unknown key, expected one of: ${SERVER_KEYS}`],
  ],
  ["a listed agent without a name", yaml("agents:", "  - llm: gpt-4o"), [
    `2:5: agents[0]: found no name, expected one, as it is the agent's id`,
  ]],
  ["two listed agents of one name", yaml("agents:", "  - {name: a, llm: gpt-4o}", "  - {name: a, llm: gpt-4o}"), [
    `3:5: agents[1]: found a name that is taken, expected another`,
  ]],
  ["a listed agent with a wrong key", yaml("agents:", "  - name: a", "    lmm: gpt-4o"), [
    `3:5: agents[0].lmm: unknown key; did you mean "llm"?`,
  ]],
  [
    "an older temperature out of bounds",
    yaml("agents:", "  a: {llm: gpt-4o}", "llms:", "  x: {type: openai, temperature: 9}"),
    [`4:34: llms.x.temperature: found 9, expected at most 2`],
  ],
  ["an older provider misspelled", yaml("agents:", "  a: {llm: gpt-4o}", "llms:", "  x: {type: opnai}"), [
    `4:13: llms.x.type: found "opnai", expected "openai", "anthropic" or "demo"; did you mean "openai"?`,
  ]],
  [
    "an older address that is none",
    yaml("agents:", "  a: {llm: gpt-4o}", "llms:", "  x: {type: openai, host: localhost}"),
    [`4:27: llms.x.host: found "localhost", expected a URL`],
  ],
  [
    "an older strategy that is not there",
    yaml("agents:", "  a: {llm: gpt-4o, memory: {working: {strategy: tail, max_tokens: 1}}}"),
    [
      `2:49: agents.a.memory.working.strategy: found "tail", expected "token_window" or "buffer_window"`,
      `2:67: agents.a.memory.working.max_tokens: found 1, expected at least 100`,
    ],
  ],
  [
    "a nested source's option misspelled",
    yaml("agents:", "  a: {llm: gpt-4o}", "document_stores:", "  d: {source: {type: directory, pth: x}}"),
    [
      `4:3: document_stores.d.path: found nothing, expected text`,
      `4:33: document_stores.d.source.pth: unknown key; did you mean "path"?`,
    ],
  ],
];

export const VARIABLE_MISTAKES: readonly BadFile[] = [
  [
    "a variable that its plugin would quote",
    yaml("agents:", "  a: {llm: gpt-4o}", "tools:", "  pattern: {regex: '${SECRET}'}"),
    [`4:20: tools.pattern.regex: found text from \${SECRET}, expected another value`],
  ],
  [
    "a variable that is not set",
    yaml("agents:", "  a: {llm: gpt-4o}", "llms:", "  x:", "    provider: openai", "    api_key: ${NOT_SET}"),
    [`6:14: llms.x.api_key: found \${NOT_SET}, which is not set: expected it in the environment or in .env, or a default as in \${NOT_SET:-default}`],
  ],
  [
    "a bare variable that is not set",
    yaml("agents:", "  a: {llm: gpt-4o}", "llms:", "  x: {provider: openai, api_key: $NOT_SET}"),
    [`4:34: llms.x.api_key: found \${NOT_SET}, which is not set: expected it in the environment or in .env, or a default as in \${NOT_SET:-default}`],
  ],
  [
    "an empty key from a variable",
    yaml("agents:", "  a: {llm: gpt-4o}", "llms:", "  x: {provider: openai, api_key: '${EMPTY}'}"),
    [`4:34: llms.x.api_key: found empty text from \${EMPTY}, expected text that is not empty`],
  ],
  [
    "a colon without a dash",
    yaml("agents:", "  a: {llm: gpt-4o}", "llms:", "  x: {provider: openai, model: '${MODEL:gpt-4o}'}"),
    [`4:32: llms.x.model: found \${ without \${NAME} or \${NAME:-default}, expected one of them; did you mean "\${MODEL:-…}"?`],
  ],
  ["a variable without an end", yaml("agents:", "  a: {llm: gpt-4o}", "name: 'a ${MODEL'"), [
    `3:7: name: found \${ without \${NAME} or \${NAME:-default}, expected one of them (or $\${ for a literal \${)`,
  ]],
  ["a default without an end", yaml("agents:", "  a: {llm: gpt-4o}", "name: 'a ${MODEL:-x'"), [
    `3:7: name: found \${ without its }, expected one (or $\${ for a literal \${)`,
  ]],
  ["a variable with a bad name", yaml("agents:", "  a: {llm: gpt-4o}", "name: '${a-b}'"), [
    `3:7: name: found \${ without \${NAME} or \${NAME:-default}, expected one of them (or $\${ for a literal \${)`,
  ]],
  ["a variable without a name", yaml("agents:", "  a: {llm: gpt-4o}", "name: 'costs ${}'"), [
    `3:7: name: found \${ without \${NAME} or \${NAME:-default}, expected one of them (or $\${ for a literal \${)`,
  ]],
  ["a port that is no number", yaml("agents:", "  a: {llm: gpt-4o}", "server:", "  port: ${SECRET}"), [
    `4:9: server.port: found text from \${SECRET}, expected a number`,
  ]],
  ["a port beyond its bounds", yaml("agents:", "  a: {llm: gpt-4o}", "server:", "  port: ${BIG}"), [
    `4:9: server.port: found text from \${BIG}, expected at most 65535`,
  ]],
  ["a secret where a choice is due", yaml("agents:", "  a: {llm: gpt-4o}", "server:", "  card: ${SECRET}"), [
    `4:9: server.card: found text from \${SECRET}, expected "negotiated" or "pure"`,
  ]],
  [
    "a secret where a reference is due",
    yaml(
      "agents:",
      "  a:",
      "    llm: ${SECRET}",
      "    tools: ['${SECRET}']",
      "    document_stores: ['${SECRET}']",
      "server:",
      "  default_agent: ${SECRET}",
    ),
    [
      `3:10: agents.a.llm: found text from \${SECRET}, expected a model of openai ("gpt-large"), anthropic ("claude-large") or demo ("demo")`,
      `4:13: agents.a.tools[0]: found text from \${SECRET}, expected "search", "write_file", "search_replace", "execute_command", "pattern" or "mcp"`,
      `5:23: agents.a.document_stores[0]: found text from \${SECRET}, expected an entry of document_stores (there is none)`,
      `7:18: server.default_agent: found text from \${SECRET}, expected "a"`,
    ],
  ],
  [
    "a secret where a plugin is due",
    yaml("agents:", "  a: {llm: gpt-4o}", "llms:", "  x:", "    provider: ${SECRET}"),
    [`5:15: llms.x.provider: found text from \${SECRET}, expected "openai", "anthropic" or "demo"`],
  ],
  ["a secret in a longer text", yaml("agents:", "  a: {llm: gpt-4o}", "server:", "  public_url: host-${SECRET}"), [
    `4:15: server.public_url: found text from \${SECRET}, expected a URL that begins with http:// or https://`,
  ]],
  ["two unset variables in one file", yaml("name: ${ONE}", "description: ${TWO}", "agents:", "  a: {llm: gpt-4o}"), [
    `1:7: name: found \${ONE}, which is not set: expected it in the environment or in .env, or a default as in \${ONE:-default}`,
    `2:14: description: found \${TWO}, which is not set: expected it in the environment or in .env, or a default as in \${TWO:-default}`,
  ]],
  [
    "defaults too deep",
    yaml("agents:", "  a: {llm: gpt-4o}", "name: '${A:-${A:-${A:-${A:-${A:-${A:-${A:-${A:-${A:-${A:-x}}}}}}}}}}'"),
    [`3:7: name: found defaults inside of defaults 9 deep, expected fewer`],
  ],
];
