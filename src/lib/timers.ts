/**
 * The clock and the timers of the process. The rim hands in the real ones, a test its own: nothing below the rim calls
 * setTimeout.
 */
export interface Timers {
  /** Milliseconds on a clock that only goes forward. */
  now(): number;
  /** Calls `act` once, `delayMs` from now. The returned function calls it off. */
  after(delayMs: number, act: () => void): () => void;
  /** Calls `act` every `intervalMs` until the returned function is called. */
  every(intervalMs: number, act: () => void): () => void;
}

/** Waiting on `timers`: resolves after `ms`, rejects with `signal.reason`. */
export function timedSleep(timers: Timers): (ms: number, signal: AbortSignal) => Promise<void> {
  return (ms, signal) =>
    new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      const onAbort = () => {
        stop();
        reject(signal.reason);
      };
      const stop = timers.after(ms, () => {
        signal.removeEventListener("abort", onAbort);
        resolve();
      });
      signal.addEventListener("abort", onAbort, { once: true });
    });
}
