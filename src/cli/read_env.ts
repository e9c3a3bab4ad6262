import { resolve } from "node:path";
import { toLine } from "../config/config_error.ts";
import { readDotenv } from "../config/dotenv.ts";
import type { Surroundings } from "./command.ts";

/** The environment, with what `.env` files in these folders add. */
export async function readEnv(directories: readonly string[], { env, terminal }: Surroundings) {
  const read = async (path: string) => {
    try {
      return await Deno.readTextFile(path);
    } catch (thrown) {
      if (thrown instanceof Deno.errors.NotFound || thrown instanceof Deno.errors.NotADirectory) return undefined;
      throw thrown;
    }
  };
  const dotenv = await readDotenv({ directories: directories.map((directory) => resolve(directory)), read, env });
  for (const problem of dotenv.problems) terminal.err(`${toLine(problem)}\n`);
  return { env: dotenv.env, files: dotenv.files };
}
