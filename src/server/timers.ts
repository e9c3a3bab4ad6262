import type { Timers } from "../lib/timers.ts";

/** The process's own clock and timers. None of them keeps the process alive. */
export const PROCESS_TIMERS: Timers = {
  now: () => performance.now(),
  after: (delayMs, act) => {
    const timer = setTimeout(act, delayMs);
    Deno.unrefTimer(timer);
    return () => clearTimeout(timer);
  },
  every: (intervalMs, act) => {
    const timer = setInterval(act, intervalMs);
    Deno.unrefTimer(timer);
    return () => clearInterval(timer);
  },
};
