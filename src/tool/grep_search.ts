import { z } from "zod";
import { late } from "../lib/late.ts";
import { globList } from "../lib/glob.ts";
import { definePlugin } from "../lib/plugin.ts";
import { defineTool } from "./define_tool.ts";
import { FileRefusal, onFile } from "./file_refusal.ts";
import { fileOptions, MEBIBYTE, reachOfFiles, toWorkspace } from "./file_options.ts";
import { type Grep, grepFile, type Grepped } from "./grep_file.ts";
import { locateFolder, type Workspace } from "./paths.ts";
import type { Tool, ToolDeps } from "./tool.ts";
import { walkWorkspace } from "./walk_workspace.ts";

const Options = late(() =>
  fileOptions(10 * MEBIBYTE).extend({
    context_lines: z.int().min(0).max(10).default(2).meta({ description: "Lines shown around a match by default." }),
    max_results: z.int().min(1).max(1_000).default(1_000).meta({ description: "Most matching lines of one call." }),
    max_output_chars: z.int().min(100).default(40_000).meta({ description: "Longest result." }),
  })
);

/** Finds lines that match a pattern. The pattern is RE2's, which takes linear time whatever it is (https://github.com/google/re2/wiki/Syntax). */
export const grepSearch = definePlugin({
  options: Options,
  reach: reachOfFiles,
  create: (options, deps: ToolDeps): Tool => {
    const workspace = toWorkspace(options, deps);
    return defineTool({
      name: "grep_search",
      description: "Find the lines of text files that match a regular expression (RE2: no look-around, no " +
        "back-references). Shows path, line number and line, with some lines around.",
      input: () =>
        z.strictObject({
          pattern: z.string().min(1).max(1_000).describe("The regular expression."),
          path: z.string().default(".").describe("A file or directory, relative to the working directory."),
          file_pattern: z.string().min(1).max(200).optional().describe(
            "Only files like this: *.ts, src/**/*.{md,txt}.",
          ),
          case_insensitive: z.boolean().default(false),
          context_lines: z.int().min(0).max(10).default(options.context_lines).describe("Lines around each match."),
          max_results: z.int().min(1).max(options.max_results).default(Math.min(100, options.max_results))
            .describe("Most matching lines to show."),
          recursive: z.boolean().default(true).describe("Search in the directories below, too."),
        }),
      replay: "safe",
      run: (input, { signal }) =>
        onFile("look through", input.path, async () => {
          const grep = {
            test: await compile(input.pattern, input.case_insensitive),
            contextLines: input.context_lines,
            maxBytes: options.max_file_size,
            signal,
          };
          const files = filesIn(workspace, input, signal);
          return {
            content: await showMatches(grep, { ...input, workspace, files, maxChars: options.max_output_chars }),
          };
        }),
    });
  },
});

async function compile(pattern: string, caseInsensitive: boolean): Promise<(line: string) => boolean> {
  const { RE2JS, RE2JSException } = await import("re2js");
  try {
    const compiled = RE2JS.compile(pattern, caseInsensitive ? RE2JS.CASE_INSENSITIVE : 0);
    return (line) => compiled.test(line);
  } catch (thrown) {
    if (!(thrown instanceof RE2JSException)) throw thrown;
    throw new FileRefusal(`the pattern is no regular expression of RE2: ${thrown.message}`, { cause: thrown });
  }
}

interface Wanted {
  readonly path: string;
  readonly file_pattern?: string | undefined;
  readonly recursive: boolean;
}

async function* filesIn(workspace: Workspace, wanted: Wanted, signal: AbortSignal): AsyncGenerator<string> {
  const folder = await locateFolder(workspace, wanted.path);
  if (folder === undefined) {
    yield wanted.path;
    return;
  }
  const isMeant = wanted.file_pattern === undefined ? () => true : globList([wanted.file_pattern]);
  const depth = wanted.recursive ? Infinity : 1;
  for await (const { path, isFolder } of walkWorkspace(workspace, folder, { depth, signal })) {
    if (!isFolder && isMeant(path)) yield path;
  }
}

interface Search {
  readonly workspace: Workspace;
  readonly files: AsyncIterable<string>;
  readonly path: string;
  readonly max_results: number;
  readonly maxChars: number;
}

async function showMatches(grep: Grep, { workspace, files, path, max_results, maxChars }: Search): Promise<string> {
  const shown: string[] = [];
  let matches = 0;
  let looked = 0;
  let room = maxChars;
  const passedOver = new Map<string, number>();
  for await (const file of files) {
    const found: Grepped = await grepFile(workspace, file, { ...grep, maxMatches: max_results - matches });
    if ("reason" in found) {
      // Whoever names one file wants to know why it cannot be searched.
      if (file === path) throw new FileRefusal(found.reason);
      passedOver.set(found.reason, (passedOver.get(found.reason) ?? 0) + 1);
      continue;
    }
    looked++;
    matches += found.matches;
    for (const block of found.blocks) {
      if (block.length > room) {
        const whole = block.slice(0, Math.max(0, block.lastIndexOf("\n", room)));
        return [...shown, whole, "… (cut: the result would be too long; narrow the search)"].join("\n");
      }
      shown.push(block);
      room -= block.length + 1;
    }
    if (matches >= max_results) {
      return [...shown, `… (stopped after ${max_results} matching lines; there may be more)`].join("\n");
    }
  }
  const notes = [...passedOver].map(([reason, count]) => `${count} passed over: ${reason}`);
  const searched = `${looked} file${looked === 1 ? "" : "s"} searched`;
  const head = `${matches} matching line${matches === 1 ? "" : "s"}; ${[searched, ...notes].join("; ")}`;
  return [head, ...shown].join("\n");
}
