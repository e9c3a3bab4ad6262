import assert from "node:assert/strict";
import { ConfigError } from "../../src/config/config_error.ts";
import { loadConfig } from "../../src/config/load.ts";
import type { Piece } from "../../src/config/pieces.ts";
import { readPieces } from "../../src/config/read_pieces.ts";
import { isSameConfig } from "../../src/config/revision.ts";
import { envOf, TABLES } from "./plugin_tables.ts";

const COMMON = { env: envOf({ PORT: "9000" }), tables: TABLES, baseDir: "/" };

function load(...pieces: Piece[]) {
  return loadConfig({ ...COMMON, pieces });
}

function refusal(...pieces: Piece[]): string {
  try {
    load(...pieces);
  } catch (thrown) {
    if (thrown instanceof ConfigError) return thrown.message;
    throw thrown;
  }
  throw new Error("it loads");
}

const AGENTS = { file: "agents.yaml", text: "agents:\n  a: {llm: fast}\n" };
const LLMS = { file: "llms.yaml", text: "llms:\n  fast: {provider: demo}\n" };

Deno.test("loadConfig() reads pieces as one file, whatever their order", () => {
  const whole = load({ file: "all.yaml", text: AGENTS.text + LLMS.text });
  assert.ok(isSameConfig(load(AGENTS, LLMS), whole));
  assert.ok(isSameConfig(load(LLMS, AGENTS), whole));
});

Deno.test("loadConfig() reads older spellings of one piece beside the newest of another", () => {
  const older = { file: "old.yaml", text: "agents:\n  - {name: b, llm: fast, memory: {budget: 500}}\n" };
  const config = load(AGENTS, LLMS, older, { file: "s.yaml", text: "global: {a2a_server: {port: $PORT}}" }, {
    file: "t.yaml",
    text: "server: {host: 0.0.0.0}",
  });
  assert.deepEqual([...config.agents.keys()], ["a", "b"]);
  assert.deepEqual([config.agents.get("b")?.context.budget, config.server.port], [500, 9000]);
});

Deno.test("loadConfig() names the file, the line and the column of each mistake in its piece", () => {
  const message = refusal(
    { file: "one.yaml", text: "agents:\n  a: {llm: fast, lmm: x}\n" },
    { file: "two.yaml", text: 'llms:\n  fast: {provider: demo,\n    delay_ms: "${UNSET}"}\n' },
    { file: "three.yaml", text: "\uFEFFserver:\n  port: http\n" },
  );
  assert.deepEqual(message.split("\n").map((line) => line.split(": ", 2).join(" ")), [
    "one.yaml:2:18 agents.a.lmm",
    "two.yaml:3:15 llms.fast.delay_ms",
    "three.yaml:2:9 server.port",
  ]);
});

Deno.test("loadConfig() reads no piece as absent: one that is no YAML refuses them all, with the mistakes of the others", () => {
  const message = refusal(AGENTS, { file: "bad.yaml", text: "llms: [" }, { file: "empty.yaml", text: "# later\n" });
  assert.match(message, /^bad\.yaml:1:\d+: .*\nempty\.yaml:1:1: found nothing/);
});

Deno.test("readPieces() tells what it read as what, and where", () => {
  const { moves, locate } = readPieces({
    ...COMMON,
    pieces: [LLMS, { file: "old.yaml", text: "agents:\n  a:\n    memory: {working: {max_tokens: 500}}\n" }],
  });
  assert.deepEqual(moves.map(({ offset, from, to }) => [locate(offset), from, to]), [[
    { file: "old.yaml", position: { line: 3, column: 24 } },
    "agents.a.memory.working.max_tokens",
    "agents.a.context.budget",
  ]]);
});

Deno.test("readPieces() refuses more text than all files may hold", () => {
  const text = `# ${"x".repeat(1_000_000)}\na: 1`;
  const pieces = Array.from({ length: 5 }, (_, at) => ({ file: `${at}.yaml`, text }));
  assert.match(readPieces({ ...COMMON, pieces }).findings[0]?.message ?? "", /more than 4 MiB/);
});
