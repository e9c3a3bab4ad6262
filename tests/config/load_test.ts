import assert from "node:assert/strict";
import type { Config } from "../../src/config/config.ts";
import { ConfigError } from "../../src/config/config_error.ts";
import { loadConfig } from "../../src/config/load.ts";
import { Secret } from "../../src/lib/secret.ts";
import {
  LLM_MISTAKES,
  OLDER_MISTAKES,
  SCHEMA_MISTAKES,
  SERVER_MISTAKES,
  TOOL_MISTAKES,
  VARIABLE_MISTAKES,
  VARIABLES,
  YAML_MISTAKES,
} from "./bad_files.ts";
import { BOMBS } from "./bombs.ts";
import { envOf, TABLES } from "./plugin_tables.ts";

function load(text: string, variables: Readonly<Record<string, string>> = {}): Config {
  return loadConfig({ text, file: "hector.yaml", env: envOf(variables), tables: TABLES, baseDir: "/etc/hector" });
}

function problemsOf(text: string, variables: Readonly<Record<string, string>> = {}): readonly string[] {
  try {
    load(text, variables);
    return [];
  } catch (thrown) {
    assert.ok(thrown instanceof ConfigError, String(thrown));
    return thrown.message.split("\n").map((line) => line.replace(/^hector\.yaml:/, ""));
  }
}

const MISTAKES = [
  ...YAML_MISTAKES,
  ...SCHEMA_MISTAKES,
  ...LLM_MISTAKES,
  ...TOOL_MISTAKES,
  ...SERVER_MISTAKES,
  ...OLDER_MISTAKES,
  ...VARIABLE_MISTAKES,
];

for (const [name, text, problems] of MISTAKES) {
  Deno.test(`loadConfig() refuses ${name}`, () => assert.deepEqual(problemsOf(text, VARIABLES), problems));
}

Deno.test("loadConfig() tells every mistake at once, in the order of the file", () => {
  const text = [
    "server: {port: 70000}",
    "agents:",
    "  a: {lmm: gpt-4o, tools: [serch], visibility: open}",
    "  b: {llm: '${NOT_SET}'}",
    "llms:",
    "  x: {provider: openai, temperature: hot}",
    "  y: {provider: opnai}",
    "tols: {}",
    "",
  ].join("\n");
  const places = problemsOf(text).map((line) => line.split(" ", 2).join(" "));
  assert.deepEqual(places, [
    "1:16: server.port:",
    "3:3: agents.a.llm:",
    "3:7: agents.a.lmm:",
    "3:28: agents.a.tools[0]:",
    "3:48: agents.a.visibility:",
    "4:12: agents.b.llm:",
    "6:38: llms.x.temperature:",
    "7:17: llms.y.provider:",
    "8:1: tols:",
  ]);
});

Deno.test("loadConfig() says what was found and what is expected, at a place of the file", () => {
  for (const [name, text, problems] of MISTAKES) {
    const lines = text.split("\n");
    for (const problem of problems) {
      const [, line = "", column = "", message = ""] = /^(\d+):(\d+): (?:\S+: |\S+\[".*"\]: )?(.*)$/.exec(problem) ??
        [];
      assert.match(message, /^(found .+|unknown key[,;] .+|has no effect here: .+|bad: .+)$/, name);
      assert.ok(Number(column) <= (lines[Number(line) - 1] ?? "").length + 1, `${name}: ${problem}`);
    }
  }
});

Deno.test("loadConfig() shows no value that came out of a variable", () => {
  for (const [, text] of MISTAKES) assert.ok(!problemsOf(text, VARIABLES).join().includes(VARIABLES.SECRET));
});

const QUICK_START = `agents:
  analyst:
    llm: gpt-4o
    tools: [search, write_file, search_replace]
    reasoning:
      engine: chain-of-thought
      max_iterations: 100
`;

Deno.test("loadConfig() takes the quick start as it is written (seed 000)", () => {
  const { agents, llms, tools, server } = load(QUICK_START);
  assert.deepEqual([...llms], [["gpt-4o", { provider: "openai", options: { model: "gpt-4o", max_tokens: 4096 } }]]);
  assert.deepEqual([...tools.keys()], ["search", "write_file", "search_replace"]);
  assert.partialDeepStrictEqual(agents.get("analyst"), {
    name: "analyst",
    description: "",
    visibility: "public",
    llm: "gpt-4o",
    tools: ["search", "write_file", "search_replace"],
    prompt: {},
    reasoning: { engine: "chain-of-thought", max_iterations: 100, timeout_seconds: 3600, options: {} },
    context: { strategy: "token_window", budget: 32_000, options: {} },
    document_stores: [],
    skills: [],
    output_modes: ["text/plain"],
    streaming: true,
    extensions: [],
  });
  assert.partialDeepStrictEqual(server, {
    host: "127.0.0.1",
    port: 8080,
    default_agent: "analyst",
    store: { type: "kv", options: { path: ".hector/state.db" } },
    a2a: { profile: "1.0.1", repeated_messages: "join" },
    push: { enabled: true, allow: [], timeout_seconds: 15, max_attempts: 20, give_up_after_seconds: 86_400 },
    card: "negotiated",
  });
});

