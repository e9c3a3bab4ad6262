import { createMcpHandler, McpServer } from "@modelcontextprotocol/server";
import type { Message } from "../../../src/a2a/types.ts";
import { createSafeFetch } from "../../../src/lib/safe_fetch.ts";
import { SILENT } from "../../../src/lib/log.ts";
import { createEgress } from "../../../src/server/egress.ts";
import { PROCESS_TIMERS } from "../../../src/server/timers.ts";
import { mcp } from "../../../src/tool/mcp/mcp.ts";
import { NeedsInput, type Tool, type ToolContext, type ToolResult, type Toolset } from "../../../src/tool/tool.ts";
import type { ToolsetDeps } from "../../../src/tool/tool.ts";
import { freePort } from "../../lib/free_port.ts";
import { toolContext } from "../run_tool.ts";

export const ROOT = new URL("../../../", import.meta.url).pathname;
const everything = `${ROOT}node_modules/@modelcontextprotocol/server-everything/dist/index.js`;
export const FILESYSTEM = `${ROOT}node_modules/@modelcontextprotocol/server-filesystem/dist/index.js`;

/** What the process hands to a toolset; real network, real clock. */
export function toolsetDeps(changes: Partial<ToolsetDeps> = {}): ToolsetDeps {
  return {
    name: "remote",
    baseDir: ROOT,
    env: (name) => Deno.env.get(name),
    openFetch: (caCerts) => createSafeFetch(createEgress({ timers: PROCESS_TIMERS, caCerts })),
    timers: PROCESS_TIMERS,
    now: Date.now,
    random: () => 0,
    newId: () => crypto.randomUUID(),
    log: SILENT,
    ...changes,
  };
}

/** A toolset of these options, closed when the test is done. */
export function openToolset(options: object, changes: Partial<ToolsetDeps> = {}): Toolset & AsyncDisposable {
  const toolset = mcp.create(options, toolsetDeps(changes));
  return { ...toolset, [Symbol.asyncDispose]: () => toolset.close() };
}

export async function toolsOf(toolset: Toolset): Promise<ReadonlyMap<string, Tool>> {
  return new Map((await toolset.tools(new AbortController().signal)).map((tool) => [tool.name, tool]));
}

/** Calls one tool. */
export async function callOf(
  toolset: Toolset,
  name: string,
  input: ToolInput = {},
  changes: Partial<ToolContext> = {},
): Promise<ToolResult> {
  const tool = (await toolsOf(toolset)).get(name);
  if (tool === undefined) throw new Error(`There is no tool "${name}"`);
  return await tool.run(input, toolContext(changes));
}
type ToolInput = Parameters<Tool["run"]>[0];

/** Calls one tool that has to ask back. */
export async function questionOf(...args: Parameters<typeof callOf>): Promise<NeedsInput> {
  try {
    const result = await callOf(...args);
    throw new Error(`It did not ask: ${JSON.stringify(result)}`);
  } catch (thrown) {
    if (thrown instanceof NeedsInput) return thrown;
    throw thrown;
  }
}

/** How a call goes on: as a peer answers, in text or data. */
export function answered(asked: NeedsInput, answer: string | Message["parts"]): Partial<ToolContext> {
  const parts = typeof answer === "string" ? [{ text: answer }] : answer;
  return { resumed: { state: asked.state, answer: { messageId: "m", role: "ROLE_USER", parts } } };
}

export type EverythingOver = "stdio" | "streamable-http" | "sse";

/** The reference server over one of its transports: the options that reach it. */
export async function startEverything(
  over: EverythingOver,
  port = freePort(),
): Promise<{ readonly options: object; kill(): Promise<void> } & AsyncDisposable> {
  if (over === "stdio") {
    const options = { command: "node", args: [everything, "stdio"] };
    return { options, kill: () => Promise.resolve(), [Symbol.asyncDispose]: () => Promise.resolve() };
  }
  const child = new Deno.Command("node", {
    args: [everything, over === "sse" ? "sse" : "streamableHttp"],
    env: { PORT: String(port) },
    stdout: "null",
    stderr: "piped",
  }).spawn();
  const said = child.stderr.pipeThrough(new TextDecoderStream()).getReader();
  for (let text = ""; !/listening|running/i.test(text);) {
    const { value, done } = await said.read();
    if (done) throw new Error(`The server did not start: ${text}`);
    text += value;
  }
  let isOver = false;
  const kill = async () => {
    if (isOver) return;
    isOver = true;
    child.kill("SIGKILL");
    await Promise.all([said.cancel(), child.status]);
  };
  const url = `http://127.0.0.1:${port}/${over === "sse" ? "sse" : "mcp"}`;
  return { options: { url }, kill, [Symbol.asyncDispose]: kill };
}

/** A program that a test writes: a server over stdio in JavaScript, from the body of its reaction to one message. */
export async function startProgram(folder: string, reaction: string): Promise<object> {
  const path = `${folder}/server.mjs`;
  await Deno.writeTextFile(path, PROGRAM.replace("REACTION", reaction));
  return { command: "node", args: [path] };
}

/** The least that a server of 2025 says; what a test adds has `message`, `reply`, `send` and `tools` at hand. */
const PROGRAM = `
import { createInterface } from "node:readline";
let tools = [{ name: "act", description: "Acts", inputSchema: { type: "object" } }];
const send = (message) => process.stdout.write(JSON.stringify({ jsonrpc: "2.0", ...message }) + "\\n");
createInterface({ input: process.stdin }).on("line", async (line) => {
  const message = JSON.parse(line);
  const { id, method, params } = message;
  const reply = (result) => send({ id, result });
  const fail = (code, text) => send({ id, error: { code, message: text } });
  REACTION
  if (method === "initialize") {
    return reply({
      protocolVersion: "2025-11-25",
      capabilities: { tools: { listChanged: true } },
      serverInfo: { name: "program", version: "1" },
    });
  }
  if (method === "tools/list") return reply({ tools });
  if (method === "tools/call") return reply({ content: [{ type: "text", text: "acted" }] });
  if (id !== undefined) fail(-32601, "Method not found");
}).on("close", () => process.exit(0));
`;

/** A server of the protocol of 2026, in this process. */
export function serveModern(
  register: (server: McpServer) => void,
): { readonly options: object; readonly requests: Request[]; toolsChanged(): void } & AsyncDisposable {
  const requests: Request[] = [];
  const handler = createMcpHandler(() => {
    const server = new McpServer({ name: "modern", version: "1" }, { capabilities: { tools: { listChanged: true } } });
    register(server);
    return server;
  });
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, (request) => {
    requests.push(request.clone());
    return handler.fetch(request);
  });
  return {
    options: { url: `http://127.0.0.1:${server.addr.port}/mcp` },
    requests,
    toolsChanged: () => handler.notify.toolsChanged(),
    [Symbol.asyncDispose]: async () => {
      await handler.close();
      await server.shutdown();
    },
  };
}
