/** Waits for one key of Wakeups. One listener on its signal, no timer, no queue: ten thousand of them are cheap. */
export interface Sleeper {
  /**
   * Resolves true once the key was woken since the last call (at once, if that has happened already), false when the
   * signal aborted. One call at a time.
   */
  next(): Promise<boolean>;
  /** Forgets the sleeper and its listener. */
  close(): void;
}

/**
 * Tells those who wait that something changed under a key. Subscribe, then read, then wait: a change that comes between
 * reading and waiting is remembered, so it cannot be slept through.
 */
export class Wakeups {
  readonly #sleepers = new Map<string, Set<KeySleeper>>();

  /** How many wait, under all keys. */
  get size(): number {
    let size = 0;
    for (const sleepers of this.#sleepers.values()) size += sleepers.size;
    return size;
  }

  subscribe(key: string, signal: AbortSignal): Sleeper {
    const sleepers = this.#sleepers.get(key) ?? new Set();
    const sleeper = new KeySleeper(signal, () => {
      sleepers.delete(sleeper);
      if (sleepers.size === 0 && this.#sleepers.get(key) === sleepers) this.#sleepers.delete(key);
    });
    sleepers.add(sleeper);
    this.#sleepers.set(key, sleepers);
    return sleeper;
  }

  wake(key: string): void {
    const sleepers = this.#sleepers.get(key);
    if (sleepers === undefined) return;
    for (const sleeper of sleepers) sleeper.wake();
  }

  /** Wakes under every key: when what they wait for can no longer come. */
  wakeAll(): void {
    for (const key of this.#sleepers.keys()) this.wake(key);
  }
}

class KeySleeper implements Sleeper {
  #woken = false;
  #ended: boolean;
  #resolve: ((woken: boolean) => void) | undefined;
  readonly #signal: AbortSignal;
  readonly #forget: () => void;
  readonly #onAbort = () => this.end();

  constructor(signal: AbortSignal, forget: () => void) {
    this.#signal = signal;
    this.#forget = forget;
    this.#ended = signal.aborted;
    if (!this.#ended) signal.addEventListener("abort", this.#onAbort, { once: true });
  }

  next(): Promise<boolean> {
    if (this.#ended) return Promise.resolve(false);
    if (this.#woken) {
      this.#woken = false;
      return Promise.resolve(true);
    }
    return new Promise((resolve) => this.#resolve = resolve);
  }

  wake(): void {
    if (this.#resolve === undefined) this.#woken = true;
    else this.#settle(true);
  }

  end(): void {
    this.#ended = true;
    this.#settle(false);
  }

  close(): void {
    this.#signal.removeEventListener("abort", this.#onAbort);
    this.end();
    this.#forget();
  }

  #settle(woken: boolean): void {
    const resolve = this.#resolve;
    this.#resolve = undefined;
    resolve?.(woken);
  }
}
