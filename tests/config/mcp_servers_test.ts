import assert from "node:assert/strict";
import { PLUGIN_TABLES } from "../../src/app/runtime.ts";
import { ConfigError } from "../../src/config/config_error.ts";
import { loadConfig } from "../../src/config/load.ts";
import { readOlderSpellings } from "../../src/config/older_spellings.ts";
import { readYaml } from "../../src/config/read_yaml.ts";
import { isSameConfig } from "../../src/config/revision.ts";

const load = (text: string) =>
  loadConfig({
    text: `llms: {m: {provider: demo}}\n${text}`,
    file: "a.yaml",
    env: () => undefined,
    tables: PLUGIN_TABLES,
    baseDir: "/",
  });

const NEWEST = `agents: {a: {llm: m, tools: [read_file, files]}}
tools: {files: {type: mcp, command: serve, args: [x]}}`;
const OVER_HTTP = `agents: {a: {llm: m, tools: [web]}}
tools: {web: {type: mcp, url: "https://a.example/mcp", transport: streamable-http, timeout_seconds: 300}}`;

/** [another way to write it, the newest] */
const SPELLINGS: readonly (readonly [written: string, newest: string])[] = [
  [
    `agents: {a: {llm: m, tools: [read_file], mcp: [files]}}\nmcp_servers: {files: {command: serve, args: [x]}}`,
    NEWEST,
  ],
  [
    `agents: {a: {llm: m, tools: [read_file], mcp_servers: [files]}}\nmcpServers: {files: {command: serve, args: [x]}}`,
    NEWEST,
  ],
  [
    `agents: {a: {llm: m, tools: [read_file, files]}}\nmcpServers: {files: {type: stdio, command: serve, args: [x]}}`,
    NEWEST.replace("serve", "serve, transport: stdio"),
  ],
  [`agents: {a: {llm: m, tools: [read_file, files]}}\ntools: {files: {command: serve, args: [x]}}`, NEWEST],
  [
    `agents: {a: {llm: m, mcp: [web]}}\nmcpServers: {web: {type: http, url: "https://a.example/mcp", timeout: 5m}}`,
    OVER_HTTP,
  ],
  [
    `agents: {a: {llm: m, tools: [web]}}\ntools: {web: {type: mcp, server_url: "https://a.example/mcp", transport: streamable_http, timeout: 300, insecure_skip_verify: false}}`,
    OVER_HTTP,
  ],
];
for (const [written, newest] of SPELLINGS) {
  Deno.test(`loadConfig() reads ${written.replaceAll("\n", " ")}`, () => {
    assert.ok(isSameConfig(load(written), load(newest)), JSON.stringify([...load(written).tools]));
  });
}

Deno.test("older spellings of servers are told, with the newest", () => {
  const read = readYaml("agents: {a: {mcp: [s]}}\nmcp_servers: {s: {command: x}}");
  assert.ok(read.tree !== undefined);
  const { moves, findings } = readOlderSpellings(read.tree);
  assert.deepEqual(findings, []);
  assert.deepEqual(moves.map(({ from, to }) => `${from} → ${to}`), [
    "mcp_servers.s → tools.s",
    "agents.a.mcp → agents.a.tools",
  ]);
});

/** [what is written, what is told] */
const REFUSED: readonly (readonly [written: string, told: RegExp])[] = [
  [`agents: {a: {llm: m, mcp: [files]}}`, /agents\.a\.mcp\[0\]: found "files"/],
  [`agents: {a: {llm: m}}\nmcp_servers: {s: {args: [x]}}`, /mcp_servers\.s: found neither url nor command/],
  [`agents: {a: {llm: m}}\nmcp_servers: {s: {command: x}}\ntools: {s: {command: y}}`, /mcp_servers\.s/],
  [
    `agents: {a: {llm: m}}\ntools: {s: {type: mcp, url: "https://a.example", insecure_skip_verify: true}}`,
    /insecure_skip_verify/,
  ],
];
for (const [written, told] of REFUSED) {
  Deno.test(`loadConfig() refuses ${written.replaceAll("\n", " ")}`, () => {
    assert.throws(() => load(written), (thrown) => {
      assert.ok(thrown instanceof ConfigError);
      assert.match(thrown.problems.map(({ path, message }) => `${path}: ${message}`).join("\n"), told);
      return true;
    });
  });
}
