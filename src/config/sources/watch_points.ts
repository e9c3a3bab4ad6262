import { dirname, join } from "node:path/posix";

/** A name in a folder whose change may mean another text; without a name, any. */
export interface WatchPoint {
  /** Absolute, without links. */
  readonly folder: string;
  readonly name?: string;
}

/** As the kernel has it. */
const MAX_LINKS = 40;

/**
 * Where a change of what `path` leads to can begin: its own entry, and each symbolic link on the way to it. Kubernetes
 * swaps the link `..data`, git-sync the link of a whole folder; neither touches the file.
 */
export async function watchPoints(path: string): Promise<readonly WatchPoint[]> {
  const points: WatchPoint[] = [];
  let folder = "/";
  let steps = parts(path);
  for (let links = 0; links <= MAX_LINKS;) {
    const [name, ...rest] = steps;
    if (name === undefined) break;
    steps = rest;
    const target = name === ".." ? undefined : await linkTarget(join(folder, name));
    if (target !== undefined || (rest.length === 0 && name !== "..")) points.push({ folder, name });
    if (target === undefined) {
      folder = name === ".." ? dirname(folder) : join(folder, name);
      continue;
    }
    links++;
    steps = [...parts(target), ...rest];
    if (target.startsWith("/")) folder = "/";
  }
  return points;
}

/** The points of a folder: any name in it, the links that lead to it, and those that lead out of it. */
export async function folderPoints(path: string): Promise<readonly WatchPoint[]> {
  const points = [...await watchPoints(path)];
  try {
    points.push({ folder: await Deno.realPath(path) });
    for await (const { name, isSymlink } of Deno.readDir(path)) {
      if (isSymlink) points.push(...await watchPoints(join(path, name)));
    }
  } catch {
    // It is gone; the way to it tells when it comes back.
  }
  return points;
}

function parts(path: string): string[] {
  return path.split("/").filter((part) => part !== "" && part !== ".");
}

async function linkTarget(path: string): Promise<string | undefined> {
  try {
    return await Deno.readLink(path);
  } catch {
    return undefined;
  }
}
