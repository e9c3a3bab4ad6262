import assert from "node:assert/strict";
import type { JsonObject } from "../../src/lib/json.ts";
import type { Plugin } from "../../src/lib/plugin.ts";
import type { Tool, ToolContext, ToolDeps } from "../../src/tool/tool.ts";

/** What a tool is given in a test, unless the test says otherwise. */
export function toolContext(changes: Partial<ToolContext> = {}): ToolContext {
  return {
    signal: new AbortController().signal,
    callId: "call-1",
    key: "task-1:0:message:1",
    contextId: "context-1",
    earlier: [],
    taskId: "task-1",
    owner: { tenant: "default", owner: "alice" },
    say: () => Promise.resolve(),
    metadata: {},
    ...changes,
  };
}

export function toolDeps(baseDir: string, changes: Partial<ToolDeps> = {}): ToolDeps {
  const documents = { stores: [], search: () => Promise.reject(new Error("no store was asked for")) };
  const agents = { colleagues: [], ask: () => Promise.reject(new Error("no agent was asked for")) };
  const fetch = () => Promise.reject(new Error("no URL was asked for"));
  return { baseDir, protectedPaths: [], documents, agents, fetch, env: () => undefined, ...changes };
}

/** A directory of its own, gone when the test is done. Real path, so that macOS's /tmp link does not matter. */
export async function inTempDir(act: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.realPath(await Deno.makeTempDir());
  try {
    await act(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Runs one call of a plugin's tool; gives what the model would read. */
export async function callTool(
  plugin: Plugin<ToolDeps, Tool | Promise<Tool>>,
  input: JsonObject,
  { baseDir, options = {}, deps = {}, context = {} }: {
    baseDir: string;
    options?: JsonObject;
    deps?: Partial<ToolDeps>;
    context?: Partial<ToolContext>;
  },
): Promise<string> {
  const tool = await plugin.create(options, toolDeps(baseDir, deps));
  return (await tool.run(input, toolContext(context))).content;
}

/** The text of the error with which `promise` fails; no text that a model reads may name the machine's directories. */
export async function refusal(promise: Promise<unknown>, secretPath?: string): Promise<string> {
  let message: string | undefined;
  try {
    await promise;
  } catch (thrown) {
    assert.ok(thrown instanceof Error);
    message = thrown.message;
  }
  assert.ok(message !== undefined, "it was not refused");
  if (secretPath !== undefined) assert.ok(!message.includes(secretPath), message);
  return message;
}

export async function namesIn(folder: string): Promise<string[]> {
  return (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name).sort();
}
