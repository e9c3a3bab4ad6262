import { CommandRefusal } from "./command_refusal.ts";
import type { Word } from "./script.ts";

const MAX_WORDS = 4096;

/** Reads the names in a folder; none where it cannot be read. */
export type NamesIn = (folder: string) => readonly string[];

/**
 * The words with every pattern replaced by the paths that match, sorted; by its own text where none does. Like a shell's,
 * but a name that begins with `-` becomes `./-name`, so that no file can pass for an option.
 */
export function fillPatterns(words: readonly Word[], namesIn: NamesIn): readonly string[] {
  const filled = words.flatMap(({ text, pattern }) => pattern === undefined ? [text] : expand(text, pattern, namesIn));
  if (filled.length > MAX_WORDS) throw new CommandRefusal(`its patterns match more than ${MAX_WORDS} files`);
  return filled;
}

function expand(text: string, pattern: string, namesIn: NamesIn): readonly string[] {
  // An option with a pattern for its value is for the program.
  if (text.startsWith("-") || text.startsWith("/") || text.split("/").includes("..")) return [text];
  let paths = [""];
  for (const segment of pattern.split("/")) {
    if (segment === "") continue;
    const matches = toExpression(segment);
    paths = paths.flatMap((path) => {
      const join = (name: string) => path === "" ? name : `${path}/${name}`;
      if (matches === undefined) return [join(unescape(segment))];
      const isDotted = segment.startsWith(".");
      return namesIn(path).filter((name) => (isDotted || !name.startsWith(".")) && matches.test(name)).map(join);
    });
    if (paths.length > MAX_WORDS) throw new CommandRefusal(`its patterns match more than ${MAX_WORDS} files`);
  }
  return paths.length === 0 ? [text] : paths.sort().map((path) => path.startsWith("-") ? `./${path}` : path);
}

function unescape(segment: string): string {
  return segment.replace(/\\(.)/gs, "$1");
}

/** Undefined for a name without a pattern in it. */
function toExpression(segment: string): RegExp | undefined {
  let hasPattern = false;
  const source = segment.replace(/\\(.)|\*+|\?|\[[!^]?\]?[^\]]*\]|[^\\]/gsu, (part, quoted: string | undefined) => {
    if (quoted !== undefined) return RegExp.escape(quoted);
    if (!/^(?:\*|\?|\[.+\])/s.test(part)) return RegExp.escape(part);
    hasPattern = true;
    if (part.startsWith("*")) return "[^/]*";
    if (part === "?") return "[^/]";
    const negated = /^\[[!^]/.test(part);
    const members = part.slice(negated ? 2 : 1, -1).replace(/\\(.)/gs, "$1").replace(/[\\\]^[]/g, "\\$&");
    return negated ? `[^/${members}]` : `[${members}]`;
  });
  if (!hasPattern) return undefined;
  try {
    return new RegExp(`^${source}$`, "su");
  } catch {
    throw new CommandRefusal(`the pattern ${JSON.stringify(segment)} means nothing`);
  }
}
