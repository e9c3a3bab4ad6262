import { stringify } from "./yaml.ts";
import type { Scalar, Table, Tree } from "./tree.ts";

const VERSION = "version";

/**
 * A tree as YAML in the newest spelling: it loads again to the same Config. Variables stand in it as they were written,
 * so no secret out of one does. Defaults that the file does not say are not in it, nor are comments.
 */
export function canonicalYaml(tree: Tree): string {
  const root = tree.kind === "table" ? withVersion(tree) : tree;
  // Lines are not folded: a folded line is no longer found by a search.
  return stringify(toValue(root), { version: "1.2", schema: "core", lineWidth: 0, aliasDuplicateObjects: false });
}

/** The generation stands first. */
function withVersion(root: Table): Table {
  const entries = new Map(root.entries);
  entries.delete(VERSION);
  const value: Scalar = { kind: "scalar", offset: root.offset, value: "2" };
  return { ...root, entries: new Map([[VERSION, { offset: root.offset, value }], ...entries]) };
}

/** Maps, because a key could be the name of something that objects have. */
function toValue(tree: Tree): unknown {
  switch (tree.kind) {
    case "scalar":
      return tree.written ?? (typeof tree.value === "string" ? escaped(tree.value) : tree.value);
    case "list":
      return tree.items.map(toValue);
    case "table":
      return new Map([...tree.entries].map(([key, { value }]) => [key, toValue(value)]));
  }
}

/** What was never read for variables must not be when it is read again. */
function escaped(text: string): string {
  return /^\$+[A-Z_][A-Z0-9_]*$/.test(text) ? `$${text}` : text.split("${").join("$${");
}
