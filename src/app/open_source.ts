import type { ConfigSource, SourceFlags } from "../config/sources/source.ts";
import { PLUGINS } from "../plugins.ts";
import { PROCESS_TIMERS } from "../server/timers.ts";

export interface SourceNamed extends Omit<SourceFlags, "paths"> {
  /** What `--config` names: a key, or files and folders with commas between. */
  readonly path: string;
}

/** The source of this type (default: the first there is), as flags and environment say; undefined for no type. Throws SourceError. */
export async function openSource(
  type: string | undefined,
  { path, ...flags }: SourceNamed,
  directory: string,
): Promise<ConfigSource | undefined> {
  const [first] = PLUGINS.sources.keys();
  const plugin = await PLUGINS.sources.get(type ?? first ?? "")?.();
  if (plugin === undefined) return undefined;
  const paths = plugin.mergesPlaces === true ? placesOf(path) : [path];
  return plugin.create(plugin.options.parse(plugin.fromFlags({ ...flags, paths })), {
    directory,
    standardInput: Deno.stdin.readable,
    timers: PROCESS_TIMERS,
    random: Math.random,
  });
}

/** A file whose name has a comma is one all the same. */
function placesOf(path: string): readonly string[] {
  return exists(path) ? [path] : path.split(",").map((part) => part.trim()).filter(Boolean);
}

function exists(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch {
    return false;
  }
}
