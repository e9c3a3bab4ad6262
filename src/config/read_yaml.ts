import type { CST, Document, YAMLError } from "yaml";
import { Composer, Lexer, Parser } from "./yaml.ts";
import { type Finding, quote, type Tree } from "./tree.ts";
import { Refusal, toTree } from "./to_tree.ts";

/** Of the text in UTF-16 units; a byte limit belongs to where the text comes from. */
export const MAX_CONFIG_LENGTH = 1_048_576;
/** Bounds memory (some 600 bytes each in the parser), at 15,000 lines and more. */
const MAX_LEXEMES = 100_000;
/** The parser keeps a document, an unfinished scalar and one collection for each level. */
const MAX_PARSER_STACK = 64 + 2;
const MAX_SYNTAX_FINDINGS = 20;

const OPTIONS = {
  version: "1.2",
  schema: "core",
  merge: false,
  resolveKnownTags: false,
  prettyErrors: false,
  logLevel: "silent",
  // Comparing each key with each other takes minutes for a large mapping; toTree() does it with a Map.
  uniqueKeys: false,
} as const;

export interface ReadYaml {
  /** Absent when the text is no YAML, or is refused. */
  readonly tree?: Tree;
  readonly findings: readonly Finding[];
}

/**
 * Reads one YAML 1.2 document (and so JSON). Refused without being expanded: aliases that multiply, depth over 64, more
 * than one document, directives, tags beyond the core schema, keys that are not text or stand twice.
 */
export function readYaml(text: string): ReadYaml {
  try {
    if (text.length > MAX_CONFIG_LENGTH) throw new Refusal(0, "found more than 1 MiB, expected a smaller file");
    const [document, second] = [...new Composer(OPTIONS).compose(parse(text), true, text.length)];
    if (second !== undefined) throw new Refusal(second.range[0], "found a second document, expected one");
    if (document === undefined || document.contents === null) throw new Refusal(0, "found nothing, expected agents");
    const broken = syntaxFindings(document, text);
    return broken.length > 0 ? { findings: broken } : toTree(document.contents);
  } catch (thrown) {
    if (!(thrown instanceof Refusal)) throw thrown;
    return { findings: [{ offset: thrown.offset, path: "", message: thrown.message }] };
  }
}

/** The parser's tokens; given up as soon as there are too many, or too deep. */
function parse(text: string): CST.Token[] {
  const tokens: CST.Token[] = [];
  const parser = new Parser();
  let lexemes = 0;
  for (const lexeme of new Lexer().lex(text)) {
    if (++lexemes > MAX_LEXEMES) {
      throw new Refusal(parser.offset, `found more than ${MAX_LEXEMES} YAML tokens, expected a smaller file`);
    }
    for (const token of parser.next(lexeme)) tokens.push(accept(token, text));
    if (parser.stack.length > MAX_PARSER_STACK) {
      throw new Refusal(parser.offset, "found nesting deeper than 64 levels, expected less");
    }
  }
  for (const token of parser.end()) tokens.push(accept(token, text));
  return tokens;
}

function accept(token: CST.Token, text: string): CST.Token {
  // A directive can switch to YAML 1.1, where `no` is false and 010 is eight.
  if (token.type === "directive") throw new Refusal(token.offset, "found a % directive, expected plain YAML 1.2");
  if (token.type === "error") {
    throw new Refusal(token.offset, hasBareVariable(text, token.offset) ? BARE_VARIABLE : NOT_YAML);
  }
  return token;
}

const NOT_YAML = "found text that is not YAML here";
const BARE_VARIABLE = "found ${ inside [ ] or { }, expected quotes around it";

function syntaxFindings({ errors, warnings }: Document.Parsed, text: string): readonly Finding[] {
  const tags = warnings.filter((warning) => warning.code === "TAG_RESOLVE_FAILED");
  const findings = new Map<number, Finding>();
  // Of two errors at one place the later one is the more precise.
  for (const error of [...errors, ...tags].slice(0, MAX_SYNTAX_FINDINGS)) {
    const [offset] = error.pos;
    findings.set(offset, { offset, path: "", message: explain(error, text) });
  }
  return [...findings.values()];
}

/** The parser's own words, unless they would quote the file (which may hold secrets) or leave the user alone. */
function explain(error: YAMLError, text: string): string {
  const [at] = error.pos;
  switch (error.code) {
    case "TAB_AS_INDENT":
      return "found a tab in the indentation, expected spaces";
    case "TAG_RESOLVE_FAILED":
      return `found the tag ${
        quote(/^\S*/.exec(text.slice(at, at + 64))?.[0] ?? "")
      }, expected plain YAML without tags`;
    case "BAD_SCALAR_START":
      return `found text that begins with ${quote(text.slice(at, at + 1))}, expected quotes around it`;
    case "BLOCK_AS_IMPLICIT_KEY":
      return 'found a second ": " on the line, expected quotes around text that contains one';
    case "MULTILINE_IMPLICIT_KEY":
      return "found a value that goes on in a deeper line, expected that line to begin where this one does";
    case "BAD_INDENT":
    case "MISSING_CHAR":
    case "BAD_DQ_ESCAPE":
      return hasBareVariable(text, at) ? BARE_VARIABLE : `${NOT_YAML}: ${error.message}`;
    default:
      return hasBareVariable(text, at) ? BARE_VARIABLE : NOT_YAML;
  }
}

/** Inside of brackets, the brace of an unquoted ${NAME} opens a mapping. */
function hasBareVariable(text: string, at: number): boolean {
  const lineStart = text.lastIndexOf("\n", at - 1) + 1;
  return /[[{].*\$\{/.test(text.slice(Math.max(lineStart, at - 1000), at + 2));
}
