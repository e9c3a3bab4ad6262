import { join } from "node:path";
import { globList } from "../../lib/glob.ts";
import { DENIED_PATHS } from "../../tool/denied_paths.ts";
import { errorCode } from "../../tool/file_refusal.ts";

/** What belongs to a directory store. Plain data: it travels to a worker. */
export interface DirectorySettings {
  /** Absolute and free of symbolic links. */
  readonly root: string;
  /** Globs; empty means every file. */
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  /** The server's own files, relative to `root`. */
  readonly own: readonly string[];
  readonly maxFileBytes: number;
  readonly maxFiles: number;
  readonly maxTotalBytes: number;
}

export interface FoundFile {
  /** Relative to the root, "/" between names. */
  readonly path: string;
  readonly sizeBytes: number;
  readonly mtimeMs: number;
  readonly inode: number | null;
}

/**
 * The files of a directory, in the order of their names. Symbolic links are passed by: what they lead to is either here
 * already or not ours to show. A folder that cannot be read is passed by too, but not the root. Holds its thread.
 */
export function* directoryFiles({ root, include, exclude, own }: DirectorySettings): Iterable<FoundFile> {
  const isExcluded = globList(exclude);
  const isSecret = globList(DENIED_PATHS);
  const isIncluded = include.length === 0 ? () => true : globList(include);
  const isLeftOut = (path: string) => isSecret(path) || own.includes(path) || isExcluded(path);
  const walk = function* (folder: string): Iterable<FoundFile> {
    for (const entry of entriesOf(join(root, folder), folder === "")) {
      const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
      if (isLeftOut(path)) continue;
      if (entry.isDirectory) yield* walk(path);
      else if (entry.isFile && isIncluded(path)) yield* describe(root, path);
    }
  };
  yield* walk("");
}

function entriesOf(folder: string, isRoot: boolean): Deno.DirEntry[] {
  try {
    return [...Deno.readDirSync(folder)].sort((a, b) => a.name < b.name ? -1 : 1);
  } catch (thrown) {
    if (isRoot || errorCode(thrown) === undefined) throw thrown;
    return [];
  }
}

function* describe(root: string, path: string): Iterable<FoundFile> {
  try {
    const { isFile, size: sizeBytes, mtime, ino: inode } = Deno.lstatSync(join(root, path));
    if (isFile) yield { path, sizeBytes, mtimeMs: mtime?.getTime() ?? 0, inode };
  } catch (thrown) {
    // Gone since the folder was read.
    if (errorCode(thrown) === undefined) throw thrown;
  }
}
