import type { Timers } from "../timers.ts";
import { ConnectionError } from "./http2_error.ts";

interface Budget {
  /** How often in a row. */
  readonly burst: number;
  /** How often for good. */
  readonly perSecond: number;
}

/** Streams that a peer opens and throws away at once (rapid reset, CVE-2023-44487), or makes us throw away. */
const RESETS: Budget = { burst: 1000, perSecond: 100 };
/** Frames that want an answer or carry nothing: PING, SETTINGS, PRIORITY, empty DATA (CVE-2019-9512, -9515, -9518). */
const CHATTER: Budget = { burst: 1000, perSecond: 200 };

/** How much a peer may do that only costs us. */
export class Patience {
  readonly #resets: TokenBucket;
  readonly #chatter: TokenBucket;

  constructor(now: Timers["now"]) {
    this.#resets = new TokenBucket(RESETS, now);
    this.#chatter = new TokenBucket(CHATTER, now);
  }

  /** A stream was thrown away. Throws ConnectionError ENHANCE_YOUR_CALM. */
  takeReset(): void {
    if (!this.#resets.take()) throw new ConnectionError("ENHANCE_YOUR_CALM", "Too many streams were thrown away");
  }

  /** A frame came that only wants an answer, or nothing. Throws ConnectionError ENHANCE_YOUR_CALM. */
  takeChatter(): void {
    if (!this.#chatter.take()) throw new ConnectionError("ENHANCE_YOUR_CALM", "Too many frames that carry nothing");
  }
}

class TokenBucket {
  readonly #budget: Budget;
  readonly #now: () => number;
  #left: number;
  #atMs: number;

  constructor(budget: Budget, now: () => number) {
    this.#budget = budget;
    this.#now = now;
    this.#left = budget.burst;
    this.#atMs = now();
  }

  take(): boolean {
    if (this.#left < 1) this.#refill();
    if (this.#left < 1) return false;
    this.#left--;
    return true;
  }

  #refill(): void {
    const nowMs = this.#now();
    const earned = (nowMs - this.#atMs) / 1000 * this.#budget.perSecond;
    this.#left = Math.min(this.#budget.burst, this.#left + earned);
    this.#atMs = nowMs;
  }
}
