/** What a process occupies. */
export interface Measure {
  readonly rssMb: number;
  /** Files, sockets and what else it holds open. */
  readonly handles: number;
}

/** Measures a process of this machine (Linux). */
export async function measure(pid: number): Promise<Measure> {
  const status = await Deno.readTextFile(`/proc/${pid}/status`);
  const handles = (await Array.fromAsync(Deno.readDir(`/proc/${pid}/fd`))).length;
  return { rssMb: Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024), handles };
}

const LOOK_MS = 100;

/** Measures when its handles are `handles` at most, or when they have had time enough to become so. */
export async function measureAtRest(pid: number, handles: number, patienceMs = 15_000): Promise<Measure> {
  for (let leftMs = patienceMs;; leftMs -= LOOK_MS) {
    const found = await measure(pid);
    if (found.handles <= handles || leftMs <= 0) return found;
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}
