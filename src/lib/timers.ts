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
