import { z } from "zod";
import type { Run } from "./agent.ts";

/** The turn took longer than it may. */
export class OutOfTime extends Error {
  override readonly name = "OutOfTime";
  constructor(readonly timeoutSeconds: number) {
    super(`The turn took longer than ${timeoutSeconds} s`);
  }
}

const Start = z.object({ startedAtMs: z.number() });

export interface TurnClockOptions {
  /** Milliseconds since the epoch: a restart must not set it back. */
  readonly now: () => number;
  /** Resolves after `ms`, rejects with `signal.reason`. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly timeoutSeconds: number;
  /** How long the turn has waited for its peer: that is not its own time. */
  readonly waitedMs?: number;
}

/** How long a turn has lasted since it began: restarts included, waits for its peer not. */
export class TurnClock {
  /** Resolves when the beginning of the turn is known. */
  readonly ready: Promise<void>;
  readonly #options: TurnClockOptions;
  #startedAtMs: number;

  constructor(run: Run, options: TurnClockOptions) {
    this.#options = options;
    this.#startedAtMs = options.now();
    // Nobody waits for this step before the first model call: where there was no crash, its result is known already.
    this.ready = run.step({ id: "start", result: Start, act: () => Promise.resolve({ startedAtMs: options.now() }) })
      .then(({ startedAtMs }) => {
        this.#startedAtMs = startedAtMs;
      });
    this.ready.catch(() => {});
  }

  /** Throws OutOfTime when the turn has had its time. */
  check(): void {
    if (this.#leftMs() < 0) throw new OutOfTime(this.#options.timeoutSeconds);
  }

  /** What `act` gives, or OutOfTime when it takes too long; its signal is aborted then, and nobody waits for it. */
  async within<T>(signal: AbortSignal, act: (signal: AbortSignal) => Promise<T>): Promise<T> {
    this.check();
    const late = new AbortController();
    const done = new AbortController();
    const { promise: tooLate, reject } = Promise.withResolvers<never>();
    this.#options.sleep(this.#leftMs(), done.signal).then(() => {
      const reason = new OutOfTime(this.#options.timeoutSeconds);
      late.abort(reason);
      reject(reason);
    }, () => {});
    try {
      return await Promise.race([act(AbortSignal.any([signal, late.signal])), tooLate]);
    } finally {
      done.abort();
    }
  }

  #leftMs(): number {
    const { now, timeoutSeconds, waitedMs = 0 } = this.#options;
    // A clock that was set back must not make the turn longer than it may be at all.
    return Math.min(this.#startedAtMs + waitedMs - now(), 0) + timeoutSeconds * 1_000;
  }
}
