import { dirname, resolve } from "node:path";
import { PLUGIN_TABLES } from "../app/runtime.ts";
import { canonicalYaml } from "../config/canonical.ts";
import { ConfigError, type Problem } from "../config/config_error.ts";
import { loadConfig } from "../config/load.ts";
import { readPieces } from "../config/read_pieces.ts";
import { STANDARD_INPUT } from "../config/sources/file.ts";
import { readFilePieces } from "../config/sources/file_pieces.ts";
import type { Surroundings } from "./command.ts";
import { secretFiles } from "./secret_files.ts";
import { readEnv } from "./read_env.ts";
import type { Move, Verdict } from "./verdicts.ts";

/** One file, or one folder whose files are merged. */
export async function readVerdict(path: string, surroundings: Surroundings): Promise<Verdict> {
  const nothing = { file: path, agents: [], problems: [], moves: [] };
  try {
    const { cwd } = surroundings;
    const pieces = await readFilePieces({
      paths: [path],
      directory: cwd,
      standardInput: Deno.stdin.readable,
      once: new Map(),
    });
    const baseDir = await folderOf(path, cwd);
    const { env } = await readEnv([baseDir, cwd], surroundings);
    const { readText } = secretFiles(baseDir);
    const { tree, moves, locate } = readPieces({ pieces, env, readText });
    const told = {
      ...nothing,
      moves: moves.toSorted(byOffset).map((move): Move => ({ ...locate(move.offset), ...move })),
    };
    const problems = problemsOf(() => loadConfig({ pieces, env, readText, baseDir, tables: PLUGIN_TABLES }));
    if (!("agents" in problems)) return { ...told, problems };
    return { ...told, agents: problems.agents, ...(tree === undefined ? {} : { canonical: canonicalYaml(tree) }) };
  } catch (thrown) {
    if (thrown instanceof ConfigError) return { ...nothing, problems: thrown.problems };
    throw thrown;
  }
}

function byOffset(one: { readonly offset: number }, other: { readonly offset: number }): number {
  return one.offset - other.offset;
}

function problemsOf(load: () => ReturnType<typeof loadConfig>): readonly Problem[] | { readonly agents: string[] } {
  try {
    return { agents: [...load().agents.keys()] };
  } catch (thrown) {
    if (thrown instanceof ConfigError) return thrown.problems;
    throw thrown;
  }
}

/** Where relative paths of a configuration begin. */
async function folderOf(path: string, cwd: string): Promise<string> {
  if (path === STANDARD_INPUT) return cwd;
  const absolute = resolve(cwd, path);
  return (await Deno.stat(absolute)).isDirectory ? absolute : dirname(absolute);
}
