import { referencesIn } from "./interpolate.ts";
import { readYaml } from "./read_yaml.ts";
import { join, type Tree } from "./tree.ts";

/** A variable or a file (`file:PATH`) that a text names, and where. */
export interface Reference {
  readonly name: string;
  /** As it is written; an entry of a list counts as any of them. */
  readonly path: string;
}

/**
 * What `after` names that `before` does not name in the same place. Whoever may write a configuration but not see the
 * machine could else have its environment and its files told: by a description on a card, by a prompt, by an answer. A
 * name that is there already counts where it is only, for the same reason.
 */
export function newReferences(before: string, after: string): readonly Reference[] {
  if (!after.includes("$")) return [];
  const known = new Set(referencesOf(before).map(identityOf));
  return referencesOf(after).filter((reference) => !known.has(identityOf(reference)));
}

function identityOf({ name, path }: Reference): string {
  return JSON.stringify([path, name]);
}

/** Before any older spelling is read as a newer one: what that makes of a text may depend on the text. */
function referencesOf(text: string): readonly Reference[] {
  const { tree } = readYaml(text.startsWith("\uFEFF") ? text.slice(1) : text);
  return tree === undefined ? [] : [...referencesBelow(tree, "")];
}

function* referencesBelow(tree: Tree, path: string): Generator<Reference, void, undefined> {
  switch (tree.kind) {
    case "scalar":
      if (typeof tree.value === "string") yield* referencesIn(tree.value).map((name) => ({ name, path }));
      break;
    case "list":
      for (const item of tree.items) yield* referencesBelow(item, `${path}.*`);
      break;
    case "table":
      for (const [key, { value }] of tree.entries) yield* referencesBelow(value, join(path, key));
      break;
    default:
      tree satisfies never;
  }
}
