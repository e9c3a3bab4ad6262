import { resolve } from "node:path";
import { DOCUMENT_TOOL, PLUGIN_TABLES, SERVER_TOOL } from "../app/runtime.ts";
import type { ZeroConfig, ZeroConfigFlags } from "../config/zero_config.ts";
import { type Arguments, type Flags, UsageError } from "./arguments.ts";
import type { Surroundings } from "./command.ts";
import { isFolder } from "./missing_places.ts";

/** Flags that stand in for a file; they only make sense where no file says it better. */
export const ZERO_CONFIG_FLAGS: Flags = {
  provider: { type: "string", value: "NAME", env: "HECTOR_PROVIDER", help: "Without a file: the model's provider" },
  model: { type: "string", value: "NAME", env: "HECTOR_MODEL", help: "Without a file: the model" },
  "api-key": { type: "string", value: "KEY", help: "Without a file: better set the provider's variable" },
  "base-url": { type: "string", value: "URL", env: "HECTOR_BASE_URL", help: "Without a file: a compatible server" },
  temperature: { type: "string", value: "NUMBER", help: "Without a file: the model's temperature" },
  "max-tokens": { type: "string", value: "NUMBER", help: "Without a file: longest answer, in tokens" },
  instruction: { type: "string", value: "TEXT", help: "Without a file: what the agent is told to do" },
  role: { type: "string", value: "TEXT", help: "Without a file: replaces the system prompt" },
  tools: {
    type: "string",
    value: "LIST",
    bare: "all",
    help: "Without a file: tools by name, comma between; all (or nothing) for every one that needs no options",
  },
  "approve-tools": { type: "string", value: "LIST", help: "Without a file: tools that a person has to say yes to" },
  "no-approve-tools": { type: "string", value: "LIST", help: "Without a file: tools that run without a yes" },
  thinking: { type: "boolean", help: "Without a file: let the model think before it answers, or not (--no-thinking)" },
  "thinking-budget": { type: "string", value: "TOKENS", help: "Without a file: about how long the model may think" },
  "docs-folder": { type: "string", value: "PATH", help: "Without a file: a folder of documents to search" },
  "mcp-url": { type: "string", value: "URL", env: "MCP_URL", help: "Without a file: an MCP server whose tools to use" },
};

/** The configuration that the command line makes of nothing. Throws ConfigError, UsageError. */
export async function zeroConfigOf(
  args: Arguments,
  { env, cwd }: Pick<Surroundings, "env" | "cwd">,
): Promise<ZeroConfig> {
  const { zeroConfig } = await import("../config/zero_config.ts");
  const flags = flagsOf(args);
  const made = zeroConfig({
    flags,
    env,
    tables: PLUGIN_TABLES,
    documentTool: DOCUMENT_TOOL,
    serverTool: SERVER_TOOL,
    baseDir: cwd,
  });
  const folder = flags.docsFolder;
  if (folder === undefined || await isFolder(resolve(cwd, folder))) return made;
  throw new UsageError(`Flag "--docs-folder" takes a folder: found "${folder}", which is none`);
}

function flagsOf({ strings, booleans }: Arguments): ZeroConfigFlags {
  const tools = strings.get("tools");
  const all = {
    provider: strings.get("provider"),
    model: strings.get("model"),
    apiKey: strings.get("api-key"),
    baseUrl: strings.get("base-url"),
    temperature: strings.get("temperature"),
    maxTokens: strings.get("max-tokens"),
    instruction: strings.get("instruction"),
    role: strings.get("role"),
    thinking: booleans.get("thinking"),
    thinkingBudget: strings.get("thinking-budget"),
    showThinking: booleans.get("show-thinking"),
    docsFolder: strings.get("docs-folder"),
    toolServer: strings.get("mcp-url"),
    approveTools: strings.get("approve-tools")?.split(","),
    noApproveTools: strings.get("no-approve-tools")?.split(","),
  };
  return { ...all, ...(tools === undefined ? {} : { tools: tools === "all" ? true : tools.split(",") }) };
}
