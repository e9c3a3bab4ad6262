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
 * Where a change of what `path` leads to can begin: its own entry and that of its folder, each symbolic link on the way
 * to it, and what is missing on the way. Kubernetes swaps the link `..data`, git-sync the link of a whole folder; neither
 * touches the file.
 */
export async function watchPoints(path: string): Promise<readonly WatchPoint[]> {
  const points: WatchPoint[] = [];
  let folder = "/";
  let steps = parts(path);
  for (let links = 0; links <= MAX_LINKS;) {
    const [name, ...rest] = steps;
    if (name === undefined) break;
    const step = name === ".." ? "folder" : await lookAt(join(folder, name));
    if (step !== "folder" || (rest.length <= 1 && name !== "..")) points.push({ folder, name });
    if (step === "missing") break;
    if (step === "folder") {
      folder = name === ".." ? dirname(folder) : join(folder, name);
      steps = rest;
      continue;
    }
    links++;
    steps = [...parts(step.target), ...rest];
    if (step.target.startsWith("/")) folder = "/";
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

/** What is no link is a folder, or the file at the end of the way. */
async function lookAt(path: string): Promise<"missing" | "folder" | { readonly target: string }> {
  try {
    const { isSymlink } = await Deno.lstat(path);
    return isSymlink ? { target: await Deno.readLink(path) } : "folder";
  } catch {
    return "missing";
  }
}
