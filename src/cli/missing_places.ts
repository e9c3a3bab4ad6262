import { resolve } from "node:path";
import { PLUGIN_TABLES } from "../app/runtime.ts";
import type { Config } from "../config/config.ts";
import { join } from "../config/tree.ts";

/** A folder or a file that the configuration names and that is not there. */
export interface MissingPlace {
  readonly kind: "documents" | "tool";
  /** `document_stores.handbook` */
  readonly path: string;
  /** As it is written. */
  readonly named: string;
}

/**
 * The folders of documents and the files of tools that are not there: a server starts all the same, for they may come
 * while it runs.
 */
export async function missingPlaces({ document_stores, tools, base_dir }: Config): Promise<readonly MissingPlace[]> {
  const missing: MissingPlace[] = [];
  for (const [name, { source, options }] of document_stores) {
    const reach = PLUGIN_TABLES.documentSources.get(source)?.reach?.(options);
    for (const named of reach?.folders ?? []) {
      if (!await isFolder(resolve(base_dir, named))) {
        missing.push({ kind: "documents", path: join("document_stores", name), named });
      }
    }
  }
  for (const [name, { type, options }] of tools) {
    PLUGIN_TABLES.tools.get(type)?.files?.(options, (named) => {
      if (!isFile(resolve(base_dir, named))) missing.push({ kind: "tool", path: join("tools", name), named });
      return undefined;
    });
  }
  return missing;
}

export async function isFolder(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isDirectory;
  } catch {
    return false;
  }
}

function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}
