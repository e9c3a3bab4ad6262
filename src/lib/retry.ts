/** How often and how patiently something is tried again. */
export interface RetryPolicy {
  /** Tries after the first one. */
  readonly maxRetries: number;
  /** The most that is waited before the first retry; doubles with each one. */
  readonly baseMs: number;
  /** The most that is ever waited at once. */
  readonly maxDelayMs: number;
}

export interface RetryDeps {
  readonly random: () => number;
  /** Resolves after `ms`, rejects with `signal.reason`. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly signal: AbortSignal;
  /** What a failure says of another try: undefined for none, else the least that has to be waited (0 if it named nothing). */
  readonly retryAfterMs: (thrown: unknown) => number | undefined;
}

/**
 * Capped exponential backoff with full jitter (M. Brooker, "Exponential Backoff And Jitter", AWS 2015). A wait that a server
 * asked for is kept to the millisecond and spread upwards, so that its clients do not come back all at once.
 */
export function retryDelayMs(policy: RetryPolicy, retry: number, wish: { afterMs: number; random: number }): number {
  const backoffMs = Math.min(policy.maxDelayMs, policy.baseMs * 2 ** retry);
  if (wish.afterMs <= 0) return wish.random * backoffMs;
  return Math.min(policy.maxDelayMs, wish.afterMs + wish.random * policy.baseMs);
}

/**
 * Does `act` until it succeeds, says that trying again is no use (which it also is if the server wants no try before all of
 * them were made), or was tried often enough; then throws what it threw last.
 */
export async function retry<T>(act: () => Promise<T>, policy: RetryPolicy, deps: RetryDeps): Promise<T> {
  for (let retries = 0;; retries++) {
    deps.signal.throwIfAborted();
    try {
      return await act();
    } catch (thrown) {
      const left = policy.maxRetries - retries;
      const afterMs = left > 0 ? deps.retryAfterMs(thrown) : undefined;
      if (afterMs === undefined || afterMs > left * policy.maxDelayMs) throw thrown;
      await deps.sleep(retryDelayMs(policy, retries, { afterMs, random: deps.random() }), deps.signal);
    }
  }
}
