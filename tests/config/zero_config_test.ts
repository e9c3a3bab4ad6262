import assert from "node:assert/strict";
import { ConfigError } from "../../src/config/config_error.ts";
import { zeroConfig, type ZeroConfigFlags } from "../../src/config/zero_config.ts";
import { Secret } from "../../src/lib/secret.ts";
import { envOf, TABLES } from "./plugin_tables.ts";

type Variables = Readonly<Record<string, string>>;

function start(flags: ZeroConfigFlags, variables: Variables = {}) {
  return zeroConfig({
    flags,
    env: envOf(variables),
    tables: TABLES,
    documentTool: "search",
    serverTool: "mcp",
    baseDir: "/work",
  });
}

const CHOICES: readonly (readonly [flags: ZeroConfigFlags, variables: Variables, why: string])[] = [
  [
    {},
    {},
    'Agent "assistant" uses demo (demo), because no key is set (OPENAI_API_KEY, ANTHROPIC_API_KEY), and it needs none.',
  ],
  [
    {},
    { ANTHROPIC_API_KEY: "sk" },
    'Agent "assistant" uses anthropic (claude-large), because ANTHROPIC_API_KEY is set.',
  ],
  [
    {},
    { ANTHROPIC_API_KEY: "sk", OPENAI_API_KEY: "sk" },
    'Agent "assistant" uses openai (gpt-large), because OPENAI_API_KEY is set.',
  ],
  [
    {},
    { ANTHROPIC_API_KEY: "sk", OPENAI_API_KEY: "" },
    'Agent "assistant" uses anthropic (claude-large), because ANTHROPIC_API_KEY is set.',
  ],
  [{ provider: "demo" }, { OPENAI_API_KEY: "sk" }, 'Agent "assistant" uses demo (demo), because --provider says so.'],
  [
    { model: "claude-x" },
    { OPENAI_API_KEY: "sk" },
    'Agent "assistant" uses anthropic (claude-x), because the model of --model is its own.',
  ],
  [
    { model: "llama" },
    { OPENAI_API_KEY: "sk" },
    'Agent "assistant" uses openai (llama), because OPENAI_API_KEY is set.',
  ],
  [
    { apiKey: "sk" },
    { ANTHROPIC_API_KEY: "sk" },
    'Agent "assistant" uses openai (gpt-large), because --api-key is given without --provider.',
  ],
  [
    { baseUrl: "http://x" },
    {},
    'Agent "assistant" uses openai (gpt-large), because --base-url is given without --provider.',
  ],
  [
    { baseUrl: "http://x" },
    { ANTHROPIC_API_KEY: "sk" },
    'Agent "assistant" uses anthropic (claude-large), because ANTHROPIC_API_KEY is set.',
  ],
];
for (const [flags, variables, why] of CHOICES) {
  Deno.test(`zeroConfig() chooses for ${JSON.stringify(flags)} and ${Object.keys(variables)}`, () => {
    assert.equal(start(flags, variables).why, why);
  });
}

Deno.test("zeroConfig() hands every flag on, as what its option wants", () => {
  const { config, why } = start({
    provider: "openai",
    model: "gpt-x",
    apiKey: "sk-planted",
    baseUrl: "http://localhost:1/v1",
    temperature: "0.5",
    maxTokens: "100",
    instruction: "Be ${brief}.",
    role: "You are a clerk.",
    tools: ["search"],
  });
  const { api_key, ...options } = config.llms.get("default")?.options ?? {};
  assert.ok(api_key instanceof Secret);
  assert.equal(api_key.reveal(), "sk-planted");
  assert.deepEqual(options, { model: "gpt-x", base_url: "http://localhost:1/v1", temperature: 0.5, max_tokens: 100 });
  const agent = config.agents.get("assistant");
  assert.equal(agent?.instruction, "Be ${brief}.");
  assert.equal(agent?.prompt.system_prompt, "You are a clerk.");
  assert.deepEqual(agent?.tools, ["search"]);
  assert.equal(config.base_dir, "/work");
  assert.ok(!why.includes("planted") && !Deno.inspect(config, { depth: 9 }).includes("planted"));
});

/** [flags, thinking] */
const THINKING: readonly (readonly [flags: ZeroConfigFlags, thinking: unknown])[] = [
  [{}, undefined],
  [{ thinking: true }, true],
  [{ thinking: false }, false],
  [{ thinkingBudget: "2048" }, { enabled: true, budget_tokens: 2048 }],
  [{ thinking: false, thinkingBudget: "2048" }, { enabled: false, budget_tokens: 2048 }],
];
for (const [flags, thinking] of THINKING) {
  Deno.test(`zeroConfig() says of thinking what ${JSON.stringify(flags)} says`, () => {
    const { config } = start({ ...flags, provider: "openai" });
    assert.deepEqual(config.llms.get("default")?.options.thinking, thinking);
  });
}

