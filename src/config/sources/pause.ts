import type { Timers } from "../../lib/timers.ts";

export interface Pace {
  readonly timers: Timers;
  readonly signal: AbortSignal;
}

/** Resolves after `ms`, rejects with `signal.reason`. */
export function pause(ms: number, { timers, signal }: Pace): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const onAbort = () => {
      callOff();
      reject(signal.reason);
    };
    const callOff = timers.after(ms, () => {
      signal.removeEventListener("abort", onAbort);
      resolve();
    });
    signal.addEventListener("abort", onAbort, { once: true });
  });
}