Deno.test("loadConfig() takes the agents and llms of seed 000's example", () => {
  const text = `agents:
  analyst:
    llm: gpt-4o
    tools: [search, write_file, search_replace]
    reasoning:
      engine: chain-of-thought
  specialist:
    type: native
    llm: claude-3-5-sonnet
llms:
  gpt-4o:
    type: openai
    model: gpt-4o
    api_key: \${OPENAI_API_KEY}

  claude-3-5-sonnet:
    type: anthropic
    model: claude-3-5-sonnet-20241022
    api_key: \${ANTHROPIC_API_KEY}
`;
  const { llms, agents } = load(text, { OPENAI_API_KEY: "sk-1", ANTHROPIC_API_KEY: "sk-2" });
  assert.equal(agents.get("specialist")?.llm, "claude-3-5-sonnet");
  const claude = llms.get("claude-3-5-sonnet");
  assert.equal(claude?.provider, "anthropic");
  assert.equal(claude?.options.model, "claude-3-5-sonnet-20241022");
  const key = claude?.options.api_key;
  assert.ok(key instanceof Secret);
  assert.equal(key.reveal(), "sk-2");
});

Deno.test("loadConfig() takes JSON", () => {
  const text =
    '{\n\t"agents": {"a": {"llm": "gpt-4o", "description": "\\u00e9 \\/"}},\n\t"server": {"port": "${PORT}"}\n}\n';
  const { agents, server } = load(text, { PORT: "9000" });
  assert.equal(agents.get("a")?.description, "é /");
  assert.equal(server.port, 9000);
});

Deno.test("loadConfig() passes over a byte order mark and Windows line ends", () => {
  const text = "\uFEFF" + QUICK_START.replaceAll("\n", "\r\n");
  assert.equal(load(text).agents.get("analyst")?.llm, "gpt-4o");
  assert.match(problemsOf(text.replace("analyst:", "analyst:\r\n    lmm: x"))[0] ?? "", /^3:5: agents\.analyst\.lmm/);
});

const RETYPED: readonly (readonly [text: string, variables: Record<string, string>, port: number])[] = [
  ["port: ${PORT:-8080}", {}, 8080],
  ["port: ${PORT:-8080}", { PORT: "" }, 8080],
  ["port: ${PORT:-8080}", { PORT: "9090" }, 9090],
  ["port: $PORT", { PORT: "9090" }, 9090],
  ['port: "${PORT}"', { PORT: "9090" }, 9090],
  ["port: ${A:-${B:-7}}", {}, 7],
];
for (const [text, variables, port] of RETYPED) {
  Deno.test(`loadConfig() reads ${text} as a number (${JSON.stringify(variables)})`, () => {
    assert.equal(load(`${QUICK_START}server:\n  ${text}\n`, variables).server.port, port);
  });
}

Deno.test("loadConfig() reads a variable as a boolean where one is due", () => {
  const text = `${QUICK_START}tools:\n  search:\n    enabled: \${ON}\n`;
  assert.deepEqual(load(text, { ON: "true" }).agents.get("analyst")?.tools, ["search", "write_file", "search_replace"]);
  assert.deepEqual(load(text, { ON: "FALSE" }).agents.get("analyst")?.tools, ["write_file", "search_replace"]);
  assert.deepEqual(problemsOf(text, { ON: "yes" }), [
    "10:14: tools.search.enabled: found text from ${ON}, expected true or false",
  ]);
});

for (const value of ["007", "1e5", "true", "null", "~", "0x10", "[a]", "$HOME", "${HOME}", " x ", "#x", "é\n"]) {
  Deno.test(`loadConfig() keeps the text ${JSON.stringify(value)} of a variable as it is`, () => {
    const text =
      "agents:\n  a:\n    llm: x\n    instruction: ${VALUE}\nllms:\n  x:\n    provider: openai\n    api_key: ${VALUE}\n";
    const { agents, llms } = load(text, { VALUE: value, HOME: "/root" });
    assert.equal(agents.get("a")?.instruction, value);
    const key = llms.get("x")?.options.api_key;
    assert.ok(key instanceof Secret);
    assert.equal(key.reveal(), value);
  });
}

