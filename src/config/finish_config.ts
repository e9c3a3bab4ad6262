import type { Config } from "./config.ts";
import type { Env } from "./interpolate.ts";
import type { PluginTables } from "./plugin_tables.ts";
import { resolve } from "./resolve.ts";
import type { Finding, Tree } from "./tree.ts";

export interface FinishRequest {
  /** The process environment, with what `.env` files add. */
  readonly env: Env;
  readonly tables: PluginTables;
  /** Absolute folder at which relative paths begin. */
  readonly baseDir: string;
}

/** The second half of loadConfig: from a tree in the newest spelling to the Config; undefined if there are findings. */
export function finishConfig(
  root: Tree,
  { env, tables, baseDir }: FinishRequest,
  findings: Finding[],
): Config | undefined {
  if (root.kind !== "table") {
    findings.push({ offset: root.offset, path: "", message: "found no mapping, expected keys such as agents" });
    return undefined;
  }
  return resolve(
    { tables, env, findings, root, llms: new Map(), tools: new Map(), documentStores: new Map() },
    baseDir,
  );
}
