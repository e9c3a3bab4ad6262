import assert from "node:assert/strict";
import { PLUGIN_TABLES } from "../../src/app/runtime.ts";
import type { Config } from "../../src/config/config.ts";
import { ConfigError } from "../../src/config/config_error.ts";
import { loadConfig } from "../../src/config/load.ts";

function load(text: string): Config {
  return loadConfig({ text, file: "a.yaml", env: () => undefined, tables: PLUGIN_TABLES, baseDir: "/" });
}

function problemsOf(text: string): string[] {
  try {
    load(text);
    return [];
  } catch (thrown) {
    assert.ok(thrown instanceof ConfigError);
    return thrown.problems.map(({ path, position, message }) => `${position?.line}: ${path}: ${message}`);
  }
}

const AGENT = "  a: {}\n  b: {}\n";
/** What a file says of agents, and the one thing that is wrong with it. */
const WRONG: readonly (readonly [agents: string, told: RegExp])[] = [
  ["  x: {type: sequential}\n", /^2: agents\.x: found no sub_agents, which an agent of type sequential is made of$/],
  ["  x: {type: runner}\n", /^2: agents\.x: found no tools, which a runner is made of$/],
  ["  x: {type: remote}\n", /^2: agents\.x: found nothing that says where the remote agent is, expected one of "url"/],
  [
    "  x: {type: remote, url: 'https://h', agent_card_file: c.json}\n",
    /^2: agents\.x: found "url" and "agent_card_file" that says/,
  ],
  [
    "  x: {type: remote, url: 'https://h', llm: demo}\n",
    /^2: agents\.x\.llm: found in an agent of type remote, expected it only in one of type llm$/,
  ],
  [
    "  x: {url: 'https://h'}\n",
    /agents\.x\.url: found in an agent of type llm, expected it only in one of type remote$/,
  ],
  ["  x: {type: loop, sub_agents: [a], tools: [search]}\n", /agents\.x\.tools: .* type llm or runner$/],
  ["  x: {type: parallel, sub_agents: [a], max_iterations: 2}\n", /agents\.x\.max_iterations: .* type loop$/],
  ["  x: {type: robot}\n", /agents\.x\.type: found "robot", expected/],
  ["  x: {type: loop, sub_agents: [a, bb]}\n", /agents\.x\.sub_agents\[1\]: found "bb", expected "a" or "b"; did you/],
  ["  x: {sub_agents: [x]}\n", /agents\.x\.sub_agents\[0\]: found the agent itself, expected another$/],
  ["  x: {agent_tools: [c]}\n", /agents\.x\.agent_tools\[0\]: found "c", expected "a" or "b"/],
  [
    "  x: {type: loop, sub_agents: [y]}\n  y: {type: loop, sub_agents: [a, x]}\n",
    /^3: agents\.y\.sub_agents\[1\]: found a circle of sub-agents: x → y → x$/,
  ],
  [
    "  x: {type: remote, url: 'https://h', credentials: {type: basic, username: u}}\n",
    /agents\.x\.credentials\.password: found nothing, which type basic needs/,
  ],
  ["  x: {type: remote, url: 'https://h', card_sha256: abc}\n", /card_sha256: .*64 hexadecimal digits/],
];

for (const [agents, told] of WRONG) {
  Deno.test(`loadConfig() refuses ${agents.trim().replaceAll("\n", " ")}`, () => {
    const problems = problemsOf(`agents:\n${agents}${AGENT}`);
    assert.equal(problems.length, 1, problems.join("\n"));
    assert.match(problems[0] ?? "", told);
  });
}

Deno.test("loadConfig() fills in what workflows and remote agents do not say, and wants no model of them", () => {
  const { agents } = load(
    `agents:\n  l: {type: loop, sub_agents: [a]}\n  p: {type: parallel, sub_agents: [a, b]}\n` +
      `  r: {type: a2a, url: "https://data.internal/v1", timeout: 1m30s}\n${AGENT}`,
  );
  assert.deepEqual([agents.get("l")?.max_iterations, agents.get("l")?.llm], [10, undefined]);
  assert.equal(agents.get("p")?.max_concurrency, 8);
  const remote = agents.get("r");
  assert.deepEqual([remote?.type, remote?.url, remote?.timeout_seconds], ["remote", "https://data.internal/v1", 90]);
});

Deno.test("loadConfig() lets agents name each other as tools: only sub-agents may not go round", () => {
  assert.deepEqual(problemsOf("agents:\n  x: {agent_tools: [y]}\n  y: {agent_tools: [x]}\n"), []);
});
