import { z } from "zod";
import type { Candidate } from "../app/house.ts";
import { PLUGIN_TABLES } from "../app/runtime.ts";
import { withToolFiles } from "../app/tool_files.ts";
import { loadConfig } from "../config/load.ts";
import type { JsonObject } from "../lib/json.ts";
import type { Arguments } from "./arguments.ts";
import type { Surroundings } from "./command.ts";
import { readEnv } from "./read_env.ts";
import { secretFiles } from "./secret_files.ts";
import { withFlags } from "./with_flags.ts";

/** What is kept of a configuration. */
const Content = z.object({
  base_dir: z.string(),
  pieces: z.array(z.object({ file: z.string(), text: z.string() })),
  /** As the tools' files were; absent: as they are. */
  tool_files: z.array(z.object({ path: z.string(), text: z.string() })).optional(),
});

/** A configuration that was read again, with the environment it was read in and the files it was read from. */
export interface Reread extends Candidate {
  readonly env: (name: string) => string | undefined;
  readonly files: readonly string[];
}

/** Reads a configuration from what is kept of it, with these flags and with the environment as it is then. Throws ConfigError. */
export function rereaderOf(
  args: Arguments,
  surroundings: Surroundings,
): (content: JsonObject) => Promise<Reread> {
  return async (content) => {
    const { base_dir: baseDir, pieces, tool_files: kept } = Content.parse(content);
    const { env, files } = await readEnv([baseDir, surroundings.cwd], surroundings);
    const secrets = secretFiles(baseDir);
    const config = loadConfig({ pieces, baseDir, env, readText: secrets.readText, tables: PLUGIN_TABLES });
    const { config: whole, files: toolFiles, texts, paths } = withToolFiles(withFlags(config, args), kept);
    const known = toolFiles.map(({ path, text }) => ({ path, text }));
    return {
      config: whole,
      content: known.length === 0 ? content : { ...content, tool_files: known },
      texts,
      env,
      files: [...files, ...secrets.paths, ...paths],
    };
  };
}
