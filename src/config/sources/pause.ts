import { timedSleep, type Timers } from "../../lib/timers.ts";

export interface Pace {
  readonly timers: Timers;
  readonly signal: AbortSignal;
}

/** Resolves after `ms`, rejects with `signal.reason`. */
export function pause(ms: number, { timers, signal }: Pace): Promise<void> {
  return timedSleep(timers)(ms, signal);
}
