import assert from "node:assert/strict";
import type { Tool as Listed } from "@modelcontextprotocol/client";
import type { LogFields } from "../../../src/lib/log.ts";
import type { CallTool } from "../../../src/tool/mcp/call_through.ts";
import { McpOptions } from "../../../src/tool/mcp/mcp_options.ts";
import type { Tool } from "../../../src/tool/tool.ts";
import { toolReader } from "../../../src/tool/mcp/read_tools.ts";

function read(said: object, listed: readonly Partial<Listed>[], replay?: Tool["replay"]) {
  const repeated: string[] = [];
  const told: LogFields[] = [];
  const log = { info: () => {}, warn: (_: string, fields: LogFields = {}) => void told.push(fields), error: () => {} };
  const call: CallTool = (tool, { isSafe }) => {
    if (isSafe) repeated.push(tool.name);
    return () => Promise.resolve({ content: `called ${tool.name}` });
  };
  const toTools = toolReader(McpOptions().parse({ command: "x", ...said }), { name: "files", log, call, replay });
  const all = listed.map((tool): Listed => ({ name: "act", inputSchema: { type: "object" }, ...tool }));
  toTools(all);
  repeated.length = 0;
  return { tools: toTools(all), told, repeated };
}

Deno.test("toolReader() calls a tool by the server's name for it, whatever it is called here", async () => {
  const { tools } = read({ prefix: "fs_" }, [{ name: "read.file" }, { name: "read/file" }]);
  assert.deepEqual(tools.map(({ name }) => name), ["fs_read_file", "fs_read_file_2"]);
  const context = { callId: "", key: "", contextId: "", earlier: [], taskId: "", metadata: {} };
  const rest = { owner: { tenant: "", owner: "" }, say: () => Promise.resolve(), signal: new AbortController().signal };
  const results = await Promise.all(tools.map((tool) => tool.run({}, { ...context, ...rest })));
  assert.deepEqual(results.map(({ content }) => content), ["called read.file", "called read/file"]);
});

Deno.test("toolReader() bounds what a server says of its tools", () => {
  const { tools } = read({}, [{ description: `Reads\u0000\u202e\n${"x".repeat(10_000)}` }]);
  const [{ description } = { description: "" }] = tools;
  assert.ok(description.startsWith("Reads\nxxx") && description.length < 4100);
});

Deno.test("toolReader() leaves out what cannot be used, and says so once", () => {
  const large = { type: "object", description: "x".repeat(70_000) } as const;
  const { tools, told } = read({ max_tools: 2, exclude: ["hidden"] }, [
    { name: "one" },
    { name: "???" },
    { name: "hidden" },
    { name: "large", inputSchema: large },
    { name: "two" },
    { name: "three" },
    { name: "four" },
  ]);
  assert.deepEqual(tools.map(({ name }) => name), ["one", "two"]);
  assert.deepEqual(told.map(({ tool, count, because }) => `${tool ?? count}: ${because}`), [
    "???: its name has no letter and no digit",
    "large: its schema is longer than 65536 characters",
    "2: the server has more than 2 (max_tools)",
  ]);
});

Deno.test("toolReader() uses the title of a tool that describes itself with nothing else", () => {
  assert.deepEqual(read({}, [{ title: "Acts" }, { name: "b" }]).tools.map(({ description }) => description), [
    "Acts",
    "",
  ]);
});

/** [what the entry says of all its tools, what each is then, and which are made again when their server dies] */
const REPLAYS: readonly (readonly [said: Tool["replay"] | undefined, replays: string[], repeated: string[]])[] = [
  [undefined, ["safe", "ask", "once"], ["look"]],
  ["once", ["once", "once", "once"], []],
  ["ask", ["ask", "ask", "ask"], []],
  ["safe", ["safe", "safe", "safe"], ["look", "pay", "act"]],
];
for (const [said, replays, repeated] of REPLAYS) {
  Deno.test(`toolReader() lets the entry's replay (${said}) overrule servers and single tools`, () => {
    const options = { trust_annotations: true, tools: { pay: { replay: "ask" } } };
    const listed = [{ name: "look", annotations: { readOnlyHint: true } }, { name: "pay" }, { name: "act" }];
    const found = read(options, listed, said);
    assert.deepEqual(found.tools.map(({ replay }) => replay), replays);
    assert.deepEqual(found.repeated, repeated);
  });
}
