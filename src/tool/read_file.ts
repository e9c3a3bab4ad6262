import { z } from "zod";
import { late } from "../lib/late.ts";
import { definePlugin } from "../lib/plugin.ts";
import { defineTool } from "./define_tool.ts";
import { onFile } from "./file_refusal.ts";
import { fileOptions, MEBIBYTE, reachOfFiles, toWorkspace } from "./file_options.ts";
import { readText } from "./open_file.ts";
import { locate } from "./paths.ts";
import { showLines } from "./show_lines.ts";
import type { Tool, ToolDeps } from "./tool.ts";

const Options = late(() =>
  fileOptions(10 * MEBIBYTE).extend({
    max_output_chars: z.int().min(100).default(40_000)
      .meta({ description: "Longest result; of a longer file the model reads one part after the other." }),
  })
);

const Input = late(() =>
  z.strictObject({
    path: z.string().describe("The file, relative to the working directory."),
    start_line: z.int().min(1).optional().describe("First line to read, counted from 1."),
    end_line: z.int().min(1).optional().describe("Last line to read."),
    line_numbers: z.boolean().default(true).describe("Put its number and a tab before each line."),
  }).refine(({ start_line, end_line }) => end_line === undefined || end_line >= (start_line ?? 1), {
    path: ["end_line"],
    message: "must not be before start_line",
  })
);

/** Reads a UTF-8 text file, or a range of its lines. */
export const readFile = definePlugin({
  options: Options,
  reach: reachOfFiles,
  create: (options, deps: ToolDeps): Tool => {
    const workspace = toWorkspace(options, deps);
    return defineTool({
      name: "read_file",
      description: "Read a text file, whole or a range of its lines. The result begins with which lines it shows.",
      input: Input,
      replay: "safe",
      run: (input, { signal }) =>
        onFile("read", input.path, async () => {
          const text = await readText(await locate(workspace, input.path), options.max_file_size);
          signal.throwIfAborted();
          return { content: showLines(text, { ...input, maxChars: options.max_output_chars }) };
        }),
    });
  },
});
