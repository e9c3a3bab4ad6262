import { openSource } from "../app/open_source.ts";
import type { ConfigSource, SourceFlags } from "../config/sources/source.ts";
import type { JsonObject } from "../lib/json.ts";
import type { SourceNews } from "../app/reloader.ts";
import { type Arguments, type Flags, UsageError } from "./arguments.ts";

/** Where the configuration comes from, and whether it is looked at again. */
export const SOURCE_FLAGS: Flags = {
  "config-type": {
    type: "string",
    value: "TYPE",
    env: "HECTOR_CONFIG_TYPE",
    help: "Where --config is: file (default), consul, etcd or zookeeper",
  },
  "config-endpoints": {
    type: "string",
    value: "LIST",
    env: "HECTOR_CONFIG_ENDPOINTS",
    help: "Servers of that backend, comma between",
  },
};

export interface SourceRequest {
  /** What `--config` names: a key, or files and folders with commas between. */
  readonly path: string;
  readonly cwd: string;
  readonly env: SourceFlags["env"];
}

/** The source that the command line names. Throws UsageError, SourceError. */
export async function sourceOf(
  { strings }: Arguments,
  { path, cwd, env }: SourceRequest,
): Promise<ConfigSource> {
  const endpoints = (strings.get("config-endpoints") ?? "").split(",").map((text) => text.trim()).filter(Boolean);
  const type = strings.get("config-type");
  const source = await openSource(type, { path, endpoints, env }, cwd);
  if (source === undefined) {
    throw new UsageError(`Flag "--config-type" takes file, consul, etcd or zookeeper: found "${type}"`);
  }
  return source;
}

/** What is kept of a configuration: enough to read it again. */
export function contentOf(
  pieces: readonly { readonly file: string; readonly text: string }[],
  baseDir: string,
): JsonObject {
  return { base_dir: baseDir, pieces: pieces.map(({ file, text }) => ({ file, text })) };
}

/** What a source comes to hold after the version that is known, until `signal` aborts. */
export async function* newsOf(
  source: ConfigSource,
  version: string | undefined,
  signal: AbortSignal,
): AsyncGenerator<SourceNews> {
  for await (const change of source.watch(version, signal)) {
    switch (change.kind) {
      case "changed":
        yield { kind: "changed", content: contentOf(change.text.pieces, source.baseDir) };
        break;
      case "trouble":
        yield { kind: "trouble", failure: change.error.failure, reason: change.error.message };
        break;
      case "recovered":
        yield { kind: "recovered" };
        break;
      default:
        change satisfies never;
    }
  }
}
