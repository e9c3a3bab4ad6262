import { definePlugin } from "../../lib/plugin.ts";
import { lateToolset } from "../late_toolset.ts";
import type { Toolset, ToolsetDeps } from "../tool.ts";
import { McpOptions } from "./mcp_options.ts";

/** The tools of a server that speaks the Model Context Protocol (https://modelcontextprotocol.io). */
export const mcp = definePlugin({
  options: McpOptions,
  reach: ({ command }) => ({ programs: command !== undefined }),
  create: (options, deps: ToolsetDeps): Toolset =>
    lateToolset(async () => (await import("./server_tools.ts")).serverTools(options, deps)),
});