for (
  const [flags, isShown] of [[{}, false], [{ showThinking: true }, true], [{ showThinking: false }, false]] as const
) {
  Deno.test(`zeroConfig() shows what the model thinks as ${JSON.stringify(flags)} says`, () => {
    assert.equal(start(flags).config.agents.get("assistant")?.reasoning.enable_thinking_display, isShown);
  });
}

const TOOLS: readonly (readonly [flag: ZeroConfigFlags["tools"], tools: readonly string[]])[] = [
  [undefined, []],
  [false, []],
  [true, ["search", "write_file", "search_replace"]],
  [["search", "search"], ["search"]],
];
for (const [tools, expected] of TOOLS) {
  Deno.test(`zeroConfig() gives the agent the tools of --tools ${JSON.stringify(tools)}`, () => {
    assert.deepEqual(start({ tools }).config.agents.get("assistant")?.tools, expected);
  });
}

Deno.test("zeroConfig() gives the agent the tools of --mcp-url beside those of --tools", () => {
  const { config } = start({ toolServer: "http://127.0.0.1:3001/mcp", tools: ["search"] });
  assert.deepEqual(config.agents.get("assistant")?.tools, ["search", "mcp"]);
  assert.deepEqual(config.tools.get("mcp")?.options, { url: "http://127.0.0.1:3001/mcp" });
  assert.deepEqual(start({ toolServer: "http://a.example" }).config.agents.get("assistant")?.tools, ["mcp"]);
});

Deno.test("zeroConfig() asks for a yes as --approve-tools and --no-approve-tools say, the stricter of them first", () => {
  const flags = { tools: ["write_file", "search"], approveTools: ["search"], noApproveTools: ["write_file", "search"] };
  const { tools } = start(flags).config;
  assert.deepEqual([...tools].map(([name, { require_approval }]) => [name, require_approval]), [
    ["search", true],
    ["write_file", false],
  ]);
});

Deno.test("zeroConfig() names --mcp-url where it is no URL", () => {
  assert.throws(() => start({ toolServer: "nonsense" }), /--mcp-url: found "nonsense"/);
});

Deno.test("zeroConfig() gives the agent a folder of documents, and what it searches them with", () => {
  const { config } = start({ docsFolder: "notes", tools: ["write_file"] });
  assert.deepEqual([...config.document_stores], [[
    "docs",
    { source: "directory", options: { path: "notes", include_patterns: ["**"] } },
  ]]);
  const agent = config.agents.get("assistant");
  assert.deepEqual([agent?.tools, agent?.document_stores], [["write_file", "search"], ["docs"]]);
  assert.deepEqual(start({ docsFolder: "notes" }).config.agents.get("assistant")?.tools, ["search"]);
});

const REFUSED: readonly (readonly [flags: ZeroConfigFlags, message: string])[] = [
  [
    { provider: "opnai" },
    '--provider: found "opnai", expected "openai", "anthropic" or "demo"; did you mean "openai"?',
  ],
  [{ provider: "openai", temperature: "hot" }, '--temperature: found "hot", expected a number'],
  [{ provider: "openai", temperature: "9" }, '--temperature: found "9", expected at most 2'],
  [{ provider: "openai", maxTokens: "1.5" }, '--max-tokens: found "1.5", expected a whole number'],
  [{ provider: "openai", apiKey: "" }, '--api-key: found "", expected text that is not empty'],
  [{ provider: "openai", baseUrl: "localhost" }, '--base-url: found "localhost", expected a URL'],
  [
    { provider: "demo", model: "x" },
    '--model: provider "demo" has no such option, expected --provider with another one',
  ],
  [{ temperature: "1" }, '--temperature: provider "demo" has no such option, expected --provider with another one'],
  [
    { thinking: true },
    '--thinking: provider "demo" has no such option, expected --provider with another one',
  ],
  [
    { provider: "openai", thinkingBudget: "much" },
    '--thinking-budget: found "much", expected a number',
  ],
  [
    { docsFolder: "docs:/remote" },
    "--docs-folder: found PATH:REMOTE, which is for a remote parser that is not in this version, expected the path alone",
  ],
  [{ docsFolder: "" }, '--docs-folder: found "", expected text that is not empty'],
  [
    { approveTools: ["serch"] },
    '--approve-tools: found "serch", expected "search", "write_file", "search_replace", "execute_command", "pattern" or "mcp"; did you mean "search"?',
  ],
  [
    { tools: ["serch"] },
    '--tools[0]: found "serch", expected "search", "write_file", "search_replace", "execute_command", "pattern" or "mcp"; did you mean "search"?',
  ],
  [
    { tools: ["execute_command"] },
    '--tools[0]: found "execute_command", which needs options: expected an entry of that name under tools',
  ],
];
for (const [flags, message] of REFUSED) {
  Deno.test(`zeroConfig() refuses ${JSON.stringify(flags)}`, () => {
    assert.throws(() => start(flags), (thrown) => {
      assert.ok(thrown instanceof ConfigError);
      assert.equal(thrown.message, `command line: ${message}`);
      return true;
    });
  });
}
