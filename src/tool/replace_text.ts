import { FileRefusal } from "./file_refusal.ts";
import { findAll } from "./find_all.ts";
import { type Edit, lineAt } from "./show_diff.ts";

export interface Replacement {
  readonly oldString: string;
  readonly newString: string;
  readonly all: boolean;
  readonly maxReplacements: number;
}

export interface ReplacedText {
  readonly text: string;
  /** With line breaks as "\n" throughout, which is how a model reads the file. */
  readonly flat: string;
  readonly edits: readonly Edit[];
}

/**
 * Replaces text that must be there once (or `all` of it). Line breaks compare equal whether "\n" or "\r\n"; what is put
 * in gets the line break of the line where it is put, so a file keeps its style, a mixed one too. Throws FileRefusal that
 * tells where the text is, or what is nearly it.
 */
export function replaceText(text: string, replacement: Replacement): ReplacedText {
  const oldString = replacement.oldString.replaceAll("\r\n", "\n");
  const newString = replacement.newString.replaceAll("\r\n", "\n");
  if (oldString === newString) throw new FileRefusal("old_string and new_string are the same");
  const { flat, returns } = flatten(text);
  const starts = findAll(flat, oldString);
  checkCount(flat, starts, { ...replacement, oldString });
  const edits = starts.map((start) => ({ start, end: start + oldString.length, text: newString }));
  return { text: apply(text, { flat, returns }, edits), flat, edits };
}

interface Flat {
  readonly flat: string;
  /** Places of the "\n" in `flat` that are "\r\n" in the file, ascending. */
  readonly returns: readonly number[];
}

function flatten(text: string): Flat {
  const returns: number[] = [];
  const flat = text.replaceAll("\r\n", (_match, at: number) => {
    returns.push(at - returns.length);
    return "\n";
  });
  return { flat, returns };
}

function apply(text: string, { flat, returns }: Flat, edits: readonly Edit[]): string {
  const withReturn = new Set(returns);
  let passed = 0;
  const inFile = (at: number) => {
    while ((returns[passed] ?? at) < at) passed++;
    return at + passed;
  };
  const pieces: string[] = [];
  let copied = 0;
  for (const { start, end, text: added } of edits) {
    pieces.push(text.slice(copied, inFile(start)));
    pieces.push(withReturn.has(lineBreakNear(flat, start)) ? added.replaceAll("\n", "\r\n") : added);
    copied = inFile(end);
  }
  return [...pieces, text.slice(copied)].join("");
}

/** The line break that ends the line at `at`, or, on the last line, the one before it. */
function lineBreakNear(flat: string, at: number): number {
  const next = flat.indexOf("\n", at);
  return next >= 0 || at === 0 ? next : flat.lastIndexOf("\n", at - 1);
}

function checkCount(flat: string, starts: readonly number[], { oldString, all, maxReplacements }: Replacement): void {
  if (starts.length === 0) throw new FileRefusal(`old_string is not in it${nearMiss(flat, oldString)}`);
  if (starts.length > 1 && !all) {
    throw new FileRefusal(
      `old_string is in it ${starts.length} times (${linesOf(flat, starts)}); ` +
        `add lines around the one that is meant, or set replace_all`,
    );
  }
  if (starts.length > maxReplacements) {
    throw new FileRefusal(
      `old_string is in it ${starts.length} times, and at most ${maxReplacements} are replaced at once`,
    );
  }
}

function linesOf(flat: string, places: readonly number[]): string {
  const lines = [...new Set(places.slice(0, 10).map((at) => lineAt(flat, at)))];
  return `line${lines.length === 1 ? "" : "s"} ${lines.join(", ")}${places.length > 10 ? ", …" : ""}`;
}

/** What a model most often gets wrong: the line numbers that reading shows, and white space. */
function nearMiss(flat: string, oldString: string): string {
  if (/^ *\d+\t/.test(oldString)) {
    return ": give the lines without the numbers and tabs that read_file puts before them";
  }
  const first = oldString.split("\n").map((line) => line.trim()).find((line) => line !== "");
  if (first === undefined) return "";
  const alike = flat.split("\n").flatMap((line, at) => line.trim() === first ? [at + 1] : []).slice(0, 5);
  if (alike.length === 0) return ": read the file again, its content may have changed";
  return `: its first line is on line ${alike.join(", ")} but for white space or what follows; copy the lines exactly`;
}
