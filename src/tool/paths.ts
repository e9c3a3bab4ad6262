import { join, relative, sep } from "node:path";
import { globList } from "../lib/glob.ts";
import { errorCode, FileRefusal } from "./file_refusal.ts";
import { pathNames } from "./path_names.ts";

/** The part of the disk that a file tool may touch. */
export interface Workspace {
  /** Absolute; need not exist before it is used. */
  readonly root: string;
  /** Globs of what is off limits, read or written. */
  readonly deniedPaths: readonly string[];
  /** Absolute paths of the server's own files and folders. */
  readonly protectedPaths: readonly string[];
  /** With their dot; empty means every extension. */
  readonly allowedExtensions: readonly string[];
  readonly deniedExtensions: readonly string[];
}

/** A file in a workspace, every symbolic link on the way resolved. */
export interface Place {
  /** Absolute. As long as nobody moves things about, no name in it is a symbolic link. */
  readonly real: string;
  /** `real` from the working directory down, "/" between names. */
  readonly inside: string;
  readonly exists: boolean;
}

/**
 * Where `path` is: relative to the working directory, or absolute inside of it. Throws FileRefusal if it, or what its
 * symbolic links lead to, is outside, off limits, or something else than a regular file. A hard link cannot be told from
 * its file: whoever may make hard links in the working directory decides what is in it.
 */
export async function locate(workspace: Workspace, path: string): Promise<Place> {
  const root = await realRoot(workspace.root);
  const names = namesOf(workspace, root, path);
  checkAllowed(workspace, names.join("/"));
  const { real, missing } = await resolveLinks(root, names);
  const inside = relativeInside(root, real);
  if (inside === undefined) throw new FileRefusal("a symbolic link leads out of the working directory");
  const place = {
    real: join(real, ...missing),
    inside: [inside, ...missing].filter((name) => name !== "").join("/"),
    exists: missing.length === 0,
  };
  checkAllowed(workspace, place.inside);
  await checkProtected(workspace, place.real);
  if (place.exists) await checkRegular(place.real);
  return place;
}

/** A folder in a workspace, every symbolic link on the way resolved. */
export interface Folder {
  /** Absolute. */
  readonly real: string;
  /** From the working directory down, "/" between names; empty for the working directory itself. */
  readonly inside: string;
  /** Of the server itself: whether an absolute path, links resolved, is one of its own. */
  readonly isOwn: (real: string) => boolean;
}

/** Where the folder `path` is (`.` for the working directory); undefined if it is a file. Throws FileRefusal as `locate` does. */
export async function locateFolder(workspace: Workspace, path: string): Promise<Folder | undefined> {
  const root = await realRoot(workspace.root);
  const isOwn = await protectedRules(workspace);
  const names = isRoot(path, [workspace.root, root]) ? [] : namesOf(workspace, root, path.replace(/\/+$/, ""));
  const { real, missing } = await resolveLinks(root, names);
  if (missing.length > 0) throw new FileRefusal("there is no such file or directory");
  const inside = relativeInside(root, real);
  if (inside === undefined) throw new FileRefusal("a symbolic link leads out of the working directory");
  if (!(await Deno.lstat(real)).isDirectory) return undefined;
  const rules = accessRules(workspace);
  const reason = inside === "" ? undefined : rules.whyNotFolder(names.join("/")) ?? rules.whyNotFolder(inside);
  if (reason !== undefined) throw new FileRefusal(reason);
  if (isOwn(real)) throw new FileRefusal("it belongs to the server itself");
  return { real, inside, isOwn };
}

