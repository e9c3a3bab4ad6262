import { isAbsolute, join, resolve } from "node:path";
import { relativeInside } from "../paths.ts";
import type { Programs } from "./command_rules.ts";

export interface ProgramsOptions {
  /** `PATH` as the server has it. */
  readonly path: string;
  /** Where commands write: no program of theirs may stand in for another. */
  readonly workingFolder: string;
  /** Folders that commands can see; absent: all. */
  readonly visible?: readonly string[];
}

/** The folders of `PATH` in which programs are looked for. */
export function programFolders({ path, workingFolder, visible }: ProgramsOptions): readonly string[] {
  return [...new Set(path.split(":"))].filter((folder) =>
    isAbsolute(folder) && relativeInside(workingFolder, realPath(folder)) === undefined &&
    (visible === undefined || visible.some((each) => relativeInside(each, folder) !== undefined))
  );
}

/** The programs that a command in `cwd` means. */
export function programsIn(folders: readonly string[], cwd: string): Programs {
  return {
    find: (name) => {
      if (name === "" || name === "." || name === "..") return undefined;
      // It may be made by the command before.
      if (name.includes("/")) return resolve(cwd, name);
      return folders.map((folder) => join(folder, name)).find(isProgram);
    },
    real: realPath,
  };
}

function isProgram(path: string): boolean {
  try {
    const { isFile, mode } = Deno.statSync(path);
    return isFile && (mode === null || (mode & 0o111) !== 0);
  } catch {
    return false;
  }
}

function realPath(path: string): string {
  try {
    return Deno.realPathSync(path);
  } catch {
    return path;
  }
}