const INFERRED: readonly (readonly [llm: string, provider: string, options: object])[] = [
  ["gpt-4o", "openai", { model: "gpt-4o", max_tokens: 4096 }],
  ["claude-x", "anthropic", { model: "claude-x", max_tokens: 4096 }],
  ["anthropic", "anthropic", { max_tokens: 4096 }],
  ["demo", "demo", { delay_ms: 0 }],
];
for (const [llm, provider, options] of INFERRED) {
  Deno.test(`loadConfig() knows whose llm ${llm} is`, () => {
    const { llms } = load(`agents:\n  a: {llm: ${llm}}\n  b: {llm: ${llm}}\n`);
    assert.deepEqual([...llms], [[llm, { provider, options }]]);
  });
}

const DEFAULT_LLMS: readonly (readonly [rule: string, text: string, llm: string, provider: string])[] = [
  [
    "defaults.llm",
    "defaults: {llm: fast}\nllms: {fast: {provider: demo}, default: {provider: openai}}",
    "fast",
    "demo",
  ],
  ["defaults.llm, a model", "defaults: {llm: claude-x}\nllms: {fast: {provider: demo}}", "claude-x", "anthropic"],
  ["the llm named default", "llms: {fast: {provider: demo}, default: {provider: openai}}", "default", "openai"],
  ["the only llm", "llms: {fast: {provider: demo}}", "fast", "demo"],
  ["the key in the environment", "llms: {}", "default", "anthropic"],
];
for (const [rule, text, llm, provider] of DEFAULT_LLMS) {
  Deno.test(`loadConfig() gives an agent without an llm ${rule}`, () => {
    const { agents, llms } = load(`agents:\n  a:\n${text}\n`, { ANTHROPIC_API_KEY: "sk" });
    assert.equal(agents.get("a")?.llm, llm);
    assert.equal(llms.get(llm)?.provider, provider);
  });
}

const PROVIDERS: readonly (readonly [llm: string, variables: Record<string, string>, provider: string])[] = [
  ["{model: claude-x}", {}, "anthropic"],
  ["{}", { ANTHROPIC_API_KEY: "sk" }, "anthropic"],
  ["{}", { ANTHROPIC_API_KEY: "sk", OPENAI_API_KEY: "sk" }, "openai"],
  ["{}", { OPENAI_API_KEY: "" }, "demo"],
  ["", {}, "demo"],
];
for (const [llm, variables, provider] of PROVIDERS) {
  Deno.test(`loadConfig() finds the provider of llm ${llm || "nothing"} with ${Object.keys(variables)}`, () => {
    assert.equal(load(`agents: {a: {llm: x}}\nllms:\n  x: ${llm}\n`, variables).llms.get("x")?.provider, provider);
  });
}

const STORES = "document_stores:\n  docs: {source: directory, path: docs}\n  wiki: {source: directory, path: wiki}\n";
for (
  const [said, written, expected] of [
    ["nothing", "", ["docs", "wiki"]],
    ["an empty list", "document_stores: []", []],
    ["one, twice", "document_stores: [wiki, wiki]", ["wiki"]],
  ] as const
) {
  Deno.test(`loadConfig() resolves the document stores of an agent that says ${said}`, () => {
    const { agents } = load(`agents:\n  a:\n    llm: gpt-4o\n    ${written}\n${STORES}`);
    assert.deepEqual(agents.get("a")?.document_stores, expected);
  });
}

Deno.test("loadConfig() reads the llm `default` of a file without llms as saying nothing", () => {
  const text = (llm: string) => `agents:\n  a: {instruction: Hi${llm}}\n`;
  const { llms, agents } = load(text(", llm: default"));
  assert.deepEqual({ llms, llm: agents.get("a")?.llm }, { llms: load(text("")).llms, llm: "default" });
  assert.match(problemsOf(`${text(", llm: default")}llms:\n  x: {model: gpt-4o}\n`)[0] ?? "", /found "default"/);
});

Deno.test("loadConfig() gives no tools to an agent that names none", () => {
  const { agents, tools } = load(
    "agents:\n  a: {llm: gpt-4o}\n  b: {llm: gpt-4o, tools: [search, search]}\ntools: {execute_command: {allowed_commands: [ls]}}\n",
  );
  assert.deepEqual(agents.get("a")?.tools, []);
  assert.deepEqual(agents.get("b")?.tools, ["search"]);
  assert.deepEqual([...tools.keys()], ["execute_command", "search"]);
});

