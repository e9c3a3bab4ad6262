import { CommandRefusal } from "./command_refusal.ts";
import { readWord, type WordToken } from "./read_word.ts";

export type Token =
  | WordToken
  | { readonly kind: "operator"; readonly text: "&&" | "||" | ";" | "|" }
  | { readonly kind: "redirect"; readonly fd: 0 | 1 | 2; readonly how: "<" | ">" | ">>" }
  | { readonly kind: "copy"; readonly fd: 1 | 2; readonly of: 1 | 2 };

const MAX_CHARS = 16_384;
// deno-lint-ignore no-control-regex -- they are what is looked for
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/;
const HIDING = /[\u200b-\u200f\u202a-\u202e\u2060-\u2069\u2028\u2029\ufeff\ufff9-\ufffb]|\p{Cs}/u;

const FILES = "write a file with the file tools";
/** What begins like something that is accepted, longest first; the reason is the end of a sentence. */
const REFUSED: readonly (readonly [spelling: RegExp, reason: string])[] = [
  [/<<<|\d*<<-?/y, `it holds a here-document: ${FILES}, or name a file`],
  [/[<>]\(/y, "it holds a process substitution: use a pipe"],
  [/\d*(?:<>|<&|>\|)/y, "of redirections, only <, >, >>, 2>, 2>&1 and 1>&2 are understood"],
  [/&>>?|>&(?![12](?![^\s;&|<>()]))/y, "&> is not understood: write > file 2>&1"],
  [/&(?!&)/y, "& would leave it running in the background: a command ends before its call does"],
  [/\|&/y, "|& is not understood: write 2>&1 |"],
  [/;;/y, "it holds ;;, a word of the shell's case"],
  [
    /[()]/y,
    "it holds parentheses outside of quotes: there are no subshells and functions; quote them if they are text",
  ],
];

/** The text as tokens. Throws CommandRefusal for everything that only a shell could do. */
export function readTokens(text: string): Token[] {
  checkCharacters(text);
  const tokens: Token[] = [];
  let at = 0;
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    if (found !== null) at += found[0].length;
    return found;
  };
  while (at < text.length) {
    // A comment begins where a word could.
    if (take(/(?:[ \t]|\\\n)+/y) || take(/#[^\n]*/y)) continue;
    for (const [spelling, reason] of REFUSED) if (take(spelling)) throw new CommandRefusal(reason);
    // A line may end behind an operator that asks for more.
    const operator = take(/(&&|\|\||\|)\s*/y) ?? take(/([;\n])/y);
    const redirect = operator === null ? readRedirect(take) : undefined;
    if (operator !== null) tokens.push({ kind: "operator", text: operatorOf(operator[1]) });
    else if (redirect !== undefined) tokens.push(redirect);
    else {
      const { word, end } = readWord(text, at);
      tokens.push(word);
      at = end;
    }
  }
  return tokens;
}

function readRedirect(take: (pattern: RegExp) => RegExpExecArray | null): Token | undefined {
  const copy = take(/([12]?)>&([12])(?![^\s;&|<>()])/y);
  if (copy !== null) return { kind: "copy", fd: copy[1] === "2" ? 2 : 1, of: copy[2] === "2" ? 2 : 1 };
  const file = take(/(\d*)(<|>>|>)/y);
  if (file === null) return undefined;
  const how = file[2] === "<" ? "<" : file[2] === ">" ? ">" : ">>";
  const fd = file[1] === "" ? how === "<" ? 0 : 1 : Number(file[1]);
  if (how === "<" ? fd === 0 : fd === 1 || fd === 2) {
    return { kind: "redirect", fd: fd === 0 ? 0 : fd === 1 ? 1 : 2, how };
  }
  throw new CommandRefusal("only standard input, output (1) and error (2) can be redirected");
}

function operatorOf(text: string | undefined): "&&" | "||" | ";" | "|" {
  return text === "&&" || text === "||" || text === "|" ? text : ";";
}

function checkCharacters(text: string): void {
  if (text.length > MAX_CHARS) {
    throw new CommandRefusal(`it has ${text.length} characters, and at most ${MAX_CHARS} are read`);
  }
  if (CONTROL.test(text)) throw new CommandRefusal("it holds a control character");
  if (HIDING.test(text)) throw new CommandRefusal("it holds characters that hide or reorder its text");
}
