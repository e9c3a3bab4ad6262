import { relative, sep } from "node:path";
import type { Limits } from "./limits.ts";
import type { Redirect } from "./script.ts";

/** A path that commands do not see; what kind of thing has to lie over it. */
export interface Mask {
  readonly path: string;
  readonly isFolder: boolean;
}

/** What of the machine a command finds in its kernel sandbox. */
export interface Confinement {
  readonly bubblewrap: string;
  /** What this bubblewrap knows besides the usual; see level.ts. */
  readonly isModern: boolean;
  /** What becomes the command; see launchingShell. */
  readonly shell: readonly string[];
  /** A control group for the processes of one call; see process_group.ts. */
  readonly group?: string;
  /** What every sandbox has of the system; see systemMounts. */
  readonly system: readonly string[];
  /** The one folder that can be written. */
  readonly root: string;
  /** More folders that can be read. */
  readonly readable: readonly string[];
  readonly masked: readonly Mask[];
  /** Paths below `root` that can be read only. */
  readonly frozen: readonly string[];
  /** Becomes /tmp. */
  readonly scratch: string;
  readonly limits: Limits;
}

export interface Confined {
  readonly program: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly redirects: readonly Redirect[];
}

/** Parts of /etc that programs need and that tell nothing. */
const ETC = [
  "alternatives",
  "ld.so.cache",
  "ld.so.conf",
  "ld.so.conf.d",
  "localtime",
  "magic",
  "mime.types",
  "perl",
  "python3",
  "fonts",
];
const SYSTEM = ["/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/nix/store", "/gnu/store"];

/** Where programs can lie in a sandbox besides what the configuration adds. */
export const SYSTEM_FOLDERS: readonly string[] = SYSTEM;

/** The arguments that mount the system's own folders, as they are on this machine. */
export function systemMounts(): readonly string[] {
  const folders = SYSTEM.flatMap((path) => {
    try {
      const { isSymlink } = Deno.lstatSync(path);
      return isSymlink ? ["--symlink", Deno.readLinkSync(path), path] : ["--ro-bind", path, path];
    } catch {
      return [];
    }
  });
  return [...folders, "--dir", "/etc", ...ETC.flatMap((name) => ["--ro-bind-try", `/etc/${name}`, `/etc/${name}`])];
}

/**
 * The shell that closes what it was given and becomes the command: bash where it is, since dash can close no more than the
 * files up to number 9. `-p` keeps it from reading a file that a variable names; POSIX has its limits count in one unit.
 */
export function launchingShell(): readonly string[] {
  try {
    return Deno.statSync("/bin/bash").isFile ? ["/bin/bash", "--posix", "-p"] : ["/bin/sh"];
  } catch {
    return ["/bin/sh"];
  }
}

/** The arguments of bubblewrap with which `command` runs. */
export function bubblewrapArguments(command: Confined, confinement: Confinement): readonly string[] {
  const { isModern, shell, system, root, readable, scratch, masked, frozen } = confinement;
  const small = isModern ? ["--size", "16777216"] : [];
  return [
    ...[
      "--unshare-all",
      "--die-with-parent",
      "--new-session",
      "--cap-drop",
      "ALL",
      "--hostname",
      "sandbox",
      "--clearenv",
    ],
    // Further user namespaces are the usual way to the kernel's less trodden parts.
    ...(isModern ? ["--unshare-user", "--disable-userns"] : []),
    ...Object.entries(command.variables).flatMap(([name, value]) => ["--setenv", name, value]),
    ...system,
    // A server that is root on the machine would own what is in /proc: nothing there needs writing.
    ...["--proc", "/proc", "--remount-ro", "/proc", "--dev", "/dev"],
    ...[...small, "--tmpfs", "/dev/shm", "--remount-ro", "/dev", "--bind", scratch, "/tmp"],
    ...readable.flatMap((path) => ["--ro-bind", path, path]),
    ...["--bind", root, root],
    // A mount point cannot be moved away, so neither can a folder that a hidden file is in.
    ...pinned(root, [...masked.map(({ path }) => path), ...frozen]).flatMap((path) => ["--bind", path, path]),
    ...frozen.flatMap((path) => ["--ro-bind-try", path, path]),
    ...masked.flatMap(({ path, isFolder }) =>
      isFolder ? ["--tmpfs", path, "--remount-ro", path] : ["--ro-bind", "/dev/null", path]
    ),
    ...[
      "--remount-ro",
      "/",
      "--chdir",
      command.cwd,
      "--",
      ...shell,
      "-c",
      launcher(command, confinement.limits),
      "sh",
    ],
    ...command.redirects.flatMap((redirect) => redirect.how === "copy" ? [] : [redirect.file]),
    command.program,
    ...command.args,
  ];
}

/**
 * Whoever started the server may have left files open to it, and a folder among them leads out of any sandbox (as in
 * CVE-2024-21626); bubblewrap hands them on. Where one cannot be closed, nothing runs.
 */
const CLOSE_INHERITED = `for file in /proc/self/fd/*; do
  file=\${file##*/}
  case $file in [012] | "*") continue ;; esac
  if (eval "exec $file>&-") 2>/dev/null; then eval "exec $file>&-"; else
    echo "/bin/sh cannot close file $file, with which the server was started" >&2
    exit 126
  fi
done`;

/**
 * Closes files, sets limits, opens files (within the sandbox, where a link leads nowhere else) and becomes the program.
 * Made of our own words and numbers alone: names and arguments are parameters, which no shell reads.
 */
function launcher({ redirects }: Confined, { seconds, processes, memoryBytes, fileBytes }: Limits): string {
  let files = 0;
  const opened = redirects.map((redirect) =>
    redirect.how === "copy" ? `${redirect.fd}>&${redirect.of}` : `${redirect.fd}${redirect.how}"\${${++files}}"`
  );
  const limits = [
    "-c 0",
    // Per process, and one may use every core.
    `-t ${Math.ceil(seconds) * Math.max(1, navigator.hardwareConcurrency)}`,
    `-f ${Math.ceil(fileBytes / 512)}`,
    `-d ${Math.ceil(memoryBytes / 1024)}`,
    "-n 1024",
  ].map((limit) => `ulimit ${limit} 2>/dev/null`);
  // Shells differ in the letter for processes.
  const most = `ulimit -u ${processes} 2>/dev/null || ulimit -p ${processes} 2>/dev/null`;
  const open = opened.length === 0 ? [] : [`exec ${opened.join(" ")}`];
  return [CLOSE_INHERITED, ...limits, most, ...open, `shift ${files}`, 'exec "$@"'].join("\n");
}

/** Every folder between `root` and the paths, from above. */
function pinned(root: string, paths: readonly string[]): readonly string[] {
  const folders = paths.flatMap((path) => {
    const names = relative(root, path).split(sep);
    if (names[0] === "..") return [];
    return names.slice(0, -1).map((_, at) => [root, ...names.slice(0, at + 1)].join(sep));
  });
  return [...new Set(folders)].sort();
}
