import assert from "node:assert/strict";
import { isRecord } from "../../src/lib/json.ts";
import { DOCUMENT_TOOL, PLUGINS, SERVER_TOOL } from "../../src/plugins.ts";
import { configJsonSchema } from "../../src/config/json_schema.ts";
import { loadConfig } from "../../src/config/load.ts";
import type { Configurable, PluginTables } from "../../src/config/plugin_tables.ts";
import { zeroConfig } from "../../src/config/zero_config.ts";
import { envOf } from "./plugin_tables.ts";

// Where a file comes from is said on the command line, not in the file.
const { sources: _, toolsets, ...NAMED_IN_FILES } = PLUGINS;
const TABLES: PluginTables = {
  ...NAMED_IN_FILES,
  tools: new Map<string, Configurable>([...PLUGINS.tools, ...toolsets]),
};

/** Options that a plugin cannot do without. */
const NEEDED: ReadonlyMap<string, object> = new Map([
  ["mcp", { command: "serve-files", env: { TOKEN: "t" } }],
  ["typescript", { path: "tool.ts" }],
  ["web_search", { provider: "tavily", api_key: "k" }],
]);

for (const [table, plugins] of Object.entries(TABLES)) {
  for (const [name, { options }] of plugins) {
    Deno.test(`the options of ${name} (${table}) take what came of them once more`, () => {
      const once = options().parse(NEEDED.get(name) ?? {});
      assert.ok(isRecord(once));
      assert.deepEqual(options().parse(once), once);
    });
  }
}

/** What says, in the options of a tool or a source of documents, that something on the machine is reached. */
const REACHING = ["command", "path", "working_directory", "allowed_commands"];

for (const [name, { options, reach }] of [...TABLES.tools, ...TABLES.documentSources]) {
  Deno.test(`the row of ${name} tells what its options reach on the machine, if they reach anything`, () => {
    const once = options().parse(NEEDED.get(name) ?? {});
    assert.ok(isRecord(once));
    const { programs = false, folders = [] } = reach?.(once) ?? {};
    assert.equal(programs || folders.length > 0, REACHING.some((key) => key in once), name);
  });
}

Deno.test("the last model needs no key, so that a first start always answers", () => {
  assert.deepEqual([...TABLES.models.values()].at(-1)?.credentials, []);
  const { config } = zeroConfig({
    flags: { tools: true },
    env: envOf({}),
    tables: TABLES,
    documentTool: DOCUMENT_TOOL,
    serverTool: SERVER_TOOL,
    baseDir: "/",
  });
  assert.ok((config.agents.get("assistant")?.tools.length ?? 0) > 0);
});

Deno.test("no option of a plugin has the name of the key that chooses it", () => {
  const rows = [["models", "provider"], ["tools", "type"], ["engines", "engine"], ["memories", "strategy"], [
    "documentSources",
    "source",
  ], ["stores", "type"]] as const;
  for (const [table, key] of rows) {
    for (const [name, { options }] of TABLES[table]) {
      const once = options().parse(NEEDED.get(name) ?? {});
      assert.ok(isRecord(once) && !(key in once), `${table}.${name}`);
    }
  }
});

Deno.test("the quick start of seed 000 loads with the plugins of the program", () => {
  const text = `agents:
  analyst:
    llm: gpt-4o
    tools: [search, write_file, search_replace]
    reasoning:
      engine: chain-of-thought
      max_iterations: 100
`;
  const { agents, llms } = loadConfig({ text, file: "agents.yaml", env: envOf({}), tables: TABLES, baseDir: "/" });
  assert.equal(llms.get("gpt-4o")?.provider, [...TABLES.models.keys()][0]);
  assert.deepEqual(agents.get("analyst")?.tools, ["search", "write_file", "search_replace"]);
});

for (const provider of ["openai", "gemini", "ollama", "anthropic"]) {
  Deno.test(`zeroConfig() asks ${provider} to think, or not`, () => {
    for (const thinking of [true, false]) {
      const flags = { provider, thinking };
      const request = {
        flags,
        env: envOf({}),
        tables: TABLES,
        documentTool: DOCUMENT_TOOL,
        serverTool: SERVER_TOOL,
        baseDir: "/",
      };
      assert.partialDeepStrictEqual(zeroConfig(request).config.llms.get("default")?.options, { thinking });
    }
  });
}

Deno.test("configJsonSchema() can say the options of every plugin", () => {
  const text = JSON.stringify(configJsonSchema(TABLES));
  for (const plugins of Object.values(TABLES)) {
    for (const name of plugins.keys()) {
      assert.ok(text.includes(`"enum":[${[...plugins.keys()].map((key) => `"${key}"`).join()}]`), name);
    }
  }
});
