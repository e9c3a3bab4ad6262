import assert from "node:assert/strict";
import { type Config } from "../../src/config/config.ts";
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
];
for (const [name, older, newest] of SPELLINGS) {
  Deno.test(`readOlderSpellings() reads ${name}`, () => assert.ok(isSameConfig(load(older), load(newest))));
}

const REFUSED: readonly (readonly [name: string, text: string, message: RegExp])[] = [
  ["two spellings at once", `${AGENT}llms: {x: {provider: openai, type: demo}}`, /2:30: llms\.x\.type: found beside/],
  [
    "two spellings of memory",
    "agents: {a: {llm: gpt-4o, context: {budget: 500}, memory: {budget: 600}}}",
    /1:60: agents\.a\.memory\.budget: found beside/,
  ],
  [
    "a source without a type",
    `${AGENT}document_stores: {d: {source: {path: x}}}`,
    /2:19: document_stores\.d\.source: found nothing, expected "directory"/,
  ],
  [
    "an id that comes from a variable",
    "agents: [{name: '${SECRET} x', llm: gpt-4o}]",
    /1:17: agents\[0\]\.name: found text from a variable/,
  ],
  ["an agent of another type", "agents: {a: {type: remote, llm: gpt-4o}}", /agents\.a\.type: unknown key/],
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
