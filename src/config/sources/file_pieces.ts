import { join, resolve } from "node:path";
import { ConfigError } from "../config_error.ts";
import { readConfigFile, STANDARD_INPUT } from "./file.ts";
import type { ConfigPiece } from "./source.ts";

/** What may stand in a folder of configurations. Files with a dot before their name are nobody's (`..data`, `.swp`). */
export const CONFIG_NAME = /^[^.].*\.(ya?ml|json)$/;
const MAX_FILES = 1_000;
const MAX_TOTAL_LENGTH = 4_194_304;

export interface FilePlaces {
  /** Files, folders, or `-`, as they were given. */
  readonly paths: readonly string[];
  /** Absolute folder at which they begin. */
  readonly directory: string;
  readonly standardInput: ReadableStream<Uint8Array>;
  /** Texts that can be read only once: the standard input, and pipes that the shell made. Filled by reading. */
  readonly once: Map<string, ConfigPiece>;
}

/** The texts, in the order of the paths; a folder stands for its *.yaml, *.yml and *.json by name. Throws ConfigError. */
export async function readFilePieces(places: FilePlaces): Promise<readonly ConfigPiece[]> {
  const pieces: ConfigPiece[] = [];
  for (const path of places.paths) {
    const names = path === STANDARD_INPUT ? undefined : await namesIn(resolve(places.directory, path));
    if (names?.length === 0) refuse(path, "it holds no *.yaml, *.yml or *.json");
    if (names !== undefined && names.length > MAX_FILES) refuse(path, `it holds more than ${MAX_FILES} files`);
    for (const file of names?.map((name) => join(path, name)) ?? [path]) pieces.push(await readPiece(file, places));
    if (pieces.reduce((sum, { text }) => sum + text.length, 0) > MAX_TOTAL_LENGTH) {
      refuse(path, "all files together are larger than 4 MiB");
    }
  }
  return pieces;
}

async function readPiece(path: string, places: FilePlaces): Promise<ConfigPiece> {
  const { directory, standardInput, once } = places;
  const known = once.get(path);
  if (known !== undefined) return known;
  const isOnce = path === STANDARD_INPUT || await isPipe(resolve(directory, path));
  const { text, file, path: absolute } = await readConfigFile({ path, directory, standardInput });
  const piece = { text, file, ...(absolute === undefined ? {} : { path: absolute }) };
  if (isOnce) once.set(path, piece);
  return piece;
}

/** The names of a folder's configurations; undefined for what is no folder. */
async function namesIn(absolute: string): Promise<string[] | undefined> {
  if (!(await statOf(absolute))?.isDirectory) return undefined;
  const names: string[] = [];
  for await (const { name } of Deno.readDir(absolute)) {
    if (CONFIG_NAME.test(name) && !(await statOf(join(absolute, name)))?.isDirectory) names.push(name);
  }
  return names.sort();
}

async function isPipe(absolute: string): Promise<boolean> {
  const stat = await statOf(absolute);
  return stat !== undefined && !stat.isFile && !stat.isDirectory;
}

/** Why something cannot be looked at is said when it is read. */
async function statOf(absolute: string): Promise<Deno.FileInfo | undefined> {
  try {
    return await Deno.stat(absolute);
  } catch {
    return undefined;
  }
}

function refuse(file: string, reason: string): never {
  throw new ConfigError([{ file, path: "", message: `Cannot read the configuration "${file}": ${reason}` }]);
}
