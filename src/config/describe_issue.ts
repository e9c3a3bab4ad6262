import type { z } from "zod";
import { didYouMean } from "../lib/suggest.ts";
import { keysAt } from "./keys_at.ts";
import { missingKeys, missingPart } from "./missing_part.ts";
import { textAs } from "./text_as.ts";
import { find, type Finding, type Path, type Place, quote, toPath, type Tree } from "./tree.ts";

type Issue = z.core.$ZodIssue;

/** A schema's complaint in the words of a configuration: what was found, what is expected, what was probably meant. */
export function describeIssue(issue: Issue, schema: z.ZodType, place: Place): readonly Finding[] {
  return describe(issue, [], { schema, place });
}

interface Checked {
  readonly schema: z.ZodType;
  readonly place: Place;
}

function describe(issue: Issue, prefix: Path, checked: Checked): readonly Finding[] {
  const path = [...prefix, ...toPath(issue.path)];
  if (issue.code === "unrecognized_keys") return issue.keys.flatMap((key) => unknownKey(key, path, checked));
  if (issue.code === "invalid_union") {
    // The branch whose type fits knows best what is wrong.
    const fitting = issue.errors.find((branch) => !branch.some(isTypeMismatch));
    if (fitting !== undefined) return fitting.flatMap((inner) => describe(inner, path, checked));
  }
  const { node, ...at } = find(checked.place, path);
  if (node?.kind === "scalar" && node.reported) return [];
  if (issue.code === "invalid_value" && node?.kind === "scalar" && node.variables === undefined) {
    const message = missingPart(keysOf(checked.place, path), String(node.value));
    if (message !== undefined) return [{ ...at, message }];
  }
  // What a plugin says of a text may quote it, which is no harm unless the text came out of a variable.
  const isShowable = node?.kind !== "scalar" || node.variables === undefined;
  if (issue.code === "custom" && isShowable) return [{ ...at, message: issue.message }];
  const shown = issue.code === "invalid_key" ? quote(String(path.at(-1))) : describeValue(node, path);
  const guess = issue.code === "invalid_value" ? suggestValue(node, path, issue.values) : "";
  return [{ ...at, message: `found ${shown}, expected ${expectation(issue)}${quoting(issue, node)}${guess}` }];
}

/** Quotes are what most often parts a value from the type that it was meant to have. */
function quoting(issue: Issue, node: Tree | undefined): string {
  if (issue.code !== "invalid_type" || node?.kind !== "scalar" || node.variables || node.retypable) return "";
  const { value } = node;
  if (issue.expected === "string") return typeof value === "number" || typeof value === "boolean" ? " in quotes" : "";
  return typeof value === "string" && textAs(value, issue.expected) !== undefined ? " without quotes" : "";
}

function isTypeMismatch(issue: Issue): boolean {
  return issue.code === "invalid_type" && issue.path.length === 0;
}

function unknownKey(key: string, path: Path, { schema, place }: Checked): readonly Finding[] {
  const { node, offset } = find(place, path);
  const entry = node?.kind === "table" ? node.entries.get(key) : undefined;
  const written = find(place, [...path, key]).path;
  if (entry !== undefined) {
    const missing = missingKeys(entry, { keys: [...keysOf(place, path), key], path: written });
    if (missing.length > 0) return missing;
  }
  const known = [...keysAt(schema, path), ...(path.length === 0 ? place.otherKeys ?? [] : [])];
  const guess = didYouMean(key, known);
  const allowed = known.length === 0 ? "none" : `one of: ${known.toSorted().join(", ")}`;
  return [{
    offset: entry?.offset ?? offset,
    path: written,
    message: guess === "" ? `unknown key, expected ${allowed}` : `unknown key${guess}`,
  }];
}

function keysOf({ keys = [] }: Place, path: Path): readonly string[] {
  return [...keys, ...path.map(String)];
}

