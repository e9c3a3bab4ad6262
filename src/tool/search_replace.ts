import { z } from "zod";
import { late } from "../lib/late.ts";
import { definePlugin } from "../lib/plugin.ts";
import { defineTool } from "./define_tool.ts";
import { fileOptions, MEBIBYTE, reachOfFiles, toWorkspace } from "./file_options.ts";
import type { FileReplacement } from "./replace_in_file.ts";
import type { Tool, ToolDeps } from "./tool.ts";
import { WellFormed } from "./well_formed.ts";

const Options = late(() =>
  fileOptions(10 * MEBIBYTE).extend({
    max_replacements: z.int().positive().default(100).meta({ description: "Most places that one call may change." }),
  })
);

const Input = late(() =>
  z.strictObject({
    path: z.string().describe("The file, relative to the working directory."),
    old_string: WellFormed().min(1).describe("The exact text to replace, with enough lines around it to be unique."),
    new_string: WellFormed().describe("The text that takes its place."),
    replace_all: z.boolean().default(false).describe("Replace every occurrence."),
    show_diff: z.boolean().default(true).describe("Show what changed."),
    create_backup: z.boolean().default(true).describe("Keep the old content in <path>.bak."),
  })
);

/** Replaces text in a UTF-8 file; line endings stay as they are. Not safe to repeat: the text that is put in may hold the old. */
export const searchReplace = definePlugin({
  options: Options,
  reach: reachOfFiles,
  create: (options, deps: ToolDeps): Tool => {
    const workspace = toWorkspace(options, deps);
    const { max_file_size: maxBytes, max_replacements: maxReplacements } = options;
    const replacementOf = (input: z.output<ReturnType<typeof Input>>, signal: AbortSignal): FileReplacement => {
      const { path, old_string: oldString, new_string: newString, replace_all: all, create_backup: backup } = input;
      return { path, maxBytes, backup, signal, replacement: { oldString, newString, all, maxReplacements } };
    };
    return defineTool({
      name: "search_replace",
      description: "Replace text in a file. The text must be in the file exactly once, unless replace_all is set.",
      input: Input,
      replay: "once",
      needsApproval: () => true,
      check: async (input, signal) => {
        const { checkReplacement } = await import("./replace_in_file.ts");
        await checkReplacement(workspace, replacementOf(input, signal));
      },
      run: async (input, { signal }) => {
        const { replaceInFile } = await import("./replace_in_file.ts");
        const { count, backup, diff } = await replaceInFile(workspace, replacementOf(input, signal));
        const summary = `Replaced ${count} occurrence${count === 1 ? "" : "s"} in ${input.path}${backup}`;
        return { content: input.show_diff ? `${summary}\n${diff()}` : summary };
      },
    });
  },
});