Deno.test("loadConfig() reads what the file says of a tool in the tool's place, in older spellings too", () => {
  const { tools } = load(`llms: {m: {provider: openai}}
agents: {a: {tools: [write, edit]}}
tools:
  write: {type: write_file, require_approval: false, replay: ask, description: Writes}
  edit: {type: write_file, enable_approval: true, approval_prompt: "Write {path}?"}
`);
  const { options: _1, ...write } = tools.get("write") ?? {};
  const { options: _2, ...edit } = tools.get("edit") ?? {};
  assert.deepEqual(write, { type: "write_file", require_approval: false, replay: "ask", description: "Writes" });
  assert.deepEqual(edit, { type: "write_file", require_approval: true, approval_prompt: "Write {path}?" });
});

Deno.test("loadConfig() hands a plugin its own options, with its defaults", () => {
  const { tools, server, agents } = load(`agents:
  a:
    llm: gpt-4o
    tools: [shell]
    reasoning: {engine: supervisor, max_iterations: 5, max_hops: 9}
    context: {strategy: buffer_window, budget: 500}
tools:
  shell: {type: execute_command, allowed_commands: [ls]}
server:
  store: {type: memory}
`);
  assert.deepEqual(tools.get("shell"), {
    type: "execute_command",
    options: { allowed_commands: ["ls"], enable_sandboxing: true },
  });
  assert.deepEqual(server.store, { type: "memory", options: {} });
  const agent = agents.get("a");
  assert.deepEqual(agent?.reasoning, {
    engine: "supervisor",
    max_iterations: 5,
    timeout_seconds: 3600,
    enable_thinking_display: false,
    enable_exit_tool: false,
    enable_escalate_tool: false,
    options: { max_hops: 9 },
  });
  assert.deepEqual(agent?.context, { strategy: "buffer_window", budget: 500, options: { window_size: 20 } });
});

Deno.test("loadConfig() takes a section whose lines are commented out as empty", () => {
  const { server, tools } = load(
    `${QUICK_START}tools:\n  # search: {}\nserver:\n  limits:\n  # port: 1\nllms:\ndefaults:\n`,
  );
  assert.equal(server.port, 8080);
  assert.equal(tools.size, 3);
});

Deno.test("loadConfig() follows anchors, aliases and merges", () => {
  const { agents } = load(`agents:
  a: &base
    llm: gpt-4o
    instruction: Be kind.
    reasoning: &slow {max_iterations: 7}
  b:
    <<: *base
    instruction: Be brief.
  c: *base
  d: {llm: gpt-4o, reasoning: *slow}
`);
  assert.deepEqual([...agents.values()].map(({ instruction }) => instruction), [
    "Be kind.",
    "Be brief.",
    "Be kind.",
    undefined,
  ]);
  assert.deepEqual([...agents.values()].map(({ reasoning }) => reasoning.max_iterations), [7, 7, 7, 7]);
  assert.deepEqual([...agents.values()].map(({ name }) => name), ["a", "b", "c", "d"]);
});

Deno.test("loadConfig() makes the first agent that is not private the default", () => {
  const agents = "agents:\n  a: {llm: gpt-4o, visibility: private}\n  b: {llm: gpt-4o, visibility: internal}\n";
  assert.equal(load(agents).server.default_agent, "b");
  assert.equal(load(`${agents}server: {default_agent: a}\n`).server.default_agent, "a");
  assert.equal(load("agents:\n  a: {llm: gpt-4o, visibility: private}\n").server.default_agent, "a");
});

for (const version of ['"2"', "2", "2.0", '"1.9.9"', "1"]) {
  Deno.test(`loadConfig() takes version ${version}`, () =>
    assert.equal(load(`version: ${version}\n${QUICK_START}`).version, "2"));
}

Deno.test("loadConfig() freezes what it returns to the last leaf", () => {
  const config = load(`${QUICK_START}    skills: [{id: s, name: S, description: d, tags: [x]}]\n`);
  const agents: unknown = config.agents;
  assert.ok(agents instanceof Map);
  assert.throws(() => agents.set("b", {}), /frozen/);
  assert.throws(() => agents.delete("analyst"), /frozen/);
  assert.throws(() => agents.clear(), /frozen/);
  const leaves = [
    config,
    config.server,
    config.server.limits,
    config.server.store.options,
    config.llms.get("gpt-4o")?.options,
  ];
  const agent = config.agents.get("analyst");
  for (const leaf of [...leaves, agent, agent?.tools, agent?.reasoning, agent?.skills[0]?.tags]) {
    assert.ok(Object.isFrozen(leaf));
  }
});

