import assert from "node:assert/strict";
import { canonicalYaml } from "../../src/config/canonical.ts";
import { type Config } from "../../src/config/config.ts";
import { readOlderSpellings } from "../../src/config/older_spellings.ts";
import { readYaml } from "../../src/config/read_yaml.ts";
import { loadConfig } from "../../src/config/load.ts";
import { isSameConfig } from "../../src/config/revision.ts";
import { envOf, TABLES } from "./plugin_tables.ts";

function load(text: string): Config {
  return loadConfig({
    text,
    file: "hector.yaml",
    env: envOf({ SECRET: "planted-canary" }),
    tables: TABLES,
    baseDir: "/",
  });
}

const AGENT = "agents: {a: {llm: gpt-4o}}\n";

/** [what is older, the older spelling, the newest one] */
const SPELLINGS: readonly (readonly [name: string, older: string, newest: string])[] = [
  [
    "llms.*.type and host",
    `${AGENT}llms: {x: {type: openai, host: "http://localhost:1"}}`,
    `${AGENT}llms: {x: {provider: openai, base_url: "http://localhost:1"}}`,
  ],
  [
    "global.a2a_server",
    `${AGENT}global: {a2a_server: {host: 0.0.0.0, port: 9000, base_url: "https://a.example"}}`,
    `${AGENT}server: {host: 0.0.0.0, port: 9000, public_url: "https://a.example"}`,
  ],
  [
    "global.a2a_server beside server",
    `${AGENT}server: {host: 0.0.0.0}\nglobal: {a2a_server: {port: 9000}}`,
    `${AGENT}server: {host: 0.0.0.0, port: 9000}`,
  ],
  [
    "a list of agents",
    "agents:\n  - name: a\n    llm: gpt-4o\n  - name: b\n    llm: demo\n",
    "agents: {a: {llm: gpt-4o}, b: {llm: demo}}",
  ],
  ["agents.*.type native", "agents: {a: {type: native, llm: gpt-4o}}", AGENT],
  ["agents.*.type llm", "agents: {a: {type: llm, llm: gpt-4o}}", AGENT],
  [
    "agents.*.memory",
    "agents: {a: {llm: gpt-4o, memory: {strategy: buffer_window, window_size: 3, budget: 500}}}",
    "agents: {a: {llm: gpt-4o, context: {strategy: buffer_window, window_size: 3, budget: 500}}}",
  ],
  [
    "agents.*.memory.working",
    "agents: {a: {llm: gpt-4o, memory: {working: {strategy: buffer_window, max_tokens: 500}}}}",
    "agents: {a: {llm: gpt-4o, context: {strategy: buffer_window, budget: 500}}}",
  ],
  [
    "a nested source",
    `${AGENT}document_stores: {d: {source: {type: directory, path: docs, include: ["*.md"]}}}`,
    `${AGENT}document_stores: {d: {source: directory, path: docs, include_patterns: ["*.md"]}}`,
  ],
  [
    "a source that is named nowhere",
    `${AGENT}document_stores: {d: {source: {path: x}}}`,
    `${AGENT}document_stores: {d: {source: directory, path: x}}`,
  ],
  [
    "tools as objects (seed 000)",
    "agents: {a: {llm: gpt-4o, tools: [search, {name: command, config: {enable_sandboxing: true, allowed_commands: [ls]}}]}}",
    "agents: {a: {llm: gpt-4o, tools: [search, command]}}\n" +
    "tools: {command: {type: execute_command, enable_sandboxing: true, allowed_commands: [ls]}}",
  ],
  [
    "tools as objects of two agents",
    "agents: {a: {llm: gpt-4o, tools: [{name: search, config: {max_limit: 1}}]}, b.c: {llm: gpt-4o, tools: [{name: search}]}}",
    "agents: {a: {llm: gpt-4o, tools: [search]}, b.c: {llm: gpt-4o, tools: [search_b_c]}}\n" +
    "tools: {search: {type: search, max_limit: 1}, search_b_c: {type: search}}",
  ],
  [
    "the tool command",
    "agents: {a: {llm: gpt-4o, tools: [sh]}}\ntools: {sh: {type: command, allowed_commands: [ls]}}",
    "agents: {a: {llm: gpt-4o, tools: [sh]}}\ntools: {sh: {type: execute_command, allowed_commands: [ls]}}",
  ],
  [
    "a tool that is told by its name",
    "agents: {a: {llm: gpt-4o, tools: [command]}}\ntools: {command: {allowed_commands: [ls]}}",
    "agents: {a: {llm: gpt-4o, tools: [command]}}\ntools: {command: {type: execute_command, allowed_commands: [ls]}}",
  ],
  [
    "a function's handler",
    "agents: {a: {llm: gpt-4o, tools: [w]}}\ntools: {w: {type: function, handler: write_file}}",
    "agents: {a: {llm: gpt-4o, tools: [w]}}\ntools: {w: {type: write_file}}",
  ],
  [
    "an llm inside of an agent",
    "agents: {a: {llm_config: {type: openai, model: gpt-x}}, b: {llm: a-inline}}",
    "llms: {a-inline: {provider: openai, model: gpt-x}}\nagents: {a: {llm: a-inline}, b: {llm: a-inline}}",
  ],
  [
    "an agent's folder of documents",
    "agents: {a: {llm: gpt-4o, docs_folder: ./docs}}",
    `agents: {a: {llm: gpt-4o, document_stores: [a-docs]}}\ndocument_stores: {a-docs: {source: directory, path: ./docs}}`,
  ],
  [
    "prompt slots",
    "agents: {a: {llm: gpt-4o, prompt: {prompt_slots: {system_role: You are x., instructions: Do y., user_guidance: z}}}}",
    "agents: {a: {llm: gpt-4o, instruction: Do y., prompt: {role: You are x., guidance: z}}}",
  ],
  [
    "what thinking is shown, and formats of answers",
    "llms: {m: {provider: openai, structured_output: {format: json}}}\nagents: {a: {llm: m, reasoning: {show_thinking: true}}}",
    "llms: {m: {provider: openai, structured_output: {}}}\nagents: {a: {llm: m, reasoning: {enable_thinking_display: true}}}",
  ],
  [
    "a card's modes and skills",
    "agents: {a: {llm: gpt-4o, a2a: {input_modes: [text/a], output_modes: [text/b], skills: [{id: s, name: S, description: d}]}}}",
    "agents: {a: {llm: gpt-4o, input_modes: [text/a], output_modes: [text/b], skills: [{id: s, name: S, description: d}]}}",
  ],
  [
    "a task's timeout, and what is always kept",
    "agents: {a: {llm: gpt-4o, streaming: true, task: {timeout: 60, enable_checkpointing: true, auto_resume: true}}}",
    "agents: {a: {llm: gpt-4o, reasoning: {timeout_seconds: 60}}}",
  ],
  ["the only engine by its older name", "agents: {a: {llm: gpt-4o, reasoning: {engine: default}}}", AGENT],
  [
    "a buffer",
    "agents: {a: {llm: gpt-4o, memory: {working: {strategy: buffer}}}}",
    "agents: {a: {llm: gpt-4o, context: {strategy: buffer_window}}}",
  ],
  [
    "a length of answers that is left to the provider",
    `${AGENT}llms: {x: {provider: openai, max_tokens: -1}}`,
    `${AGENT}llms: {x: {provider: openai}}`,
  ],
  [
    "documents that are watched",
    `${AGENT}document_stores: {d: {path: x, watch: true, enable_incremental_indexing: true}}`,
    `${AGENT}document_stores: {d: {path: x}}`,
  ],
  ...[
    "server: {tasks: {backend: inmemory}}",
    "server: {sessions: {backend: inmemory}}",
    "server: {tasks: {backend: inmemory}, sessions: {backend: inmemory}}",
    "storage: {tasks: {backend: memory}, sessions: {backend: inmemory}}",
  ].map((older) => [older, `${AGENT}${older}`, `${AGENT}server: {store: {type: memory}}`] as const),
  [
    "what a card says of its agent",
    `agents: {a: {llm: gpt-4o, a2a: {version: "1", provider: {name: N, url: "https://n.example"}, preferred_transport: json-rpc}}}`,
    `agents: {a: {llm: gpt-4o, card: {version: "1", provider: {organization: N, url: "https://n.example"}, preferred_transport: jsonrpc}}}`,
  ],
  [
    "a transport of all cards",
    `${AGENT}global: {a2a_server: {preferred_transport: rest}}`,
    `${AGENT}server: {transport: rest}`,
  ],
  ["a transport that all cards name first", `${AGENT}global: {a2a_server: {preferred_transport: json-rpc}}`, AGENT],
  [
    "a recovery that goes without saying",
    `${AGENT}server: {checkpoint: {enabled: true, after_tools: true, recovery: {auto_resume: true}}}`,
    AGENT,
  ],
];
for (const [name, older, newest] of SPELLINGS) {
  Deno.test(`readOlderSpellings() reads ${name}`, () => assert.ok(isSameConfig(load(older), load(newest))));
}

