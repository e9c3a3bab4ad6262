import { resolve } from "node:path";
import { globList } from "../../lib/glob.ts";
import { DENIED_PATHS } from "../denied_paths.ts";
import { relativeInside } from "../paths.ts";
import { type Confinement, type Mask, SYSTEM_FOLDERS } from "./bubblewrap.ts";
import { isOffLimits, type Territory } from "./check_paths.ts";
import { type Kernel, kernelSandbox, type Level } from "./level.ts";
import type { Limits } from "./limits.ts";
import { programFolders } from "./programs.ts";

export interface SandboxOptions {
  /** Absolute. */
  readonly workingFolder: string;
  readonly protectedPaths: readonly string[];
  /** false: no more than lists of commands. */
  readonly isEnabled: boolean;
  /** Where bubblewrap is; absent: looked for on `path`. */
  readonly bubblewrap?: string | undefined;
  readonly readable: readonly string[];
  /** `PATH` as the server has it. */
  readonly path: string;
  /** What commands find in their environment besides the usual. */
  readonly variables: Readonly<Record<string, string>>;
  readonly limits: Limits;
}

/** Where commands run, and what holds them there. */
export interface Sandbox {
  readonly level: Level;
  /** Why it is not higher. */
  readonly reason?: string;
  /** What the kernel's level is reached with. */
  readonly bubblewrap?: string;
  readonly limits: Limits;
  readonly variables: Readonly<Record<string, string>>;
  /** Looks at the working directory as it is now. Throws Error if it is not there. `scratch` is for temporary files. */
  open(scratch: string): OpenSandbox;
}

/** The sandbox as one call finds it. */
export interface OpenSandbox {
  readonly territory: Territory;
  readonly folders: readonly string[];
  /** Absent below the kernel's level. */
  readonly confinement?: Confinement;
}

/** What programs outside of hector may do with these is theirs: commands may read them, as files below .git. */
const REPOSITORIES = new Set([".git", ".hg", ".svn"]);
const HIDDEN = globList(DENIED_PATHS.filter((glob) => !REPOSITORIES.has(glob)));
/** A hook and a setting of git are programs that run outside of the sandbox later. */
const FROZEN = [".git/hooks", ".git/config"];

export function createSandbox(options: SandboxOptions): Sandbox {
  const { isEnabled, bubblewrap, path, limits, variables } = options;
  const kernel: Kernel = isEnabled ? kernelSandbox({ named: bubblewrap, path }) : { missing: "it is switched off" };
  const level = !isEnabled ? "none" : "missing" in kernel ? "permissions" : "kernel";
  return {
    level,
    ...("missing" in kernel ? { reason: kernel.missing } : { bubblewrap: kernel.bubblewrap }),
    limits,
    variables,
    open: (scratch) => openSandbox(options, kernel, scratch),
  };
}

function openSandbox(options: SandboxOptions, kernel: Kernel, scratch: string): OpenSandbox {
  const { workingFolder, protectedPaths, path, readable, limits } = options;
  const root = realFolder(workingFolder);
  const territory: Territory = {
    root,
    isHidden: options.isEnabled ? HIDDEN : () => false,
    protectedPaths: protectedPaths.flatMap((own) => [own, realOr(own)]),
    isConfined: !options.isEnabled || !("missing" in kernel),
  };
  if ("missing" in kernel) return { territory, folders: programFolders({ path, workingFolder: root }) };
  const visible = [...SYSTEM_FOLDERS, ...readable];
  return {
    territory,
    folders: programFolders({ path, workingFolder: root, visible }),
    confinement: {
      ...kernel,
      ...(kernel.groups === undefined ? {} : { group: `${kernel.groups}/hector-${crypto.randomUUID()}` }),
      root,
      readable,
      scratch,
      limits,
      masked: masks(territory, readable),
      frozen: FROZEN.map((name) => resolve(root, name)).filter((file) => stat(file) !== undefined),
    },
  };
}

/** Secrets that lie at the top of the working directory, and the server's own files wherever commands could see them. */
function masks(territory: Territory, readable: readonly string[]): readonly Mask[] {
  const { root, protectedPaths } = territory;
  const own = protectedPaths.filter((path) =>
    path !== root && [root, ...readable].some((folder) => relativeInside(folder, path) !== undefined)
  );
  const secrets = [...Deno.readDirSync(root)].map(({ name }) => resolve(root, name)).filter((path) =>
    isOffLimits(path, territory)
  );
  const paths = [...new Set([...own, ...secrets])];
  // What lies in a hidden folder is hidden with it.
  const outer = paths.filter((path) =>
    !paths.some((other) => other !== path && relativeInside(other, path) !== undefined)
  );
  return outer.flatMap((path) => {
    const found = stat(path);
    // A link is not what is hidden, and bubblewrap would follow it.
    return found === undefined || found.isSymlink ? [] : [{ path, isFolder: found.isDirectory }];
  });
}

function realFolder(path: string): string {
  const found = stat(realOr(path));
  if (found?.isDirectory === true) return realOr(path);
  throw new Error("Cannot run commands: the working directory of this tool does not exist or may not be read");
}

function realOr(path: string): string {
  try {
    return Deno.realPathSync(path);
  } catch {
    return path;
  }
}

function stat(path: string): Deno.FileInfo | undefined {
  try {
    return Deno.lstatSync(path);
  } catch {
    return undefined;
  }
}
