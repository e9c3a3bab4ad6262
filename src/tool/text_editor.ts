import { z } from "zod";
import { late } from "../lib/late.ts";
import { definePlugin } from "../lib/plugin.ts";
import { defineTool } from "./define_tool.ts";
import { fileOptions, MEBIBYTE, reachOfFiles, toWorkspace } from "./file_options.ts";
import type { Tool, ToolDeps } from "./tool.ts";

const Options = late(() =>
  fileOptions(MEBIBYTE).extend({
    max_output_chars: z.int().min(100).default(40_000).meta({ description: "Longest result of a view." }),
  })
);

/** The arguments that each command needs. */
const NEEDED = {
  view: [],
  create: ["file_text"],
  str_replace: ["old_str", "new_str"],
  insert: ["insert_line", "insert_text"],
  undo_edit: [],
} as const;

const COMMANDS = ["view", "create", "str_replace", "insert", "undo_edit"] as const;

const Input = late(() =>
  z.strictObject({
    command: z.enum(COMMANDS).describe("What to do."),
    path: z.string().describe("The file (or, to view, a directory), relative to the working directory."),
    view_range: z.tuple([z.int().min(1), z.int().min(-1)]).optional()
      .describe("view: the first and the last line; -1 is the end."),
    file_text: z.string().optional().describe("create: the whole content."),
    old_str: z.string().min(1).optional().describe("str_replace: text that is in the file exactly once."),
    new_str: z.string().optional().describe("str_replace: what takes its place."),
    insert_line: z.int().min(0).optional().describe("insert: the line behind which to insert; 0 is the beginning."),
    insert_text: z.string().optional().describe("insert: the lines."),
  }).superRefine((input, context) => {
    for (const name of NEEDED[input.command]) {
      if (input[name] === undefined) {
        context.addIssue({ code: "custom", path: [name], message: `${input.command} needs it` });
      }
    }
    for (const name of ["file_text", "old_str", "new_str", "insert_text"] as const) {
      if (input[name]?.isWellFormed() === false) {
        context.addIssue({
          code: "custom",
          path: [name],
          message: "is not well-formed Unicode (half a surrogate pair)",
        });
      }
    }
  })
);

/** One tool that views and edits text files, with the commands that models are trained on. */
export const textEditor = definePlugin({
  options: Options,
  reach: reachOfFiles,
  create: (options, deps: ToolDeps): Tool => {
    const workspace = toWorkspace(options, deps);
    const { max_file_size: maxBytes, max_output_chars: maxChars } = options;
    return defineTool({
      name: "text_editor",
      description:
        "View and edit text files: view shows a file or a directory, create writes a whole file, str_replace " +
        "replaces a text that is there once, insert puts lines behind a line, undo_edit takes the last change back.",
      input: Input,
      replay: "once",
      needsApproval: ({ command }) => command !== "view",
      run: async (input, { signal }) => {
        const { editCommand } = await import("./edit_command.ts");
        return { content: await editCommand(workspace, input, { maxBytes, maxChars, signal }) };
      },
    });
  },
});
