import { type Entry, type Finding, join, type Scalar, type Tree } from "./tree.ts";

/** Reads one environment variable. */
export type Env = (name: string) => string | undefined;

/** Reads the text of a small file. The path is as it is written in the configuration. */
export type ReadText = (path: string) => { readonly text: string } | { readonly problem: string };

/** Where the values of `${…}` come from. */
export interface ValueSources {
  readonly env: Env;
  /** For `${file:PATH}`; absent where no files can be read. */
  readonly readText?: ReadText | undefined;
}

/** What all replaced texts may come to: one long variable can be named a thousand times. */
const MAX_TEXT = 4_194_304;
const MAX_NESTED_DEFAULTS = 8;
/** Of `${file:PATH}`; names of variables are far shorter. */
const MAX_NAME_LENGTH = 1024;

interface Pass extends ValueSources {
  readonly findings: Finding[];
  /** A node that has several aliases is replaced once. */
  readonly done: Map<Tree, Tree>;
  room: number;
}

/**
 * Replaces `${NAME}`, `${NAME:-default}`, `${file:PATH}` and `${file:PATH:-default}` in the texts of a tree, in one pass:
 * what comes out of a variable or a file is never looked at again, and stays text as it is. `$${` is a literal `${`. A
 * default stands in for a variable that is unset or empty and for a file that is not there, may name variables itself,
 * and may hold braces in pairs. `${NAME}` of an unset variable is a finding; of an empty one, the empty text. One line
 * end at the end of a file is no part of its text. `$NAME` is replaced only where it is the whole text (`$$NAME` is a literal `$NAME` there),
 * because prompts and scripts are full of dollars.
 */
export function interpolate(
  tree: Tree,
  sources: ValueSources,
): { readonly tree: Tree; readonly findings: readonly Finding[] } {
  const pass: Pass = { ...sources, findings: [], done: new Map(), room: MAX_TEXT };
  return { tree: replaced(tree, "", pass), findings: pass.findings };
}

function replaced(tree: Tree, path: string, pass: Pass): Tree {
  const known = pass.done.get(tree);
  if (known !== undefined) return known;
  const result = replace(tree, path, pass);
  pass.done.set(tree, result);
  return result;
}

function replace(tree: Tree, path: string, pass: Pass): Tree {
  switch (tree.kind) {
    case "scalar":
      return replaceScalar(tree, path, pass);
    case "list":
      return { ...tree, items: tree.items.map((item, at) => replaced(item, join(path, at), pass)) };
    case "table": {
      const entries = [...tree.entries].map(([key, entry]): [string, Entry] => [
        key,
        { ...entry, value: replaced(entry.value, join(path, key), pass) },
      ]);
      return { ...tree, entries: new Map(entries) };
    }
  }
}

function replaceScalar(scalar: Scalar, path: string, pass: Pass): Scalar {
  if (typeof scalar.value !== "string" || !scalar.value.includes("$")) return scalar;
  const report = (message: string): Scalar => {
    pass.findings.push({ offset: scalar.offset, path, message });
    return { ...scalar, reported: true };
  };
  try {
    const parts = parseTemplate(scalar.value);
    const variables: string[] = [];
    const text = fill(parts, pass, variables);
    pass.room -= text.length;
    if (pass.room < 0) throw new TemplateError("found variables that come to more than 4 MiB of text, expected less");
    const replacedScalar = { ...scalar, value: text, written: scalar.value };
    if (variables.length === 0) return replacedScalar;
    const isWhole = parts.length === 1;
    return { ...replacedScalar, variables, ...(isWhole ? { retypable: true } : {}) };
  } catch (thrown) {
    if (thrown instanceof TemplateError) return report(thrown.message);
    throw thrown;
  }
}

/** What a text names: variables, and files as `file:PATH`. Nothing for one that `interpolate` refuses. */
export function referencesIn(text: string): readonly string[] {
  if (!text.includes("$")) return [];
  try {
    return namesOf(parseTemplate(text));
  } catch (thrown) {
    if (thrown instanceof TemplateError) return [];
    throw thrown;
  }
}

function namesOf(parts: readonly Part[]): string[] {
  return parts.flatMap((part) => typeof part === "string" ? [] : [part.variable, ...namesOf(part.fallback ?? [])]);
}

class TemplateError extends Error {
  override readonly name = "TemplateError";
}