Deno.test("loadConfig() prints no credential", () => {
  const text = "agents: {a: {llm: x}}\nllms: {x: {provider: openai, api_key: '${SECRET}'}}\n";
  const config = load(text, VARIABLES);
  assert.ok(!Deno.inspect(config, { depth: 20 }).includes(VARIABLES.SECRET));
  assert.equal(
    JSON.stringify(config.llms.get("x")),
    '{"provider":"openai","options":{"api_key":"[secret]","max_tokens":4096}}',
  );
});

Deno.test("loadConfig() changes no prototype", () => {
  for (const key of ["__proto__", "constructor", "prototype", "toString"]) {
    const text =
      `{"agents": {"a": {"llm": "x"}}, "${key}": {"polluted": 1}, "llms": {"x": {"${key}": {"polluted": 1}}}}`;
    assert.ok(problemsOf(text).length > 0);
    assert.ok(!("polluted" in {}));
  }
  assert.equal(load('{"agents": {"constructor": {"llm": "gpt-4o"}}}').agents.get("constructor")?.name, "constructor");
});

Deno.test("loadConfig() refuses bombs within 100 MB", async () => {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-check", "-A", "--v8-flags=--max-old-space-size=100", new URL("bombs.ts", import.meta.url).href],
  }).output();
  assert.ok(success, new TextDecoder().decode(stderr).slice(0, 2000));
  const refused = new TextDecoder().decode(stdout).trim().split("\n").map((line) => JSON.parse(line));
  assert.deepEqual(refused.map(({ name }) => name), BOMBS.map(([name]) => name));
  // What the whole process took for it, outside of the heap, too.
  assert.deepEqual(refused.filter(({ megabytes }) => megabytes >= 100), []);
});

/** A small linear congruential generator: the same files on every run. */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor(state / 2 ** 32 * below);
  };
}

const PIECES = [
  ..."agents llms tools server defaults a b gpt-4o x type llm provider openai name host port 8080 -1 1e9 null true"
    .split(" "),
  ..."~ { } [ ] : - , & * ! | > % @ ` ' \" # ? << ${ ${A} ${A:- $${ } &a *a !!str .nan 0x1 --- ... __proto__".split(
    " ",
  ),
  ...[
    ": ",
    "\n",
    "\n",
    "\n  ",
    "\n    ",
    "\n- ",
    "\t",
    "\r\n",
    "\uFEFF",
    "\0",
    "\u2028",
    "\uD800",
    "é",
    " ",
    " ",
    ": ",
    ": ",
  ],
];

Deno.test("loadConfig() throws nothing but ConfigError, whatever the text", () => {
  const below = random(17);
  for (let round = 0; round < 3000; round++) {
    const soup = Array.from({ length: below(40) }, () => PIECES[below(PIECES.length)] ?? "").join("");
    problemsOf(round % 2 === 0 ? soup : `agents:\n  a:\n    ${soup}`, { A: "${A}" });
  }
});

Deno.test("loadConfig() throws nothing but ConfigError for a good file with one piece changed", () => {
  const below = random(4);
  const good =
    `${QUICK_START}llms:\n  x: {provider: openai, api_key: "\${A}"}\n${STORES}server:\n  store: {type: memory}\n`;
  for (let round = 0; round < 2000; round++) {
    const at = below(good.length);
    const cut = good.slice(0, at) + (PIECES[below(PIECES.length)] ?? "") + good.slice(at + below(6));
    for (const line of problemsOf(cut, { A: "v" })) assert.match(line, /^\d+:\d+: ./);
  }
});

Deno.test("loadConfig() reads how an agent answers, and how long it waits for people", () => {
  const { agents, llms } = load(`llms:
  m: {provider: openai, structured_output: {schema: {type: object}}}
agents:
  a:
    llm: m
    variables: {city: Rome, who: null}
    prompt: {role: You cook., guidance: Be kind.}
    reasoning: {completion_instruction: Serve., enable_thinking_display: true}
    structured_output: {schema: {type: array}, name: list}
    task: {input_timeout: 600}
  b: {llm: m}
`);
  const a = agents.get("a");
  assert.deepEqual(a?.variables, { city: "Rome", who: null });
  assert.deepEqual(a?.prompt, { role: "You cook.", guidance: "Be kind." });
  assert.equal(a?.reasoning.completion_instruction, "Serve.");
  assert.deepEqual(a?.structured_output, { schema: { type: "array" }, strict: true, name: "list" });
  assert.deepEqual(a?.task, { input_timeout: 600, on_input_timeout: "fail" });
  assert.deepEqual(agents.get("b")?.task, { on_input_timeout: "fail" });
  assert.deepEqual(llms.get("m")?.structured_output?.schema, { type: "object" });
});
