import { resolve } from "node:path";
import { PLUGIN_TABLES } from "../app/runtime.ts";
import type { Config } from "../config/config.ts";
import { join } from "../config/tree.ts";

/** A folder that the configuration names and that is not there. */
export interface MissingFolder {
  /** `document_stores.handbook` */
  readonly path: string;
  /** As it is written. */
  readonly folder: string;
}

/** The folders of documents that are not there: a server starts all the same, for they may come while it runs. */
export async function missingFolders({ document_stores, base_dir }: Config): Promise<readonly MissingFolder[]> {
  const missing: MissingFolder[] = [];
  for (const [name, { source, options }] of document_stores) {
    const reach = PLUGIN_TABLES.documentSources.get(source)?.reach?.(options);
    for (const folder of reach?.folders ?? []) {
      if (!await isFolder(resolve(base_dir, folder))) missing.push({ path: join("document_stores", name), folder });
    }
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
