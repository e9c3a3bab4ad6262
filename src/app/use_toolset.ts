import { resolve } from "node:path";
import type { Config } from "../config/config.ts";
import { identityOf } from "../config/revision.ts";
import { PLUGINS } from "../plugins.ts";
import { PROCESS_TIMERS } from "../server/timers.ts";
import type { Toolset } from "../tool/tool.ts";
import { lateFetch } from "./late_fetch.ts";
import { pick } from "./pick.ts";
import type { Runtime } from "./runtime.ts";
import type { SharedPart, SharedParts } from "./shared_parts.ts";

interface ToolsetParts {
  readonly config: Config;
  readonly runtime: Runtime;
  readonly toolsets: SharedParts<Toolset>;
}

/** The toolsets that agents of the configuration name: one for all that name it, and for all revisions that say the same. */
export function useToolsets({ config, runtime, toolsets }: ToolsetParts): Map<string, SharedPart<Toolset>> {
  const named = new Set([...config.agents.values()].flatMap(({ tools }) => tools));
  const { base_dir: baseDir } = config;
  const textsOf = (files: ReadonlyMap<string, string> = new Map()) =>
    new Map([...files].flatMap(([path, digest]) => {
      const text = runtime.texts?.get(digest);
      return text === undefined ? [] : [[resolve(baseDir, path), text] as const];
    }));
  return new Map([...named].flatMap((name) => {
    const { type, options, replay, files } = pick(config.tools, name);
    const plugin = PLUGINS.toolsets.get(type);
    if (plugin === undefined) return [];
    const create = () =>
      plugin.create(options, { ...runtime, ...PROCESS, name, baseDir, replay, files: textsOf(files) });
    return [[name, toolsets.use(identityOf({ name, type, options, baseDir, replay, files }), create)] as const];
  }));
}

const PROCESS = {
  openFetch: lateFetch,
  timers: PROCESS_TIMERS,
  random: Math.random,
};