Deno.test("readOlderSpellings() reads the newest spelling as it is", () => {
  for (const [name, , newest] of SPELLINGS) {
    const { tree } = readYaml(newest);
    assert.ok(tree);
    const { moves, tree: read } = readOlderSpellings(tree);
    assert.deepEqual(moves, [], name);
    assert.deepEqual(read, tree, name);
  }
});

Deno.test("readOlderSpellings() names what it read as what", () => {
  const { tree } = readYaml(`global: {a2a_server: {port: 1, base_url: "http://a"}}
agents:
  - {name: x, type: native, llm_config: {type: openai}, tools: [command, {name: search}]}
`);
  assert.ok(tree);
  assert.deepEqual(readOlderSpellings(tree).moves.map(({ from, to }) => `${from} → ${to}`), [
    "agents[0] → agents.x",
    "agents[0].llm_config → llms.x-inline",
    "global.a2a_server.base_url → server.public_url",
    "global.a2a_server → server",
    "agents[0].llm_config.type → llms.x-inline.provider",
    "agents[0].tools[1] → tools.search",
    "agents[0].tools[0]: command → agents[0].tools[0]: execute_command",
    "agents[0].type: native → nothing, as it goes without saying",
  ]);
});

Deno.test("readOlderSpellings() tells databases that search by meaning from those of SQL", () => {
  const { tree } = readYaml(`databases:
  q: {type: qdrant, host: h, use_tls: true}
  p: {driver: postgres}
agents: {a: {database: q}}
`);
  assert.ok(tree);
  const { tree: read, moves } = readOlderSpellings(tree);
  assert.equal(
    canonicalYaml(read),
    `version: "2"
databases:
  p:
    driver: postgres
agents:
  a:
    vector_store: q
vector_stores:
  q:
    type: qdrant
    host: h
    enable_tls: true
`,
  );
  assert.deepEqual(moves.map(({ from, to }) => `${from} → ${to}`), [
    "databases.q → vector_stores.q",
    "databases.q.use_tls → vector_stores.q.enable_tls",
    "agents.a.database → agents.a.vector_store",
  ]);
});

