import { CommandRefusal } from "./command_refusal.ts";

/** A word with what the parser has to know of its quotes. */
export interface WordToken {
  readonly kind: "word";
  readonly text: string;
  /** The word as it was written, with U+0001 for each quoted character: what a shell would take for its own. */
  readonly bare: string;
  readonly pattern?: string;
}

const VARIABLES = "variables are not expanded: write the value, or put a literal $ into single quotes";
const SUBSTITUTION = "command substitution is not allowed: run that command by itself first";

/** Stands for a quoted character; no text holds it. */
const QUOTED = "\u0001";

/** A word as it grows. */
interface Growing {
  text: string;
  bare: string;
  pattern: string;
}

/** Reads the word that begins at `start`. `end` is behind it. Throws CommandRefusal for what a shell would expand. */
export function readWord(text: string, start: number): { readonly word: WordToken; readonly end: number } {
  const word: Growing = { text: "", bare: "", pattern: "" };
  let at = start;
  while (at < text.length) {
    const char = text.charAt(at);
    if (/[\s;&|<>()]/.test(char)) break;
    if (char === "'") at = singleQuoted(text, at, word);
    else if (char === '"') at = doubleQuoted(text, at, word);
    else if (char === "\\") at = escaped(text, at, word);
    else {
      checkDollar(text, at, /['"]/);
      word.text += char;
      word.bare += char;
      word.pattern += char;
      at++;
    }
  }
  checkBare(word.bare);
  const { text: said, bare, pattern } = word;
  return { word: { kind: "word", text: said, bare, ...(/[*?[]/.test(bare) ? { pattern } : {}) }, end: at };
}

function quote(word: Growing, text: string): void {
  word.text += text;
  // Of quotes around nothing a trace stays, too: they end a name.
  word.bare += QUOTED.repeat(Math.max(1, text.length));
  word.pattern += text.replace(/[\\*?[\]]/g, "\\$&");
}

function singleQuoted(text: string, at: number, word: Growing): number {
  const end = text.indexOf("'", at + 1);
  if (end < 0) throw new CommandRefusal("a single quote has no end");
  quote(word, text.slice(at + 1, end));
  return end + 1;
}

function doubleQuoted(text: string, start: number, word: Growing): number {
  let inner = "";
  for (let at = start + 1; at < text.length; at++) {
    const char = text.charAt(at);
    if (char === '"') {
      quote(word, inner);
      return at + 1;
    }
    checkDollar(text, at, /(?!)/);
    const next = text.charAt(at + 1);
    if (char === "\\" && /[$`"\\\n]/.test(next)) {
      if (next !== "\n") inner += next;
      at++;
    } else inner += char;
  }
  throw new CommandRefusal("a double quote has no end");
}

function escaped(text: string, at: number, word: Growing): number {
  const next = text.charAt(at + 1);
  if (next === "") throw new CommandRefusal("it ends with a backslash");
  if (next !== "\n") quote(word, next);
  return at + 2;
}

/** `$` is text where nothing follows that it could mean. */
function checkDollar(text: string, at: number, quotes: RegExp): void {
  const char = text.charAt(at);
  if (char === "`") throw new CommandRefusal(SUBSTITUTION);
  if (char !== "$") return;
  const next = text.charAt(at + 1);
  if (next === "(") throw new CommandRefusal(SUBSTITUTION);
  if (/[A-Za-z0-9_{[?!@*#$-]/.test(next)) throw new CommandRefusal(VARIABLES);
  if (next !== "" && quotes.test(next)) {
    throw new CommandRefusal("$'…' and $\"…\" are not understood: use plain quotes");
  }
}

function checkBare(bare: string): void {
  if (/(?:^|[=:])~/.test(bare)) throw new CommandRefusal("~ is not expanded: paths begin at the working directory");
  if (/\{.*(?:,|\.\.).*\}/s.test(bare)) {
    throw new CommandRefusal("braces are not expanded: write each word, or quote them");
  }
}
