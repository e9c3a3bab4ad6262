/**
 * For authors of tools: what hector expects of a TypeScript file under `tools`, as checks for any test runner.
 *
 * ```ts
 * import { contractOf } from "@hector/hector/tool-contract";
 * const checks = contractOf({ path: "./tools/weather.ts", permissions: { net: ["api.example.com"] }, input: { city: "Oslo" } });
 * for (const { name, run } of checks) Deno.test(`weather ${name}`, run);
 * ```
 */
import type { JsonObject } from "./src/lib/json.ts";
import { SILENT } from "./src/lib/log.ts";
import { PROCESS_TIMERS } from "./src/server/timers.ts";
import { type ContractCheck, toolContract } from "./src/tool/contract.ts";
import type { Toolset } from "./src/tool/tool.ts";
import { typescriptTool } from "./src/tool/typescript/typescript.ts";

export type { ModuleContext, ModuleResult, ToolModule } from "./src/tool/typescript/tool_module.ts";
export type { ContractCheck };

export interface ToolFile {
  /** The file; a relative path begins at the working directory. */
  readonly path: string;
  /** As under `tools.*.permissions` of the configuration. */
  readonly permissions?: JsonObject;
  /** As under `tools.*.options`. */
  readonly options?: JsonObject;
  /** Arguments of a call that works. */
  readonly input: JsonObject;
}

/** The checks, each with a worker of its own. */
export function contractOf({ input, ...entry }: ToolFile): readonly ContractCheck[] {
  const opened: Toolset[] = [];
  const open = async () => {
    const toolset = typescriptTool.create(entry, {
      name: "tool",
      baseDir: Deno.cwd(),
      env: () => undefined,
      openFetch: () => fetchNothing,
      timers: PROCESS_TIMERS,
      now: Date.now,
      random: Math.random,
      newId: () => crypto.randomUUID(),
      log: SILENT,
    });
    opened.push(toolset);
    const [tool] = await toolset.tools(new AbortController().signal);
    if (tool === undefined) throw new Error("the file brings no tool");
    return tool;
  };
  const close = async () => {
    for (const toolset of opened.splice(0)) await toolset.close();
  };
  return toolContract({ open, input, close });
}

function fetchNothing(): Promise<never> {
  return Promise.reject(new Error("a tool in a file asks by itself"));
}
