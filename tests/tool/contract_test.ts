import { contractOf } from "../../tool_contract.ts";
import type { JsonObject } from "../../src/lib/json.ts";
import { PLUGINS } from "../../src/plugins.ts";
import { createSafeFetch } from "../../src/lib/safe_fetch.ts";
import { createEgress } from "../../src/server/egress.ts";
import { PROCESS_TIMERS } from "../../src/server/timers.ts";
import { toolContract } from "../../src/tool/contract.ts";
import type { ToolDeps } from "../../src/tool/tool.ts";
import { inTempDir, toolDeps } from "./run_tool.ts";
import { withWebServer } from "./web/web_server.ts";

interface Example {
  readonly input: JsonObject;
  readonly options?: JsonObject;
  /** The file that is there before. */
  readonly file?: string;
}

/** A call of each tool that works anywhere. `URL` stands for a server that answers. */
const EXAMPLES: ReadonlyMap<string, Example> = new Map<string, Example>([
  ["read_file", { input: { path: "f" }, file: "one\n" }],
  ["write_file", { input: { path: "f", content: "one\n" } }],
  ["search_replace", { input: { path: "f", old_string: "one", new_string: "two" }, file: "one\n" }],
  ["apply_patch", { input: { path: "f", old_string: "one", new_string: "two" }, file: "one\n" }],
  ["text_editor", { input: { command: "view", path: "f" }, file: "one\n" }],
  ["grep_search", { input: { pattern: "one" }, file: "one\n" }],
  ["todo_write", { input: { merge: false, todos: [{ id: "1", content: "Look", status: "pending" }] } }],
  ["search", { input: { query: "owls" } }],
  ["web_request", { input: { url: "URL" }, options: { allow: ["127.0.0.1"] } }],
  ["web_fetch", { input: { url: "URL" }, options: { allow: ["127.0.0.1"] } }],
  ["web_search", { input: { query: "owls" }, options: { base_url: "URL" } }],
]);

/** Tools whose calls need more than a folder and a server; their own tests hold them. */
const ELSEWHERE: ReadonlySet<string> = new Set(["agent_call", "execute_command"]);

const NAMES = ["says what it does", "takes its example", "gives a result", "says to a call", "says whether"];

for (const [name, plugin] of PLUGINS.tools) {
  if (ELSEWHERE.has(name)) continue;
  NAMES.forEach((start, at) =>
    Deno.test(`${name} holds what every tool holds: it ${start} …`, async () => {
      const example = EXAMPLES.get(name);
      if (example === undefined) throw new Error(`${name} has no example`);
      await inTempDir((base) =>
        withWebServer(() => Response.json({ results: [] }), async ({ url }) => {
          if (example.file !== undefined) await Deno.writeTextFile(`${base}/f`, example.file);
          const { input, options = {} } = JSON.parse(JSON.stringify(example).replaceAll('"URL"', JSON.stringify(url)));
          const network: Partial<ToolDeps> = { fetch: createSafeFetch(createEgress({ timers: PROCESS_TIMERS })) };
          const open = () => Promise.resolve(plugin.create(options, toolDeps(base, network)));
          await toolContract({ open, input })[at]?.run();
        })
      );
    })
  );
}

const example = new URL("../../docs/examples/tools/roll_dice.ts", import.meta.url).pathname;
for (const { name, run } of contractOf({ path: example, input: { sides: 20 } })) {
  Deno.test(`the example of docs/tools-of-your-own.md ${name}`, run);
}