/** A variable by its name, or a file as `file:PATH`. */
type Part = string | { readonly variable: string; readonly fallback?: readonly Part[] };

function fill(parts: readonly Part[], pass: Pass, variables: string[]): string {
  let text = "";
  for (const part of parts) {
    text += typeof part === "string" ? part : valueOf(part, pass, variables);
    if (text.length > pass.room) break;
  }
  return text;
}

function valueOf(part: Exclude<Part, string>, pass: Pass, variables: string[]): string {
  const { variable, fallback } = part;
  variables.push(variable);
  const isFile = variable.startsWith(FILE);
  const found = isFile ? textOf(variable.slice(FILE.length), pass) : valueFrom(variable, pass);
  const isMissing = "problem" in found || (!isFile && found.text === "");
  if (fallback !== undefined && isMissing) return fill(fallback, pass, variables);
  if (!("problem" in found)) return found.text;
  throw new TemplateError(`found \${${variable}}, ${found.problem}, or a default as in \${${variable}:-default}`);
}

const FILE = "file:";

function valueFrom(variable: string, { env }: Pass): ReturnType<ReadText> {
  const text = env(variable);
  return text === undefined ? { problem: "which is not set: expected it in the environment or in .env" } : { text };
}

function textOf(path: string, { readText }: Pass): ReturnType<ReadText> {
  const read = readText?.(path) ?? { problem: "files cannot be read here" };
  if ("problem" in read) return { problem: `which cannot be read (${read.problem}): expected a small text file` };
  return { text: read.text.replace(/\r?\n$/, "") };
}

function parseTemplate(text: string): readonly Part[] {
  const whole = /^(\$?)\$([A-Z_][A-Z0-9_]*)$/.exec(text);
  if (whole !== null) {
    const [, escape = "", variable = ""] = whole;
    return escape === "" ? [{ variable }] : [`$${variable}`];
  }
  return parseParts({ text, at: 0 }, 0);
}

interface Cursor {
  readonly text: string;
  at: number;
}

/** Up to the end of the text; inside of a default, up to the brace that closes it. */
function parseParts(cursor: Cursor, depth: number): readonly Part[] {
  const { text } = cursor;
  const parts: Part[] = [];
  let open = 0;
  let start = cursor.at;
  const literal = (until: number) => {
    if (until > start) parts.push(text.slice(start, until));
  };
  while (cursor.at < text.length) {
    const { at } = cursor;
    if (text.startsWith("$${", at)) {
      literal(at);
      start = at + 1;
      cursor.at = at + 3;
      open += depth > 0 ? 1 : 0;
    } else if (text.startsWith("${", at)) {
      literal(at);
      parts.push(parseVariable(cursor, depth));
      start = cursor.at;
    } else if (depth > 0 && text[at] === "}" && open === 0) {
      literal(at);
      return parts;
    } else {
      if (text[at] === "{") open++;
      else if (text[at] === "}") open--;
      cursor.at++;
    }
  }
  if (depth > 0) throw new TemplateError("found ${ without its }, expected one (or $${ for a literal ${)");
  literal(text.length);
  return parts;
}

function parseVariable(cursor: Cursor, depth: number): Part {
  const window = cursor.text.slice(cursor.at, cursor.at + MAX_NAME_LENGTH);
  const name = /^\$\{(file:(?:(?!:-)[^{}\n])+|[A-Za-z_][A-Za-z0-9_]*)(\}|:-|)/.exec(window);
  const [all = "", variable = "", end = ""] = name ?? [];
  if (end === "") {
    throw new TemplateError(`found \${ without \${NAME} or \${NAME:-default}, expected one of them${hint(cursor)}`);
  }
  cursor.at += all.length;
  if (end === "}") return { variable };
  if (depth >= MAX_NESTED_DEFAULTS) throw new TemplateError("found defaults inside of defaults 9 deep, expected fewer");
  const fallback = parseParts(cursor, depth + 1);
  cursor.at++;
  return { variable, fallback };
}

function hint({ text, at }: Cursor): string {
  const near = /^\$\{([A-Za-z_][A-Za-z0-9_]{0,60}):?=?([^-}][^}]{0,20})\}/.exec(text.slice(at, at + 128));
  const variable = near?.[1];
  return variable === undefined ? " (or $${ for a literal ${)" : `; did you mean "\${${variable}:-…}"?`;
}
