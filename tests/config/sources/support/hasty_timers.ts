import type { Timers } from "../../../../src/lib/timers.ts";

/** Real timers in a hurry: everything that is waited for comes `factor` times sooner. */
export function hastyTimers(factor: number): Timers {
  return {
    now: () => performance.now() * factor,
    after: (delayMs, act) => {
      const timer = setTimeout(act, delayMs / factor);
      return () => clearTimeout(timer);
    },
    every: (intervalMs, act) => {
      const timer = setInterval(act, intervalMs / factor);
      return () => clearInterval(timer);
    },
  };
}
