import { z } from "zod";
import { late } from "../lib/late.ts";
import { definePlugin } from "../lib/plugin.ts";
import { defineTool } from "./define_tool.ts";
import { fileOptions, MEBIBYTE, reachOfFiles, toWorkspace } from "./file_options.ts";
import type { Tool, ToolDeps } from "./tool.ts";

const Input = late(() =>
  z.strictObject({
    path: z.string().describe("The file, relative to the working directory. Missing directories are made."),
    content: z.string().describe("The whole new content."),
    backup: z.boolean().default(true).describe("Keep the old content of an existing file in <path>.bak."),
  })
);

/** Creates a text file, or replaces the whole of one. Doing it twice is doing it once. */
export const writeFile = definePlugin({
  options: () => fileOptions(MEBIBYTE),
  reach: reachOfFiles,
  create: (options, deps: ToolDeps): Tool => {
    const workspace = toWorkspace(options, deps);
    return defineTool({
      name: "write_file",
      description: "Create a text file or replace its whole content. To change a part of a file, use search_replace.",
      input: Input,
      replay: "safe",
      needsApproval: () => true,
      run: async ({ path, content, backup }, { signal }) => {
        const { createText } = await import("./create_text.ts");
        const asked = { text: content, maxBytes: options.max_file_size, backup, signal };
        return { content: await createText(workspace, path, asked) };
      },
    });
  },
});
