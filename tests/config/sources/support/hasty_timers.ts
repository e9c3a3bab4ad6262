import type { Timers } from "../../../../src/lib/timers.ts";

/**
 * Real timers in a hurry: everything that is waited for comes `factor` times sooner, but what takes `leastMs` takes as long
 * still. So a machine that is busy does not look like a server that hangs.
 */
export function hastyTimers(factor: number, leastMs = 0): Timers {
  return {
    now: () => performance.now() * factor,
    after: (delayMs, act) => {
      const timer = setTimeout(act, Math.max(delayMs / factor, delayMs < leastMs ? 0 : leastMs));
      return () => clearTimeout(timer);
    },
    every: (intervalMs, act) => {
      const timer = setInterval(act, intervalMs / factor);
      return () => clearInterval(timer);
    },
  };
}
