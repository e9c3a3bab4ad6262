import type { Limits } from "./limits.ts";

/** The variable by which a command's processes are known where no kernel sandbox holds them together. */
export const MARK = "HECTOR_COMMAND";

const SHELL = "/bin/sh";
const PAGE_BYTES = 4096;

/**
 * Counts the processes below the given ones, and the memory that is theirs alone, ten times a second; ends with a word
 * once there is too much. A shell does it, since Deno reads nothing of /proc without every permission.
 */
const WATCH = `most=$1 pages=$2; shift 2
while sleep 0.1; do
  count=0 used=0 todo=$*
  while [ -n "$todo" ]; do
    next=
    for pid in $todo; do
      count=$((count + 1))
      [ $count -gt $most ] && echo processes && exit
      { read -r size own shared rest < /proc/$pid/statm && used=$((used + own - shared)); } 2>/dev/null
      for file in /proc/$pid/task/*/children; do
        line=; { read -r line < "$file"; } 2>/dev/null
        next="$next $line"
      done
    done
    todo=$next
  done
  [ $used -gt $pages ] && echo bytes && exit
done`;

/** Kills whatever has the mark in its environment, until a look finds nothing more. */
const SWEEP = `for round in 1 2 3 4 5 6 7 8; do
  found=$(grep -lsz -- "^$1\\$" /proc/[0-9]*/environ)
  [ -z "$found" ] && exit
  for file in $found; do pid=\${file#/proc/}; kill -9 "\${pid%/environ}" 2>/dev/null; done
done`;

/** Most commands end before there is anything to watch. */
const WATCH_AFTER_MS = 100;

/** Watches the processes below `pids` until `signal` aborts; gives what there is too much of, or undefined. */
export async function watchTree(
  pids: readonly number[],
  { processes, memoryBytes }: Limits,
  signal: AbortSignal,
): Promise<"processes" | "bytes" | undefined> {
  if (Deno.build.os !== "linux") return undefined;
  await pause(WATCH_AFTER_MS, signal);
  if (signal.aborted) return undefined;
  const pages = Math.ceil(memoryBytes / PAGE_BYTES);
  const args = ["-c", WATCH, "sh", String(processes), String(pages), ...pids.map(String)];
  const command = new Deno.Command(SHELL, { args, clearEnv: true, stdin: "null", stderr: "null", signal });
  const said = new TextDecoder().decode((await command.output()).stdout).trim();
  return said === "processes" || said === "bytes" ? said : undefined;
}

/** Kills the process groups of `pids`, and (on Linux) what has left them but still carries the mark, if there is one. */
export async function killTree(pids: readonly number[], mark: string | undefined): Promise<void> {
  for (const pid of pids) {
    try {
      Deno.kill(-pid, "SIGKILL");
    } catch {
      // The group is gone.
    }
  }
  if (mark === undefined || Deno.build.os !== "linux") return;
  await new Deno.Command(SHELL, {
    args: ["-c", SWEEP, "sh", `${MARK}=${mark}`],
    env: { PATH: "/usr/bin:/bin" },
    clearEnv: true,
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).output();
}

/** Resolves when `signal` aborts, or after `ms`. */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  signal.addEventListener("abort", () => resolve(), { once: true });
  if (signal.aborted) resolve();
  await promise;
  clearTimeout(timer);
}
