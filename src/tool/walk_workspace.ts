import { join } from "node:path";
import { errorCode } from "./file_refusal.ts";
import { accessRules, type Folder, type Workspace } from "./paths.ts";

/** Something in a workspace that a file tool may look at. */
export interface Found {
  /** From the working directory down, "/" between names. */
  readonly path: string;
  readonly isFolder: boolean;
}

export interface Walk {
  /** Levels below the folder; 1 stays in it. */
  readonly depth: number;
  readonly signal: AbortSignal;
}

/**
 * What is in a folder, sorted by name, what is in a folder behind it. Links, special files, and what is off limits are
 * passed over. It says what was there: whoever opens a file has to look again where it leads.
 */
export async function* walkWorkspace(workspace: Workspace, from: Folder, walk: Walk): AsyncGenerator<Found> {
  const rules = accessRules(workspace);
  const waiting = [{ ...from, level: 1 }];
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    const below: typeof waiting = [];
    for (const { name, isDirectory, isFile } of await entriesOf(folder.real)) {
      walk.signal.throwIfAborted();
      const path = folder.inside === "" ? name : `${folder.inside}/${name}`;
      const real = join(folder.real, name);
      if (
        (!isDirectory && !isFile) || (isDirectory ? rules.whyNotFolder(path) : rules.whyNotFile(path)) !== undefined ||
        from.isOwn(real)
      ) continue;
      yield { path, isFolder: isDirectory };
      if (isDirectory && folder.level < walk.depth) {
        below.push({ ...folder, real, inside: path, level: folder.level + 1 });
      }
    }
    waiting.push(...below.reverse());
  }
}

/** A folder that went away meanwhile, or that the server may not read, has nothing in it. */
async function entriesOf(real: string): Promise<Deno.DirEntry[]> {
  try {
    const entries = await Array.fromAsync(Deno.readDir(real));
    return entries.sort(({ name: a }, { name: b }) => a < b ? -1 : 1);
  } catch (thrown) {
    if (["ENOENT", "ENOTDIR", "EACCES", "EPERM"].includes(errorCode(thrown) ?? "")) return [];
    throw thrown;
  }
}
