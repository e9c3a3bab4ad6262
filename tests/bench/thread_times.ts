/** The clock in which Linux counts processor time for programs, the same on all its platforms. */
const TICKS_PER_SECOND = 100;

/** Processor time of each thread so far, in milliseconds, by the thread's name; threads of one name together. */
export async function threadTimes(pid: number): Promise<ReadonlyMap<string, number>> {
  const times = new Map<string, number>();
  for await (const { name: thread } of Deno.readDir(`/proc/${pid}/task`)) {
    const stat = await Deno.readTextFile(`/proc/${pid}/task/${thread}/stat`);
    // proc_pid_stat(5): the name stands in brackets and may hold anything; utime and stime are fields 14 and 15.
    const end = stat.lastIndexOf(")");
    const fields = stat.slice(end + 2).split(" ");
    const ticks = Number(fields[11]) + Number(fields[12]);
    const name = stat.slice(stat.indexOf("(") + 1, end);
    times.set(name, (times.get(name) ?? 0) + 1000 * ticks / TICKS_PER_SECOND);
  }
  return times;
}
