import { z } from "zod";
import { definePlugin } from "../lib/plugin.ts";
import { createText } from "./create_text.ts";
import { defineTool } from "./define_tool.ts";
import { editText, keptIn } from "./edit_text.ts";
import { fileOptions, MEBIBYTE, reachOfFiles, toWorkspace } from "./file_options.ts";
import { onFile } from "./file_refusal.ts";
import { insertLines } from "./insert_lines.ts";
import { replaceText } from "./replace_text.ts";
import { showDiff } from "./show_diff.ts";
import type { Tool, ToolDeps } from "./tool.ts";
import { undoEdit } from "./undo_edit.ts";
import { viewPath } from "./view_path.ts";

const Options = fileOptions(MEBIBYTE).extend({
  max_output_chars: z.int().min(100).default(40_000).meta({ description: "Longest result of a view." }),
});

/** The arguments that each command needs. */
const NEEDED = {
  view: [],
  create: ["file_text"],
  str_replace: ["old_str", "new_str"],
  insert: ["insert_line", "insert_text"],
  undo_edit: [],
} as const;

const COMMANDS = ["view", "create", "str_replace", "insert", "undo_edit"] as const;

const Input = z.strictObject({
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
      context.addIssue({ code: "custom", path: [name], message: "is not well-formed Unicode (half a surrogate pair)" });
    }
  }
});

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
        const { command, path, old_str: oldString = "", new_str: newString = "" } = input;
        const edit = async (change: (before: string) => ReturnType<typeof replaceText>) => {
          const { edited, kept } = await editText(workspace, { path, maxBytes, backup: true, signal, edit: change });
          return `Changed ${path}${keptIn(kept)}\n${showDiff(edited.flat, edited.edits)}`;
        };
        switch (command) {
          case "view": {
            const view = { path, range: input.view_range, maxBytes, maxChars, signal };
            return { content: await onFile("view", path, () => viewPath(workspace, view)) };
          }
          case "create":
            return { content: await createText(workspace, path, { text: input.file_text ?? "", maxBytes, signal }) };
          case "str_replace":
            return {
              content: await edit((before) =>
                replaceText(before, { oldString, newString, all: false, maxReplacements: 1 })
              ),
            };
          case "insert":
            return {
              content: await edit((before) => insertLines(before, input.insert_line ?? 0, input.insert_text ?? "")),
            };
          case "undo_edit":
            await onFile("change", path, () => undoEdit(workspace, path, maxBytes));
            return { content: `Took the last change of ${path} back` };
          default:
            return command satisfies never;
        }
      },
    });
  },
});
