import { z } from "zod";
import { late } from "../lib/late.ts";
import { definePlugin } from "../lib/plugin.ts";
import { defineTool } from "./define_tool.ts";
import { FileRefusal } from "./file_refusal.ts";
import { fileOptions, MEBIBYTE, reachOfFiles, toWorkspace } from "./file_options.ts";
import type { FileReplacement } from "./replace_in_file.ts";
import type { ReplacedText } from "./replace_text.ts";
import type { Tool, ToolDeps } from "./tool.ts";
import { WellFormed } from "./well_formed.ts";

const Options = late(() =>
  fileOptions(10 * MEBIBYTE).extend({
    context_lines: z.int().min(1).max(20).default(3)
      .meta({
        description: "Unchanged lines that a patch has to show around its change, as far as the file has them.",
      }),
  })
);

const Input = late(() =>
  z.strictObject({
    path: z.string().describe("The file, relative to the working directory."),
    old_string: WellFormed().min(1).describe(
      "The lines to change, with the unchanged lines before and behind them, exactly as they are in the file.",
    ),
    new_string: WellFormed().describe("The same lines after the change, with the same unchanged lines around them."),
    context_validation: z.boolean().default(true).describe(
      "Refuse a patch that shows too few unchanged lines to be sure of its place.",
    ),
    create_backup: z.boolean().default(true).describe("Keep the old content in <path>.bak."),
  })
);

/** Changes lines of a UTF-8 file where the lines around them are what the model believes they are. */
export const applyPatch = definePlugin({
  options: Options,
  reach: reachOfFiles,
  create: (options, deps: ToolDeps): Tool => {
    const workspace = toWorkspace(options, deps);
    const { max_file_size: maxBytes, context_lines: contextLines } = options;
    const replacementOf = (input: z.output<ReturnType<typeof Input>>, signal: AbortSignal): FileReplacement => ({
      path: input.path,
      maxBytes,
      backup: input.create_backup,
      signal,
      replacement: { oldString: input.old_string, newString: input.new_string, all: false, maxReplacements: 1 },
      accept: (replaced) => {
        if (input.context_validation) checkContext(replaced, contextLines);
      },
    });
    return defineTool({
      name: "apply_patch",
      description: "Change some lines of a text file. Give the lines as they are and as they shall be, with " +
        `${contextLines} or more unchanged lines before and behind the change. They must be in the file exactly once.`,
      input: Input,
      replay: "once",
      needsApproval: () => true,
      check: async (input, signal) => {
        const { checkReplacement } = await import("./replace_in_file.ts");
        await checkReplacement(workspace, replacementOf(input, signal));
      },
      run: async (input, { signal }) => {
        const { replaceInFile } = await import("./replace_in_file.ts");
        const { backup, diff } = await replaceInFile(workspace, replacementOf(input, signal));
        return { content: `Patched ${input.path}${backup}\n${diff()}` };
      },
    });
  },
});

/** Throws FileRefusal where a patch keeps fewer lines around its change than it has to, though the file has more. */
function checkContext({ flat, edits }: ReplacedText, wanted: number): void {
  for (const { start, end, text } of edits) {
    const before = flat.slice(start, end).split("\n");
    const after = text.split("\n");
    const head = alike(before, after);
    const tail = alike([...before].reverse(), [...after].reverse());
    const above = linesIn(flat.slice(0, start));
    const below = linesIn(flat.slice(end));
    if (head < Math.min(wanted, head + above) || tail < Math.min(wanted, tail + below)) {
      throw new FileRefusal(
        `the patch shows ${head} unchanged lines before its change and ${tail} behind it, expected ${wanted} ` +
          "as far as the file has them; give more lines, the same in old_string and new_string",
      );
    }
  }
}

function alike(some: readonly string[], others: readonly string[]): number {
  const different = some.findIndex((line, at) => line !== others[at]);
  return different < 0 ? some.length : different;
}

/** Lines with something in them, which could have been shown. */
function linesIn(text: string): number {
  return text.split("\n").filter((line) => line !== "").length;
}
