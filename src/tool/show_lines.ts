import { FileRefusal } from "./file_refusal.ts";

export interface LineRange {
  readonly path: string;
  readonly start_line?: number | undefined;
  readonly end_line?: number | undefined;
  readonly line_numbers: boolean;
  readonly maxChars: number;
}

/** Which lines it shows, then the lines; as many as fit. Throws FileRefusal for a range behind the end. */
export function showLines(text: string, range: LineRange): string {
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
