/** Some lines of a document that belong together, as they are found and shown. */
export interface Passage {
  /** Counted from 1. */
  readonly firstLine: number;
  readonly lastLine: number;
  readonly text: string;
}

const MAX_CHARS = 1_500;
const MAX_LINES = 40;
/** Of the end of a passage, what the next one begins with: what is said across a border is found all the same. */
const OVERLAP_LINES = 3;
const OVERLAP_CHARS = 300;

/** `text` as passages that overlap a little; none longer than 1,500 characters, none without a word. */
export function* passages(text: string): Iterable<Passage> {
  let lines: string[] = [];
  let chars = 0;
  let number = 0;
  for (const line of linesOf(text)) {
    number++;
    if (lines.length > 0 && (chars + line.length > MAX_CHARS || lines.length >= MAX_LINES)) {
      yield* passage(lines, number - 1);
      lines = overlap(lines, MAX_CHARS - line.length);
      chars = lines.reduce((sum, kept) => sum + kept.length + 1, 0);
    }
    if (line.length > MAX_CHARS) {
      yield* pieces(line, number);
      lines = [];
      chars = 0;
    } else {
      lines.push(line);
      chars += line.length + 1;
    }
  }
  yield* passage(lines, number);
}

/** Line by line, without holding them all: documents may be large. A byte order mark is no text. */
function* linesOf(text: string): Iterable<string> {
  let from = text.startsWith("\ufeff") ? 1 : 0;
  while (from < text.length) {
    const to = text.indexOf("\n", from);
    const end = to < 0 ? text.length : to;
    yield text.slice(from, text[end - 1] === "\r" && end > from ? end - 1 : end);
    from = end + 1;
  }
}

function* passage(lines: readonly string[], lastLine: number): Iterable<Passage> {
  const text = lines.join("\n");
  if (/[\p{L}\p{N}]/u.test(text)) yield { firstLine: lastLine - lines.length + 1, lastLine, text };
}

function overlap(lines: readonly string[], room: number): string[] {
  const kept: string[] = [];
  let chars = 0;
  for (const line of lines.slice(-OVERLAP_LINES).toReversed()) {
    chars += line.length + 1;
    if (chars > Math.min(OVERLAP_CHARS, room)) break;
    kept.unshift(line);
  }
  return kept.length < lines.length ? kept : [];
}

/** A line that is longer than a passage may be, cut between characters. */
function* pieces(line: string, number: number): Iterable<Passage> {
  for (let at = 0; at < line.length;) {
    const code = line.charCodeAt(at + MAX_CHARS - 1);
    const end = at + (code >= 0xd800 && code <= 0xdbff ? MAX_CHARS - 1 : MAX_CHARS);
    yield* passage([line.slice(at, end)], number);
    at = end;
  }
}
