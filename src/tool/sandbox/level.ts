import { bubblewrapArguments, launchingShell, systemMounts } from "./bubblewrap.ts";
import { FIND_GROUPS, SHELL } from "./process_group.ts";

/**
 * What holds a command back. `kernel`: bubblewrap. `permissions`: what hector itself checks, and Deno's permissions on what
 * it starts. `none`: the lists of commands alone.
 */
export const LEVELS = ["none", "permissions", "kernel"] as const;
export type Level = (typeof LEVELS)[number];

/** What the kernel allows, found out by trying. */
export type Kernel =
  | {
    readonly bubblewrap: string;
    readonly isModern: boolean;
    readonly shell: readonly string[];
    readonly system: readonly string[];
    /** Where control groups that count processes are made; absent where the kernel counts them by itself, or cannot. */
    readonly groups?: string;
  }
  | { readonly missing: string };

const tried = new Map<string, Kernel>();

/** Whether bubblewrap works here, tried once a process. `named`: where it is; absent: found on `path`. */
export function kernelSandbox({ named, path }: { readonly named?: string | undefined; readonly path: string }): Kernel {
  if (Deno.build.os !== "linux") return { missing: "bubblewrap is there for Linux only" };
  const bubblewrap = named ?? find(path);
  if (bubblewrap === undefined) return { missing: "bubblewrap (bwrap) is not installed" };
  const known = tried.get(bubblewrap);
  if (known !== undefined) return known;
  const found = attempt(bubblewrap);
  tried.set(bubblewrap, found);
  return found;
}

function attempt(bubblewrap: string): Kernel {
  const folder = Deno.makeTempDirSync({ prefix: "hector-sandbox-" });
  try {
    const shell = launchingShell();
    const system = systemMounts();
    let reason = "";
    for (const isModern of [true, false]) {
      const said = tryOnce({ bubblewrap, isModern, shell, system, folder });
      if (said === undefined) return { bubblewrap, isModern, shell, system, ...processGroups() };
      reason ||= said;
    }
    return { missing: `bubblewrap does not work on this machine: ${reason}` };
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message : String(thrown);
    return { missing: `bubblewrap cannot be started: ${why}` };
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

interface Attempt {
  readonly bubblewrap: string;
  readonly isModern: boolean;
  readonly shell: readonly string[];
  readonly system: readonly string[];
  readonly folder: string;
}

/** The kernel counts the processes of everybody but root (RLIMIT_NPROC); root's are counted by a group of their own. */
function processGroups(): { readonly groups?: string } {
  if (Deno.uid() !== 0) return {};
  const { stdout } = new Deno.Command(SHELL, { args: ["-c", FIND_GROUPS], clearEnv: true }).outputSync();
  const groups = new TextDecoder().decode(stdout).trim();
  return groups === "" ? {} : { groups };
}

/** Undefined where it works, else what bubblewrap said. */
function tryOnce({ folder, ...kernel }: Attempt): string | undefined {
  const limits = { seconds: 5, processes: 16, memoryBytes: 2 ** 28, fileBytes: 2 ** 20 };
  const args = bubblewrapArguments(
    { program: "/bin/sh", args: ["-c", "echo works"], cwd: folder, variables: {}, redirects: [] },
    { ...kernel, root: folder, readable: [], masked: [], frozen: [], scratch: folder, limits },
  );
  const { stdout, stderr } = new Deno.Command(kernel.bubblewrap, { args: [...args], clearEnv: true, cwd: "/" })
    .outputSync();
  const decoder = new TextDecoder();
  if (decoder.decode(stdout) === "works\n") return undefined;
  return decoder.decode(stderr).trim().split("\n", 1)[0] || "it ended without a word";
}

function find(path: string): string | undefined {
  return path.split(":").filter((folder) => folder.startsWith("/")).map((folder) => `${folder}/bwrap`).find((file) => {
    try {
      return Deno.statSync(file).isFile;
    } catch {
      return false;
    }
  });
}
