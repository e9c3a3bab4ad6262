import type { Locate } from "./pieces.ts";
import { type Entry, type Finding, join, type Table, type Tree } from "./tree.ts";

export interface MergeRequest {
  /** Gains what two files say differently. */
  readonly findings: Finding[];
  readonly locate: Locate;
}

/**
 * One tree of several files, in their order. Mappings are merged key by key, however deep. Anything else may stand in
 * one file only, because no order of files would tell a reader which of two holds; but two files may say the same (a
 * `version`), and a key with nothing behind it says nothing. The offsets of the trees are those of one joint text.
 */
export function mergeTrees(trees: readonly Tree[], request: MergeRequest): Tree {
  const [first, ...rest] = trees;
  if (first === undefined) throw new RangeError("Cannot merge trees: there are none");
  if (rest.length === 0) return first;
  return rest.reduce((into, tree) => {
    const [one, other] = [{ offset: into.offset, value: into }, { offset: tree.offset, value: tree }];
    return mergeEntries(one, other, { path: "", request }).value;
  }, first);
}

interface Spot {
  readonly path: string;
  readonly request: MergeRequest;
}

function mergeEntries(one: Entry, other: Entry, spot: Spot): Entry {
  if (isEmpty(other.value)) return one;
  if (isEmpty(one.value)) return other;
  if (one.value.kind === "table" && other.value.kind === "table") {
    return { ...one, value: mergeTables(one.value, other.value, spot) };
  }
  if (!isSame(one.value, other.value)) report(one, other, spot);
  return one;
}

function mergeTables(one: Table, other: Table, { path, request }: Spot): Table {
  // An anchor's table can be met again; what is in it can only be the same.
  if (one === other) return one;
  const entries = new Map(one.entries);
  for (const [key, entry] of other.entries) {
    const there = entries.get(key);
    const at = entry.was ?? join(path, key);
    entries.set(key, there === undefined ? entry : mergeEntries(there, entry, { path: at, request }));
  }
  return { ...one, entries };
}

function report(one: Entry, other: Entry, { path, request: { findings, locate } }: Spot): void {
  const [first, second] = [locate(one.offset), locate(other.offset)];
  const place = `${first.file}:${first.position.line}:${first.position.column}`;
  const what = one.value.kind === other.value.kind
    ? `found a second value in ${second.file}, beside the one at ${place}, expected it in one file only`
    : `found a ${nameOf(other.value)} in ${second.file}, but a ${
      nameOf(one.value)
    } at ${place}, expected it in one file only`;
  findings.push({ offset: other.offset, path, message: what });
}

function nameOf({ kind }: Tree): string {
  switch (kind) {
    case "table":
      return "mapping";
    case "list":
      return "list";
    case "scalar":
      return "single value";
    default:
      throw new TypeError(`Cannot name a tree: its kind is ${kind satisfies never}`);
  }
}

function isEmpty(tree: Tree): boolean {
  return tree.kind === "scalar" && tree.value === null;
}

function isSame(one: Tree, other: Tree): boolean {
  return one.kind === "scalar" && other.kind === "scalar" && one.value === other.value;
}
