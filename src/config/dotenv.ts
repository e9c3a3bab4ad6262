import type { Problem } from "./config_error.ts";
import type { Env } from "./interpolate.ts";

export interface DotenvRequest {
  /** Where to look, the one that wins first; each may hold `.env.local` and `.env`. */
  readonly directories: readonly string[];
  /** The text of a file, or undefined if there is none. */
  readonly read: (path: string) => Promise<string | undefined>;
  /** The process environment, which wins over every file. */
  readonly env: Env;
}

export interface Dotenv {
  /** The process environment with the files behind it. Nothing is written to the process environment itself. */
  readonly env: Env;
  /** Files that were read. */
  readonly files: readonly string[];
  /** Lines that were passed over. They are no reason to stop: the file may be meant for another program. */
  readonly problems: readonly Problem[];
}

/** Reads `.env.local` and `.env`. Where a variable stands more than once, the first place of the search wins. */
export async function readDotenv({ directories, read, env }: DotenvRequest): Promise<Dotenv> {
  const variables = new Map<string, string>();
  const files: string[] = [];
  const problems: Problem[] = [];
  for (const directory of new Set(directories)) {
    for (const file of [`${directory}/.env.local`, `${directory}/.env`]) {
      const text = await read(file);
      if (text === undefined) continue;
      files.push(file);
      const parsed = parseDotenv(text, file);
      problems.push(...parsed.problems);
      for (const [name, value] of parsed.variables) if (!variables.has(name)) variables.set(name, value);
    }
  }
  return { env: (name) => env(name) ?? variables.get(name), files, problems };
}

export interface ParsedDotenv {
  readonly variables: ReadonlyMap<string, string>;
  readonly problems: readonly Problem[];
}

const NAME = /^[ \t]*(?:export[ \t]+)?([A-Za-z_][\w.-]*)[ \t]*=[ \t]*/;
const ESCAPES: ReadonlyMap<string, string> = new Map([["n", "\n"], ["r", "\r"], ["t", "\t"]]);

/**
 * The rules that the usual `.env` readers share: `NAME=value`, `export NAME=value`, `# comment`; a value without quotes
 * ends at ` #`; 'single quotes' keep everything; "double quotes" know \n, \r, \t, \", \\ and \$, and both may go over
 * several lines. `$NAME` in a value is not replaced. Of two lines with one name, the later one counts.
 */
export function parseDotenv(text: string, file: string): ParsedDotenv {
  const variables = new Map<string, string>();
  const problems: Problem[] = [];
  const lines = text.replace(/^\uFEFF/, "").replaceAll("\r\n", "\n").split("\n");
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? "";
    if (/^[ \t]*(#|$)/.test(line)) continue;
    const [prefix = "", name] = NAME.exec(line) ?? [];
    const report = (message: string) =>
      problems.push({ file, position: { line: at + 1, column: 1 }, path: "", message });
    if (name === undefined) {
      report("found a line that is not NAME=value, passed over");
      continue;
    }
    const value = readValue(lines, at, prefix.length);
    if (value === undefined) {
      report(`found no closing quote for ${name}, passed over`);
      continue;
    }
    variables.set(name, value.text);
    at = value.lastLine;
  }
  return { variables, problems };
}

/** The value that begins at a column of a line, and the line on which it ends. */
function readValue(
  lines: readonly string[],
  first: number,
  column: number,
): { readonly text: string; readonly lastLine: number } | undefined {
  const start = (lines[first] ?? "").slice(column);
  const quote = start[0];
  if (quote !== '"' && quote !== "'") return { text: start.replace(/(^|[ \t]+)#.*$/, "").trimEnd(), lastLine: first };
  let text = "";
  for (let at = first; at < lines.length; at++) {
    const line = at === first ? start.slice(1) : lines[at] ?? "";
    const closed = readQuoted(line, quote);
    text += closed.text;
    if (closed.isClosed) return { text, lastLine: at };
    text += "\n";
  }
  return undefined;
}

function readQuoted(line: string, quote: string): { readonly text: string; readonly isClosed: boolean } {
  let text = "";
  for (let at = 0; at < line.length; at++) {
    const char = line[at] ?? "";
    const next = line[at + 1];
    if (char === quote) return { text, isClosed: true };
    if (char === "\\" && quote === '"' && next !== undefined && /[nrt"\\$]/.test(next)) {
      text += ESCAPES.get(next) ?? next;
      at++;
    } else {
      text += char;
    }
  }
  return { text, isClosed: false };
}
