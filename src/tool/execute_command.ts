import { definePlugin } from "../lib/plugin.ts";
import { CommandOptions } from "./sandbox/command_options.ts";
import type { Tool, ToolDeps } from "./tool.ts";

/** Runs command lines without a shell, in the strongest sandbox that the machine has. */
export const executeCommand = definePlugin({
  options: CommandOptions,
  reach: () => ({ programs: true }),
  create: async (options, deps: ToolDeps): Promise<Tool> =>
    (await import("./sandbox/command_tool.ts")).commandTool("execute_command", options, deps),
});
