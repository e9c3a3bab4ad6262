import type { z } from "zod";
import type { DocumentStoreConfig, LlmConfig, ToolConfig } from "./config.ts";
import type { Env } from "./interpolate.ts";
import type { PluginTables } from "./plugin_tables.ts";
import { type Finding, join, type Place, quote, type Table, type Tree } from "./tree.ts";

/** One file on its way to a Config: what is known, what was made so far, and what is wrong. */
export interface Resolution {
  readonly tables: PluginTables;
  readonly env: Env;
  readonly findings: Finding[];
  readonly root: Table;
  readonly llms: Map<string, LlmConfig>;
  readonly tools: Map<string, ToolConfig>;
  readonly documentStores: Map<string, DocumentStoreConfig>;
}

/** What stands under a key of a table. */
export function placeIn(parent: Place, key: string): Place {
  const entry = parent.tree?.kind === "table" ? parent.tree.entries.get(key) : undefined;
  return {
    tree: entry?.value,
    path: entry?.was ?? join(parent.path, key),
    keys: [...parent.keys ?? [], key],
    offset: entry?.offset ?? parent.offset,
  };
}

/** The parts of a section that maps names to parts; a name that cannot be one is a finding. */
export function* namedParts(section: Place, name: z.ZodType, findings: Finding[]): Iterable<readonly [string, Place]> {
  const { tree, path } = section;
  if (tree === undefined || (tree.kind === "scalar" && tree.value === null)) return;
  if (tree.kind !== "table") {
    findings.push({ offset: tree.offset, path, message: `found ${KINDS[tree.kind]}, expected a mapping of names` });
    return;
  }
  for (const key of tree.entries.keys()) {
    const part = placeIn(section, key);
    const result = name.safeParse(key);
    if (result.success) {
      yield [key, part];
    } else {
      const expected = result.error.issues.map((issue) => issue.message).join(" and ");
      findings.push({ offset: part.offset, path: part.path, message: `found ${quote(key)}, expected ${expected}` });
    }
  }
}

const KINDS = { scalar: "a single value", list: "a list" } as const;

/** A text in the file, with its place; undefined for anything else, which a schema complains about. */
export interface Text {
  readonly text: string;
  readonly tree: Tree;
  readonly offset: number;
  readonly path: string;
}

export function textAt({ tree, path }: Place): Text | undefined {
  if (tree?.kind !== "scalar" || typeof tree.value !== "string" || tree.reported || tree.value === "") return undefined;
  return { text: tree.value, tree, offset: tree.offset, path };
}

/** The texts of a list. */
export function textsAt({ tree, path }: Place): readonly Text[] {
  if (tree?.kind !== "list") return [];
  return tree.items.flatMap((item, at) => textAt({ tree: item, path: join(path, at), offset: item.offset }) ?? []);
}
