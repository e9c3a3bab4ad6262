import { definePlugin } from "../../lib/plugin.ts";
import type { Toolset, ToolsetDeps } from "../tool.ts";
import { McpOptions } from "./mcp_options.ts";
import { serverTools } from "./server_tools.ts";

/** The tools of a server that speaks the Model Context Protocol (https://modelcontextprotocol.io). */
export const mcp = definePlugin({
  options: McpOptions,
  create: (options, deps: ToolsetDeps): Toolset => serverTools(options, deps),
});
