/** Processor time in Linux's ticks. */
interface ProcessorTime {
  /** All processors, idle or not. */
  readonly total: number;
  readonly busy: number;
  /** What this process and its children that have ended took. */
  readonly own: number;
}

async function processorTime(): Promise<ProcessorTime> {
  // proc_stat(5): user, nice, system, idle, iowait, irq, softirq, steal; what follows is counted in these already.
  const [all = ""] = (await Deno.readTextFile("/proc/stat")).split("\n");
  const ticks = all.trim().split(/\s+/).slice(1, 9).map(Number);
  const total = ticks.reduce((sum, time) => sum + time, 0);
  const [, , , idle = 0, waiting = 0] = ticks;
  // proc_pid_stat(5), behind the name: utime, stime, cutime and cstime are fields 14 to 17.
  const stat = await Deno.readTextFile("/proc/self/stat");
  const own = stat.slice(stat.lastIndexOf(")") + 2).split(" ").slice(11, 15).reduce(
    (sum, time) => sum + Number(time),
    0,
  );
  return { total, busy: total - idle - waiting, own };
}

/**
 * Does `act` and tells which share of the machine others took meanwhile, 0 to 1: how far to trust its numbers.
 * Processes that `act` starts have to have ended with it.
 */
export async function withOthersShare<T>(
  act: () => Promise<T>,
): Promise<{ readonly result: T; readonly others: number }> {
  const before = await processorTime();
  const result = await act();
  const after = await processorTime();
  const others = after.busy - before.busy - (after.own - before.own);
  return { result, others: Math.max(0, others / (after.total - before.total)) };
}
