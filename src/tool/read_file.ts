import { z } from "zod";
import { definePlugin } from "../lib/plugin.ts";
import { defineTool } from "./define_tool.ts";
import { FileRefusal, onFile } from "./file_refusal.ts";
import { fileOptions, MEBIBYTE, toWorkspace } from "./file_options.ts";
import { openFile, readBytes, toText } from "./open_file.ts";
import { locate, type Workspace } from "./paths.ts";
import type { Tool, ToolDeps } from "./tool.ts";

const Options = fileOptions(10 * MEBIBYTE).extend({
  max_output_chars: z.int().min(100).default(40_000)
    .meta({ description: "Longest result; of a longer file the model reads one part after the other." }),
});

const Input = z.strictObject({
  path: z.string().describe("The file, relative to the working directory."),
  start_line: z.int().min(1).optional().describe("First line to read, counted from 1."),
  end_line: z.int().min(1).optional().describe("Last line to read."),
  line_numbers: z.boolean().default(true).describe("Put its number and a tab before each line."),
}).refine(({ start_line, end_line }) => end_line === undefined || end_line >= (start_line ?? 1), {
  path: ["end_line"],
  message: "must not be before start_line",
});

/** Reads a UTF-8 text file, or a range of its lines. */
export const readFile = definePlugin({
  options: Options,
  create: (options, deps: ToolDeps): Tool => {
    const workspace = toWorkspace(options, deps);
    return defineTool({
      name: "read_file",
      description: "Read a text file, whole or a range of its lines. The result begins with which lines it shows.",
      input: Input,
      replay: "safe",
      run: (input, { signal }) =>
        onFile("read", input.path, async () => {
          const text = await readText(workspace, input.path, options.max_file_size);
          signal.throwIfAborted();
          return { content: showLines(text, { ...input, maxChars: options.max_output_chars }) };
        }),
    });
  },
});

async function readText(workspace: Workspace, path: string, maxBytes: number): Promise<string> {
  const file = await openFile(await locate(workspace, path));
  try {
    return toText(await readBytes(file, maxBytes));
  } finally {
    await file.close();
  }
}

interface Range {
  readonly path: string;
  readonly start_line?: number | undefined;
  readonly end_line?: number | undefined;
  readonly line_numbers: boolean;
  readonly maxChars: number;
}

function showLines(text: string, range: Range): string {
  const lines = toLines(text);
  const first = range.start_line ?? 1;
  if (lines.length === 0) return `${range.path} is empty`;
  if (first > lines.length) throw new FileRefusal(`start_line is ${first}, and it has ${count(lines.length, "line")}`);
  const wanted = lines.slice(first - 1, range.end_line);
  const shown: string[] = [];
  let room = range.maxChars;
  for (const line of wanted) {
    const numbered = range.line_numbers ? `${first + shown.length}\t${line}` : line;
    if (numbered.length > room && shown.length > 0) break;
    shown.push(
      numbered.length > room ? `${numbered.slice(0, room)} … [the line goes on: ${line.length} characters]` : numbered,
    );
    room -= numbered.length + 1;
  }
  const last = first + shown.length - 1;
  const more = shown.length < wanted.length ? `; read on with start_line=${last + 1}` : "";
  return `${range.path}: lines ${first}–${last} of ${lines.length}${more}\n${shown.join("\n")}`;
}

/** Lines as an editor counts them: the last line break ends the last line, a byte order mark is no text. */
function toLines(text: string): string[] {
  const plain = text.replace(/^\ufeff/, "");
  if (plain === "") return [];
  const lines = plain.split(/\r?\n/);
  return lines.at(-1) === "" ? lines.slice(0, -1) : lines;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