const REFUSED: readonly (readonly [name: string, text: string, message: RegExp])[] = [
  ["two spellings at once", `${AGENT}llms: {x: {provider: openai, type: demo}}`, /2:30: llms\.x\.type: found beside/],
  [
    "two spellings of memory",
    "agents: {a: {llm: gpt-4o, context: {budget: 500}, memory: {budget: 600}}}",
    /1:60: agents\.a\.memory\.budget: found beside/,
  ],
  [
    "tasks that are kept elsewhere than sessions",
    `${AGENT}server: {tasks: {backend: sql, database: d}, sessions: {backend: inmemory}}`,
    /2:35: server\.tasks\.database|2:10: server\.tasks|server\.sessions/,
  ],
  [
    "an llm inside of an agent, and one that it names",
    "agents: {a: {llm: gpt-4o, llm_config: {type: openai}}}",
    /1:27: agents\.a\.llm_config: found beside its newer spelling "llm"/,
  ],
  [
    "a folder of documents, and stores",
    "agents: {a: {llm: gpt-4o, document_stores: [], docs_folder: x}}",
    /1:48: agents\.a\.docs_folder: found beside its newer spelling/,
  ],
  [
    "a tool that is no tool",
    "agents: {a: {llm: gpt-4o, tools: [{name: x, config: 5}]}}",
    /1:\d+: agents\.a\.tools\[0\]\.type: found "x"/,
  ],
  [
    "an id that comes from a variable",
    "agents: [{name: '${SECRET} x', llm: gpt-4o}]",
    /1:17: agents\[0\]\.name: found text from a variable/,
  ],
  ["an agent of another type", "agents: {a: {type: robot, llm: gpt-4o}}", /agents\.a\.type: /],
  [
    "a server that is none",
    `${AGENT}server: 5\nglobal: {a2a_server: {port: 1}}`,
    /2:9: server: found 5, expected a mapping/,
  ],
];
for (const [name, text, message] of REFUSED) {
  Deno.test(`readOlderSpellings() lets the schema see ${name}`, () => assert.throws(() => load(text), { message }));
}

Deno.test("readOlderSpellings() reads shared nodes at each of their places", () => {
  const text = "agents:\n  a: &x {type: native, llm: gpt-4o, memory: {budget: 500}}\n  b: *x\n";
  assert.deepEqual([...load(text).agents.values()].map(({ context }) => context.budget), [500, 500]);
});
