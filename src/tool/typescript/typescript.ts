import { resolve } from "node:path";
import { z } from "zod";
import { late } from "../../lib/late.ts";
import { definePlugin } from "../../lib/plugin.ts";
import { lateToolset } from "../late_toolset.ts";
import type { Tool, Toolset, ToolsetDeps } from "../tool.ts";
import { readWithImports } from "./read_with_imports.ts";
import { toPermissions, WorkerPermissions } from "./permissions.ts";

const Options = late(() =>
  z.strictObject({
    path: z.string().min(1).meta({
      description:
        "The TypeScript file whose default export is the tool. A relative one begins at the configuration file.",
    }),
    permissions: WorkerPermissions().default({}).meta({
      description: "What the file may do beside computing; nothing unless it is named here (Deno's permissions).",
    }),
    options: z.record(z.string(), z.json()).default({}).meta({
      description: "Handed to each call as context.options.",
    }),
    timeout: z.number().positive().max(86_400).default(60).meta({ description: "Longest call, in seconds." }),
  })
);

/** A tool of one's own: a TypeScript file that runs in a worker with the permissions that the configuration grants. */
export const typescriptTool = definePlugin({
  options: Options,
  reach: () => ({ programs: true }),
  files: ({ path }, read) => readWithImports(path, read),
  create: (options, { name, baseDir, files, timers }: ToolsetDeps): Toolset =>
    lateToolset(async () => {
      const { ToolWorker } = await import("./tool_worker.ts");
      const path = resolve(baseDir, options.path);
      const worker = new ToolWorker({
        name,
        path,
        source: files?.get(path),
        permissions: toPermissions(options.permissions, baseDir),
        timers,
      });
      const tool = async (): Promise<Tool> => {
        const { description, input, replay, needsApproval } = await worker.describe();
        return {
          name,
          description,
          input,
          replay,
          needsApproval: () => needsApproval,
          run: (input, context) =>
            worker.call(input, { ...context, options: options.options, timeoutSeconds: options.timeout }),
        };
      };
      return {
        tools: async () => [await tool()],
        check: async () => void await worker.describe(),
        close: () => Promise.resolve(worker.close()),
      };
    }),
});
