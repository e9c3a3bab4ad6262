import type { ConfigSource, SourceFlags } from "../config/sources/source.ts";
import { PLUGINS } from "../plugins.ts";
import { PROCESS_TIMERS } from "../server/timers.ts";

/** The source of this type (default: the first there is), as flags and environment say; undefined for no type. Throws SourceError. */
export function openSource(
  type: string | undefined,
  flags: SourceFlags,
  directory: string,
): ConfigSource | undefined {
  const [first] = PLUGINS.sources.keys();
  const plugin = PLUGINS.sources.get(type ?? first ?? "");
  return plugin?.create(plugin.options.parse(plugin.fromFlags(flags)), {
    directory,
    standardInput: Deno.stdin.readable,
    timers: PROCESS_TIMERS,
    random: Math.random,
  });
}