function isRoot(path: string, roots: readonly string[]): boolean {
  return /^(\.\/*)?$/.test(path) || roots.includes(path.replace(/(?<=.)\/+$/, ""));
}

function namesOf(workspace: Workspace, root: string, path: string): readonly string[] {
  const roots = [workspace.root, root].map(slashed);
  return pathNames(path, { roots, windows: Deno.build.os === "windows" });
}

/** The path from `root` down to `path` with "/" between names, or undefined if `path` is not below it. */
export function relativeInside(root: string, path: string): string | undefined {
  const base = root.endsWith(sep) ? root : `${root}${sep}`;
  if (path === root) return "";
  return path.startsWith(base) ? slashed(relative(root, path)) : undefined;
}

function slashed(path: string): string {
  return sep === "/" ? path : path.replaceAll(sep, "/");
}

async function realRoot(root: string): Promise<string> {
  try {
    return await Deno.realPath(root);
  } catch (thrown) {
    throw new FileRefusal("the working directory of this tool does not exist or may not be read", { cause: thrown });
  }
}

/** The real path of the deepest part that exists, and the names below it that do not. */
async function resolveLinks(root: string, names: readonly string[]) {
  for (let depth = names.length; depth > 0; depth--) {
    const path = join(root, ...names.slice(0, depth));
    const real = await realPathOf(path);
    if (real !== undefined) return { real, missing: names.slice(depth) };
    if (!await isThere(path)) continue;
    // Made between the two looks, or a link to nothing.
    const made = await realPathOf(path);
    if (made === undefined) throw new FileRefusal("a symbolic link on the way leads nowhere");
    return { real: made, missing: names.slice(depth) };
  }
  return { real: root, missing: names };
}

async function realPathOf(path: string): Promise<string | undefined> {
  try {
    return await Deno.realPath(path);
  } catch (thrown) {
    if (errorCode(thrown) === "ENOENT") return undefined;
    throw thrown;
  }
}

/** Whether something is at `path`, a symbolic link to nothing included. */
async function isThere(path: string): Promise<boolean> {
  try {
    await Deno.lstat(path);
    return true;
  } catch (thrown) {
    if (errorCode(thrown) === "ENOENT") return false;
    throw thrown;
  }
}

function checkAllowed(workspace: Workspace, path: string): void {
  const reason = accessRules(workspace).whyNotFile(path);
  if (reason !== undefined) throw new FileRefusal(reason);
}

/** Why a path (from the working directory down, "/" between names) is off limits; undefined if it is not. */
export interface AccessRules {
  whyNotFile(path: string): string | undefined;
  whyNotFolder(path: string): string | undefined;
}

export function accessRules({ deniedPaths, allowedExtensions, deniedExtensions }: Workspace): AccessRules {
  const isDenied = globList(deniedPaths);
  const whyNotFolder = (path: string) =>
    isDenied(visible(path)) ? "it is off limits for this tool (denied_paths)" : undefined;
  const whyNotExtension = (path: string) => {
    const name = visible(path).toLowerCase();
    if (deniedExtensions.some((extension) => name.endsWith(extension))) {
      return `its extension is not allowed (denied: ${deniedExtensions.join(", ")})`;
    }
    if (allowedExtensions.length > 0 && !allowedExtensions.some((extension) => name.endsWith(extension))) {
      return `its extension is not allowed (allowed: ${allowedExtensions.join(", ")})`;
    }
    return undefined;
  };
  return { whyNotFolder, whyNotFile: (path) => whyNotFolder(path) ?? whyNotExtension(path) };
}

/** Some file systems skip the joiners when they compare names, so `.g<U+200C>it` is `.git` there. */
function visible(path: string): string {
  return path.replace(/\p{Default_Ignorable_Code_Point}/gu, "");
}

async function checkProtected(workspace: Workspace, real: string): Promise<void> {
  if ((await protectedRules(workspace))(real)) throw new FileRefusal("it belongs to the server itself");
}

/** Whether an absolute path, links resolved, is one of the server's own. */
async function protectedRules({ protectedPaths }: Workspace): Promise<(real: string) => boolean> {
  const own = await Promise.all(protectedPaths.map((path) => Deno.realPath(path).catch(() => path)));
  const all = [...own, ...protectedPaths];
  return (real) => all.some((path) => relativeInside(path, real) !== undefined);
}

/** A pipe would block its reader for ever, a device may do anything. */
async function checkRegular(real: string): Promise<void> {
  const { isFile, isDirectory } = await Deno.lstat(real);
  if (isDirectory) throw new FileRefusal("it is a directory");
  if (!isFile) throw new FileRefusal("it is not a regular file");
}
