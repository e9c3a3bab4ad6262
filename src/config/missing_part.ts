import { NOT_IN_THIS_VERSION, WITHOUT_EFFECT } from "./not_in_this_version.ts";
import { type Entry, join, type Tree } from "./tree.ts";

interface Row {
  readonly steps: readonly string[];
  readonly value: string | undefined;
  readonly message: string;
}

const ROWS: readonly Row[] = [
  ...NOT_IN_THIS_VERSION.map(([at, would, nearest]) =>
    toRow(at, `not in this version: it would ${would}; nearest: ${nearest}`)
  ),
  ...WITHOUT_EFFECT.map(([at, because]) => toRow(at, `has no effect here: ${because}; take it out`)),
];

function toRow(at: string, message: string): Row {
  const [keys = "", value] = at.split(": ");
  return { steps: keys.split("."), value, message };
}

/** What is to be said of a key (or of one value of it) that this version does not have, if it is known at all. */
export function missingPart(keys: readonly string[], value?: string): string | undefined {
  return ROWS.find((row) => isAt(row, keys) && row.steps.length === keys.length && row.value === value)?.message;
}

export interface MissingKey {
  readonly keys: readonly string[];
  readonly offset: number;
  /** As it is written. */
  readonly path: string;
  readonly message: string;
}

/** The same for an unknown key with all that stands in it: the row may be of a key farther down. */
export function missingKeys(
  entry: Entry,
  { keys, path }: { readonly keys: readonly string[]; readonly path: string },
): readonly MissingKey[] {
  const message = missingPart(keys, textOf(entry.value)) ?? missingPart(keys);
  if (message !== undefined) return [{ keys, offset: entry.offset, path, message }];
  if (entry.value.kind !== "table" || !ROWS.some((row) => isAt(row, keys))) return [];
  return [...entry.value.entries].flatMap(([key, inner]) =>
    missingKeys(inner, { keys: [...keys, key], path: inner.was ?? join(path, key) })
  );
}

/** Whether a row is of these keys, or of something below them. */
function isAt({ steps }: Row, keys: readonly string[]): boolean {
  return steps.length >= keys.length && keys.every((key, at) => steps[at] === "*" || steps[at] === key);
}

function textOf(tree: Tree): string | undefined {
  return tree.kind === "scalar" && tree.variables === undefined && tree.value !== null ? String(tree.value) : undefined;
}
