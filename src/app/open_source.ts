import type { ConfigSource, SourceFlags } from "../config/sources/source.ts";
import { READ_ONCE } from "../lib/plugin.ts";
import { SettingError } from "../lib/setting_error.ts";
import { PLUGINS } from "../plugins.ts";
import { PROCESS_TIMERS } from "../server/timers.ts";

export interface SourceNamed extends Omit<SourceFlags, "paths"> {
  /** What `--config` names: a key, or files and folders with commas between. */
  readonly path: string;
}

/** The source of this type (default: the first there is), as flags and environment say; undefined for no type. Throws SourceError, SettingError. */
export async function openSource(
  type: string | undefined,
  { path, ...flags }: SourceNamed,
  directory: string,
): Promise<ConfigSource | undefined> {
  const [first] = PLUGINS.sources.keys();
  const plugin = await PLUGINS.sources.get(type ?? first ?? "")?.();
  if (plugin === undefined) return undefined;
  const paths = plugin.mergesPlaces === true ? placesOf(path) : [path];
  const options = plugin.options().safeParse(plugin.fromFlags({ ...flags, paths }), READ_ONCE);
  if (!options.success) throw new SettingError(`Cannot use --config-type ${type}: ${told(options.error.issues)}`);
  return plugin.create(options.data, {
    directory,
    standardInput: Deno.stdin.readable,
    timers: PROCESS_TIMERS,
    random: Math.random,
  });
}

/** The flag or the variables by which an option was given. */
const FLAGS: ReadonlyMap<PropertyKey, string> = new Map([
  ["endpoints", "--config-endpoints"],
  ["tls", "HECTOR_CONFIG_CA, HECTOR_CONFIG_CERT and HECTOR_CONFIG_KEY"],
  ["username", "HECTOR_CONFIG_USERNAME"],
  ["password", "HECTOR_CONFIG_PASSWORD"],
  ["token", "HECTOR_CONFIG_TOKEN"],
]);

function told(issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[]): string {
  const where = (option?: PropertyKey) => option === undefined ? "" : `${FLAGS.get(option) ?? "--config"}: `;
  return issues.map(({ path: [option], message }) => `${where(option)}${message}`).join("; ");
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
