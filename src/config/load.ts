import type { Config } from "./config.ts";
import { ConfigError, type Position, type Problem } from "./config_error.ts";
import { type Env, interpolate } from "./interpolate.ts";
import { readOlderSpellings } from "./older_spellings.ts";
import type { PluginTables } from "./plugin_tables.ts";
import { readYaml } from "./read_yaml.ts";
import { resolve } from "./resolve.ts";
import type { Finding, Tree } from "./tree.ts";

export interface LoadRequest {
  /** YAML 1.2 or JSON. */
  readonly text: string;
  /** What to call it in errors: the path as the user wrote it, or `-`. */
  readonly file: string;
  /** The process environment, with what `.env` files add. */
  readonly env: Env;
  readonly tables: PluginTables;
  /** Absolute folder at which relative paths begin. */
  readonly baseDir: string;
}

/** Text → Config. Throws ConfigError with everything that is wrong; never anything else, whatever the text. */
export function loadConfig({ text, file, env, tables, baseDir }: LoadRequest): Config {
  const source = text.startsWith("\uFEFF") ? text.slice(1) : text;
  const read = readYaml(source);
  const fail = (findings: readonly Finding[]): never => {
    throw new ConfigError(toProblems(findings, file, source));
  };
  if (read.tree === undefined) return fail(read.findings);
  const interpolated = interpolate(read.tree, env);
  const findings = [...read.findings, ...interpolated.findings];
  return finishConfig(interpolated.tree, { env, tables, baseDir }, findings) ?? fail(findings);
}

/** The second half: from a tree whose variables are replaced to the Config; undefined if there are findings. */
export function finishConfig(
  tree: Tree,
  { env, tables, baseDir }: Pick<LoadRequest, "env" | "tables" | "baseDir">,
  findings: Finding[],
): Config | undefined {
  const { tree: root, findings: older } = readOlderSpellings(tree);
  findings.push(...older);
  if (root.kind !== "table") {
    findings.push({ offset: root.offset, path: "", message: "found no mapping, expected keys such as agents" });
    return undefined;
  }
  return resolve(
    { tables, env, findings, root, llms: new Map(), tools: new Map(), documentStores: new Map() },
    baseDir,
  );
}

function toProblems(findings: readonly Finding[], file: string, text: string): readonly Problem[] {
  const last = findings.reduce((most, { offset }) => Math.max(most, offset), 0);
  const lineStarts = [0];
  for (let at = text.indexOf("\n"); at !== -1 && at < last; at = text.indexOf("\n", at + 1)) lineStarts.push(at + 1);
  return findings.map(({ offset, path, message }) => ({
    file,
    position: positionOf(offset, lineStarts),
    path,
    message,
  }));
}

function positionOf(offset: number, lineStarts: readonly number[]): Position {
  let low = 0;
  let high = lineStarts.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((lineStarts[middle] ?? 0) <= offset) low = middle;
    else high = middle;
  }
  return { line: low + 1, column: Math.max(0, offset) - (lineStarts[low] ?? 0) + 1 };
}
