import { check } from "./check.ts";
import { DocumentStoreSection } from "./document_store_section.ts";
import { Name } from "./names.ts";
import { defaultOf, pluggedIn } from "./plugin_section.ts";
import { namedParts, type Resolution } from "./resolution.ts";
import type { Place } from "./tree.ts";

/** Reads the declared document stores; their names, of those that are wrong, too. */
export function resolveDocumentStores(
  section: Place,
  { tables, documentStores, findings }: Resolution,
): readonly string[] {
  const declared: string[] = [];
  const fallback = defaultOf(tables.documentSources);
  for (const [name, place] of namedParts(section, Name, findings)) {
    declared.push(name);
    check(DocumentStoreSection, place, findings);
    const parts = { table: tables.documentSources, key: "source", common: DocumentStoreSection, fallback };
    const plugged = pluggedIn(parts, place, findings);
    if (plugged !== undefined) documentStores.set(name, { source: plugged.plugin, options: plugged.options });
  }
  return declared;
}
