import { errorCode, FileRefusal } from "./file_refusal.ts";
import { readText } from "./open_file.ts";
import { locate, type Workspace } from "./paths.ts";

export interface Grep {
  readonly test: (line: string) => boolean;
  readonly contextLines: number;
  readonly maxBytes: number;
  readonly signal: AbortSignal;
}

export type Grepped =
  | {
    readonly matches: number;
    /** Lines near each other, each with the path and its number: `path:12: a match`, `path-13- a line around one`. */
    readonly blocks: readonly string[];
  }
  /** Why the file was not searched. */
  | { readonly reason: string };

/** Lines that are looked at before others get their turn. */
const LINES_AT_ONCE = 5_000;
const MAX_LINE_CHARS = 500;
const TOO_LARGE = "it is larger than max_file_size";

/** Looks for lines in one file. What cannot be read has no lines. */
export async function grepFile(
  workspace: Workspace,
  path: string,
  grep: Grep & { readonly maxMatches: number },
): Promise<Grepped> {
  let text: string;
  try {
    text = (await readText(await locate(workspace, path), grep.maxBytes)).replace(/^\ufeff/, "");
  } catch (thrown) {
    if (thrown instanceof FileRefusal) {
      return { reason: /^it has \d+ bytes/.test(thrown.message) ? TOO_LARGE : thrown.message };
    }
    if (errorCode(thrown) !== undefined) return { reason: "it cannot be read" };
    throw thrown;
  }
  const lines = text.replace(/\r?\n$/, "").split(/\r?\n/);
  const found: number[] = [];
  for (const [at, line] of lines.entries()) {
    if (at % LINES_AT_ONCE === LINES_AT_ONCE - 1) {
      await new Promise((resolve) => setTimeout(resolve));
      grep.signal.throwIfAborted();
    }
    if (grep.test(line)) found.push(at);
    if (found.length === grep.maxMatches) break;
  }
  return { matches: found.length, blocks: blocksOf(found, { path, lines, around: grep.contextLines }) };
}

interface Shown {
  readonly path: string;
  readonly lines: readonly string[];
  readonly around: number;
}

function blocksOf(found: readonly number[], { path, lines, around }: Shown): string[] {
  const matching = new Set(found);
  const ranges: { from: number; to: number }[] = [];
  for (const at of found) {
    const last = ranges.at(-1);
    const from = Math.max(0, at - around);
    const to = Math.min(lines.length - 1, at + around);
    if (last !== undefined && from <= last.to + 1) last.to = to;
    else ranges.push({ from, to });
  }
  return ranges.map(({ from, to }) =>
    lines.slice(from, to + 1).map((line, offset) => {
      const at = from + offset;
      const mark = matching.has(at) ? ":" : "-";
      const shown = line.length > MAX_LINE_CHARS ? `${line.slice(0, MAX_LINE_CHARS).toWellFormed()}…` : line;
      return `${path}${mark}${at + 1}${mark} ${shown}`;
    }).join("\n") + (around > 0 ? "\n--" : "")
  );
}
