/**
 * A configuration between its text and its meaning: values that know where they stand, so that what is said about them
 * later (after interpolation, after older spellings were moved) still points into the user's file.
 * An anchor and its aliases share one node: a tree may be a graph without circles.
 */
export type Tree = Scalar | List | Table;

export interface Scalar {
  readonly kind: "scalar";
  readonly offset: number;
  readonly value: null | boolean | number | string;
  /** The text before its variables were replaced. */
  readonly written?: string;
  /** The variables (and files, as `file:PATH`) that the text was made of. Such a value may be a secret: it is never shown. */
  readonly variables?: readonly string[];
  /** The text was one variable as a whole (or came from a flag), so it may be a number or a boolean where one is due. */
  readonly retypable?: true;
  /** What is wrong with it was said already. */
  readonly reported?: true;
}

export interface List {
  readonly kind: "list";
  readonly offset: number;
  readonly items: readonly Tree[];
}

export interface Table {
  readonly kind: "table";
  readonly offset: number;
  readonly entries: ReadonlyMap<string, Entry>;
}

export interface Entry {
  /** Of the key. */
  readonly offset: number;
  readonly value: Tree;
  /** The path as it is written, where an older spelling or a flag was read as another key. */
  readonly was?: string | undefined;
}

export type Path = readonly (string | number)[];

/** Something wrong, on its way to become a Problem. */
export interface Finding {
  /** In the text; NOWHERE for values that have no text. */
  readonly offset: number;
  readonly path: string;
  readonly message: string;
}

/** A part of the file that is to be checked, and where it stands. */
export interface Place {
  /** Absent when the file says nothing here. */
  readonly tree: Tree | undefined;
  readonly path: string;
  /** The way from the root in the newest spelling; absent where nothing older can stand. */
  readonly keys?: readonly string[];
  /** Where to point at when there is nothing to point at. */
  readonly offset: number;
  /** Keys that are allowed here beside the schema's own; for suggestions. */
  readonly otherKeys?: readonly string[];
}

/** The offset of values that were not read from a text. */
export const NOWHERE = -1;

/** What a path leads to: the node if there is one, the nearest place that exists, and the path as the user wrote it. */
export interface Found {
  readonly node: Tree | undefined;
  readonly offset: number;
  readonly path: string;
}

/** Walks `path` from a place. */
export function find(from: Place, path: Path): Found {
  let node = from.tree;
  let offset = node === undefined ? from.offset : placeOf(node, from.offset);
  let written = from.path;
  for (const step of path) {
    const entry: Entry | undefined = node?.kind === "table" ? node.entries.get(String(step)) : undefined;
    const item: Tree | undefined = node?.kind === "list" && typeof step === "number" ? node.items[step] : undefined;
    written = entry?.was ?? join(written, step);
    node = entry?.value ?? item;
    offset = entry === undefined ? item?.offset ?? offset : placeOf(entry.value, entry.offset);
  }
  return { node, offset, path: written };
}

/** Lists and mappings are pointed at by their key, as they often begin on another line, and so is what is empty. */
function placeOf(tree: Tree, keyOffset: number): number {
  return tree.kind === "scalar" && tree.value !== null ? tree.offset : keyOffset;
}

/** `agents.a.tools[0]`; keys that would be misread are quoted: `llms["gpt-4.1"]`. */
export function join(path: string, step: string | number): string {
  if (typeof step === "number") return `${path}[${step}]`;
  if (!/^[\w/@:-]{1,64}$/.test(step)) return `${path}[${quote(step)}]`;
  return path === "" ? step : `${path}.${step}`;
}

/** A text as it is shown to people: in quotes, on one line, not too long. */
export function quote(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 57)}…` : text);
}

/** A tree of a plain value, for configurations that have no text. Strings count as retypable: flags are all strings. */
export function treeOf(value: unknown): Tree {
  if (Array.isArray(value)) return { kind: "list", offset: NOWHERE, items: value.map(treeOf) };
  if (typeof value === "object" && value !== null) {
    return tableOf(Object.entries(value).map(([key, member]) => ({ key, value: treeOf(member) })));
  }
  if (typeof value === "string") return { kind: "scalar", offset: NOWHERE, value, retypable: true };
  return {
    kind: "scalar",
    offset: NOWHERE,
    value: typeof value === "number" || typeof value === "boolean" ? value : null,
  };
}

/** A table of members that have no text; `was` is what stands for their path in errors. */
export function tableOf(
  members: readonly { readonly key: string; readonly value: Tree; readonly was?: string }[],
): Table {
  const entries = members.map(({ key, value, was }): [string, Entry] => [key, { offset: NOWHERE, value, was }]);
  return { kind: "table", offset: NOWHERE, entries: new Map(entries) };
}

/** JSON has no symbols as keys. */
export function toPath(path: readonly PropertyKey[]): Path {
  return path.map((step) => typeof step === "symbol" ? String(step) : step);
}
