import { relative, resolve } from "node:path";
import type { Config, ToolConfig } from "../config/config.ts";
import { identityOf } from "../config/revision.ts";
import { sha256 } from "../lib/sha256.ts";
import { PLUGINS } from "../plugins.ts";

/** Longer than a file that somebody wrote by hand. */
const MAX_BYTES = 1024 * 1024;

/** A file that tools are made of. */
export interface ToolFile {
  /** From the folder of the configuration on. */
  readonly path: string;
  readonly text: string;
}

export interface WithToolFiles {
  /** Its tools know what their files hold. */
  readonly config: Config;
  readonly files: readonly ToolFile[];
  /** By SHA-256, in hex. */
  readonly texts: ReadonlyMap<string, string>;
  /** Absolute paths of all files that were asked for, of missing ones, too. */
  readonly paths: readonly string[];
}

/**
 * The configuration together with the files of its tools: as they were when it was kept, else as they are. One that cannot
 * be read is left out; its tool says why when it is used.
 */
export function withToolFiles(config: Config, kept?: readonly ToolFile[]): WithToolFiles {
  const { base_dir: baseDir } = config;
  const known = kept && new Map(kept.map(({ path, text }) => [path, text]));
  const files = new Map<string, ToolFile>();
  const texts = new Map<string, string>();
  const paths = new Set<string>();
  const digestsOf = ({ type, options }: ToolConfig) => {
    const digests = new Map<string, string>();
    PLUGINS.toolsets.get(type)?.files?.(options, (named) => {
      const absolute = resolve(baseDir, named);
      const path = relative(baseDir, absolute);
      paths.add(absolute);
      const text = known === undefined ? readSmall(absolute) : known.get(path);
      if (text === undefined) return undefined;
      const digest = sha256(text, "hex");
      files.set(path, { path, text });
      texts.set(digest, text);
      digests.set(path, digest);
      return text;
    });
    return digests;
  };
  const tools = new Map([...config.tools].map(([name, tool]) => {
    const digests = [...digestsOf(tool)].sort(([one], [other]) => one < other ? -1 : 1);
    return [name, { ...tool, files: digests.length === 0 ? undefined : new Map(digests) }];
  }));
  return { config: { ...config, tools }, files: [...files.values()], texts, paths: [...paths] };
}

/** A text that two configurations share if the files of their tools hold the same. */
export function filesIdentity({ tools }: Config): string {
  return identityOf([...tools.values()].map(({ files }) => files));
}

function readSmall(path: string): string | undefined {
  try {
    const { isFile, size } = Deno.statSync(path);
    return isFile && size <= MAX_BYTES ? Deno.readTextFileSync(path) : undefined;
  } catch {
    return undefined;
  }
}
