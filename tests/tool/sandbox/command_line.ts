import { executeCommand } from "../../../src/tool/execute_command.ts";
import type { JsonObject } from "../../../src/lib/json.ts";
import type { ToolContext, ToolDeps, ToolResult } from "../../../src/tool/tool.ts";
import { toolContext, toolDeps } from "../run_tool.ts";
import { findBubblewrap } from "./find_bubblewrap.ts";

export const BUBBLEWRAP = await findBubblewrap();

/** Options that reach a level whatever the machine has. */
export const AT = {
  kernel: { sandbox: { require: "kernel", ...(BUBBLEWRAP === undefined ? {} : { bubblewrap: BUBBLEWRAP }) } },
  permissions: { sandbox: { bubblewrap: "/nonexistent/bwrap" } },
} as const;

/** The levels that this machine can show. */
export const LEVELS = BUBBLEWRAP === undefined ? ["permissions"] as const : ["permissions", "kernel"] as const;

export interface Asked {
  readonly options?: JsonObject;
  readonly deps?: Partial<ToolDeps>;
  readonly context?: Partial<ToolContext>;
  readonly input?: JsonObject;
}

/** Runs one command line in `folder`. */
export async function command(folder: string, line: string, asked: Asked = {}): Promise<ToolResult> {
  const { options = {}, deps = {}, context = {}, input = {} } = asked;
  const tool = await executeCommand.create(options, toolDeps(folder, deps));
  return await tool.run({ command: line, ...input }, toolContext(context));
}

/** What the model reads. */
export async function said(folder: string, line: string, asked: Asked = {}): Promise<string> {
  return (await command(folder, line, asked)).content;
}