/** A value as it may be shown: never one that came out of a variable, never one that is a credential by its name. */
export function describeValue(node: Tree | undefined, path: Path): string {
  if (node === undefined) return "nothing";
  if (node.kind !== "scalar") return node.kind === "list" ? "a list" : "a mapping";
  const { value, variables } = node;
  if (value === null) return "nothing";
  if (variables !== undefined) {
    const names = [...new Set(variables)].slice(0, 3).map((name) => `\${${name}}`).join(", ");
    return value === "" ? `empty text from ${names}` : `text from ${names}`;
  }
  if (typeof value === "boolean" || value === "") return JSON.stringify(value);
  if (isSecretive(path)) return typeof value === "number" ? "a number" : "text";
  // An address may hold a password.
  return typeof value === "number" ? String(value) : quote(value.replace(/\/\/[^/@]*@/, "//…@"));
}

function isSecretive(path: Path): boolean {
  const last = path.findLast((step) => typeof step === "string") ?? "";
  return /(keys?|token|secret|password|credentials?|authorization)$/i.test(String(last)) || path.includes("headers");
}

function suggestValue(node: Tree | undefined, path: Path, values: readonly unknown[]): string {
  if (node?.kind !== "scalar" || typeof node.value !== "string") return "";
  if (node.variables !== undefined || isSecretive(path)) return "";
  return didYouMean(node.value, values.filter((value) => typeof value === "string"));
}

/** The words that zod uses when an author gave none. */
const STANDARD_WORDS = /^(Invalid|Too big|Too small|Unrecognized)/;

function expectation(issue: Issue): string {
  const isOwn = issue.code !== "invalid_key" && issue.code !== "invalid_union" && issue.code !== "custom";
  if (isOwn && !STANDARD_WORDS.test(issue.message)) {
    return issue.message.replace(/^expected /, "");
  }
  switch (issue.code) {
    case "invalid_type":
      return typeWords(issue.expected);
    case "too_small":
      return bound(issue.origin, Number(issue.minimum), issue.inclusive ? "at least" : "more than");
    case "too_big":
      return bound(issue.origin, Number(issue.maximum), issue.inclusive ? "at most" : "less than");
    case "not_multiple_of":
      return `a multiple of ${issue.divisor}`;
    case "invalid_format":
      return issue.format === "url" ? "a URL" : `text in the form of ${issue.format.replaceAll("_", " ")}`;
    case "invalid_value":
      return oneOf(issue.values.map((value) => typeof value === "string" ? quote(value) : String(value)));
    case "invalid_key":
      return issue.issues.map(expectation).join(" and ");
    case "invalid_union":
      return unionWords(issue);
    default:
      return "another value";
  }
}

function unionWords(issue: z.core.$ZodIssueInvalidUnion): string {
  const words = issue.errors.flatMap((branch) => branch.filter(isTypeMismatch)).map(expectation);
  // A class is never what a file can hold.
  const writable = [...new Set(words)].filter((word) => !/^[A-Z]/.test(word));
  return writable.length > 0 ? oneOf(writable) : "another value";
}

function typeWords(expected: string): string {
  return TYPE_WORDS.get(expected) ?? expected;
}

const TYPE_WORDS: ReadonlyMap<string, string> = new Map([
  ["string", "text"],
  ["number", "a number"],
  ["int", "a whole number"],
  ["boolean", "true or false"],
  ["array", "a list"],
  ["tuple", "a list"],
  ["object", "a mapping"],
  ["record", "a mapping"],
  ["map", "a mapping"],
  ["null", "nothing"],
]);

function bound(origin: string, limit: number, relation: string): string {
  if (origin === "string" && limit === 1 && relation === "at least") return "text that is not empty";
  const unit = origin === "string" ? " characters" : origin === "array" || origin === "set" ? " entries" : "";
  return `${relation} ${limit}${limit === 1 ? unit.replace(/ies$/, "y").replace(/s$/, "") : unit}`;
}

/** `"a", "b" or "c"` */
export function oneOf(words: readonly string[]): string {
  const last = words.at(-1) ?? "nothing";
  return words.length < 2 ? last : `${words.slice(0, -1).join(", ")} or ${last}`;
}
