import { chainOfThought } from "./agent/chain_of_thought.ts";
import type { Engine } from "./agent/engine.ts";
import { supervisor } from "./agent/supervisor.ts";
import type { SourcePlugin } from "./config/sources/source.ts";
import type { Plugin } from "./lib/plugin.ts";
import type { Memory } from "./memory/memory.ts";
import { tokenWindow } from "./memory/token_window.ts";
import { anthropic } from "./model/anthropic.ts";
import { demoModel } from "./model/demo.ts";
import { gemini } from "./model/gemini.ts";
import { ollama } from "./model/ollama.ts";
import { openai } from "./model/openai.ts";
import type { ModelPlugin } from "./model/plugin.ts";
import { scripted } from "./model/scripted.ts";
import type { DocumentStore, DocumentStoreDeps } from "./rag/document_store.ts";
import { directorySource } from "./rag/sources/directory_source.ts";
import { kvStore } from "./store/kv.ts";
import { memoryStore } from "./store/memory.ts";
import type { Store, StoreDeps } from "./store/store.ts";
import { applyPatch } from "./tool/apply_patch.ts";
import { grepSearch } from "./tool/grep_search.ts";
import { agentCall } from "./tool/agent_call.ts";
import { executeCommand } from "./tool/execute_command.ts";
import { readFile } from "./tool/read_file.ts";
import { search } from "./tool/search.ts";
import { searchReplace } from "./tool/search_replace.ts";
import { textEditor } from "./tool/text_editor.ts";
import { todoWrite } from "./tool/todo_write.ts";
import { mcp } from "./tool/mcp/mcp.ts";
import type { Tool, ToolDeps, Toolset, ToolsetDeps } from "./tool/tool.ts";
import { typescriptTool } from "./tool/typescript/typescript.ts";
import { webFetch } from "./tool/web/web_fetch.ts";
import { webRequest } from "./tool/web/web_request.ts";
import { webSearch } from "./tool/web/web_search.ts";
import { writeFile } from "./tool/write_file.ts";

/** Everything that a configuration can name, by the name it has there. The first of a table is its default. */
export interface Plugins {
  readonly models: ReadonlyMap<string, ModelPlugin>;
  readonly tools: ReadonlyMap<string, Plugin<ToolDeps, Tool | Promise<Tool>>>;
  /** What stands under `tools` and is not one tool but brings some. */
  readonly toolsets: ReadonlyMap<string, Plugin<ToolsetDeps, Toolset>>;
  readonly engines: ReadonlyMap<string, Engine>;
  readonly memories: ReadonlyMap<string, Plugin<void, Memory>>;
  readonly documentSources: ReadonlyMap<string, Plugin<DocumentStoreDeps, DocumentStore>>;
  readonly stores: ReadonlyMap<string, Plugin<StoreDeps, Promise<Store>>>;
  /** Where configurations come from: what `--config-type` takes. Only the one that is named is loaded. */
  readonly sources: ReadonlyMap<string, () => Promise<SourcePlugin>>;
}

/** The demo model stands last: it answers when no other has a key, and tells how to connect the others. */
export const PLUGINS: Plugins = {
  models: new Map<string, ModelPlugin>([
    ["openai", openai],
    ["anthropic", anthropic],
    ["gemini", gemini],
    ["ollama", ollama],
    ["scripted", scripted],
    ["demo", demoModel([openai, anthropic, gemini])],
  ]),
  tools: new Map<string, Plugin<ToolDeps, Tool | Promise<Tool>>>([
    ["read_file", readFile],
    ["write_file", writeFile],
    ["search_replace", searchReplace],
    ["execute_command", executeCommand],
    ["todo_write", todoWrite],
    ["search", search],
    ["agent_call", agentCall],
    ["apply_patch", applyPatch],
    ["grep_search", grepSearch],
    ["text_editor", textEditor],
    ["web_fetch", webFetch],
    ["web_request", webRequest],
    ["web_search", webSearch],
  ]),
  toolsets: new Map<string, Plugin<ToolsetDeps, Toolset>>([["mcp", mcp], ["typescript", typescriptTool]]),
  engines: new Map<string, Engine>([["chain-of-thought", chainOfThought], ["supervisor", supervisor]]),
  memories: new Map([["token_window", tokenWindow]]),
  documentSources: new Map([["directory", directorySource]]),
  stores: new Map<string, Plugin<StoreDeps, Promise<Store>>>([["kv", kvStore], ["memory", memoryStore]]),
  sources: new Map([
    ["file", async () => (await import("./config/sources/file_source.ts")).fileSource],
    ["consul", async () => (await import("./config/sources/consul.ts")).consulSource],
    ["etcd", async () => (await import("./config/sources/etcd.ts")).etcdSource],
    ["zookeeper", async () => (await import("./config/sources/zookeeper.ts")).zookeeperSource],
    ["zk", async () => (await import("./config/sources/zookeeper.ts")).zookeeperSource],
  ]),
};

/** The tool that finds passages of documents. */
export const DOCUMENT_TOOL = "search";

/** What stands for a server of tools. */
export const SERVER_TOOL = "mcp";

/** The tool that gives other agents tasks. */
export const AGENT_TOOL = "agent_call";

/** Where a one-shot command keeps its tasks. */
export const EPHEMERAL_STORE = "memory";

/** The names that only their own file and this one may spell. */
export function pluginNames(): string[] {
  return Object.values(PLUGINS).flatMap((table: ReadonlyMap<string, unknown>) => [...table.keys()]);
}
