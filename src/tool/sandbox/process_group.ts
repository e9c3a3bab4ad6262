/*
 * Control groups bound the processes of a command where hector is root (cgroups v1 and v2). A shell makes them, since
 * Deno touches nothing in /sys without every permission.
 */

export const SHELL = "/bin/sh";

/** Prints the folder in which a group that counts processes can be made, if there is one. */
export const FIND_GROUPS = `for base in /sys/fs/cgroup/pids /sys/fs/cgroup; do
  group=$base/hector-probe-$$
  mkdir "$group" 2>/dev/null || continue
  [ -w "$group/pids.max" ] && found=$base
  rmdir "$group"
  [ -n "$found" ] && echo "$found" && exit
done`;

const JOIN = `mkdir -p "$1" && echo "$2" > "$1/pids.max" && echo $$ > "$1/cgroup.procs" || exit 125
shift 2
exec "$@"`;

const REMOVE = `for pause in 0.002 0.005 0.01 0.02 0.05 0.1 0.2 0.5 1; do
  rmdir "$1" 2>/dev/null && exit
  [ -d "$1" ] || exit
  sleep $pause
done`;

/** What a command is started with, so that it and all that comes of it are in `group`, with at most `most` processes. */
export function inGroup(group: string, most: number, argv: readonly string[]): readonly string[] {
  return [SHELL, "-c", JOIN, "sh", group, String(most), ...argv];
}

/** Takes the group away once its last process is reaped. */
export async function removeGroup(group: string): Promise<void> {
  await new Deno.Command(SHELL, {
    args: ["-c", REMOVE, "sh", group],
    env: { PATH: "/usr/bin:/bin" },
    clearEnv: true,
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).output();
}
