import { untilAborted } from "../../lib/until_aborted.ts";
import type { Pace } from "./pause.ts";

/**
 * Does `act` within a time: throws `expired()` when it passed, `signal.reason` when the caller gave up. `act` is given up
 * even if it does not listen to the signal that it is handed.
 */
export async function within<T>(
  timeMs: number,
  act: (signal: AbortSignal) => Promise<T>,
  { timers, signal, expired }: Pace & { readonly expired: () => Error },
): Promise<T> {
  signal.throwIfAborted();
  const clock = new AbortController();
  const callOff = timers.after(timeMs, () => clock.abort(expired()));
  const both = AbortSignal.any([signal, clock.signal]);
  try {
    return await untilAborted(act(both), both);
  } catch (thrown) {
    throw both.aborted ? both.reason : thrown;
  } finally {
    callOff();
  }
}
