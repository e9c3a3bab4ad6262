import type { Timers } from "../../src/lib/timers.ts";

export interface ManualTimers extends Timers {
  /** Lets `ms` pass: whatever falls due acts, in order. */
  advance(ms: number): void;
  /** How many timers run. */
  running(): number;
}

/** Timers whose time passes when a test says so. */
export function manualTimers(): ManualTimers {
  let nowMs = 0;
  const timers = new Set<{ dueMs: number; everyMs: number | undefined; act: () => void }>();
  const add = (delayMs: number, act: () => void, everyMs?: number) => {
    const timer = { dueMs: nowMs + delayMs, everyMs, act };
    timers.add(timer);
    return () => void timers.delete(timer);
  };
  return {
    now: () => nowMs,
    after: (delayMs, act) => add(delayMs, act),
    every: (intervalMs, act) => add(intervalMs, act, intervalMs),
    advance: (ms) => {
      const untilMs = nowMs + ms;
      while (true) {
        const [next] = [...timers].filter(({ dueMs }) => dueMs <= untilMs).sort((a, b) => a.dueMs - b.dueMs);
        if (next === undefined) break;
        nowMs = next.dueMs;
        if (next.everyMs === undefined) timers.delete(next);
        else next.dueMs += next.everyMs;
        next.act();
      }
      nowMs = untilMs;
    },
    running: () => timers.size,
  };
}
