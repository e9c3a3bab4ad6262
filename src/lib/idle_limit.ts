export interface IdleLimit {
  /** The longest that may pass from one item to the next, the first included. */
  readonly idleMs: number;
  readonly signal: AbortSignal;
  /** Resolves after `ms`, rejects with `signal.reason`. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  /** What to throw when nothing came for so long. */
  readonly expired: () => Error;
}

/**
 * Passes on what `open` yields, and watches over it: throws `expired()` when nothing came for `idleMs`, throws
 * `signal.reason` when the caller gives up, even if the source hears of neither. The signal that `open` is given is aborted
 * whenever the source is left before its end, so whatever hangs behind it is let go.
 */
export async function* idleLimit<T>(
  open: (signal: AbortSignal) => AsyncIterable<T>,
  { idleMs, signal, sleep, expired }: IdleLimit,
): AsyncGenerator<T, void, undefined> {
  signal.throwIfAborted();
  const source = new AbortController();
  let timer = new AbortController();
  const give = () => {
    source.abort(signal.reason);
    timer.abort(signal.reason);
  };
  signal.addEventListener("abort", give, { once: true });
  const items = open(source.signal)[Symbol.asyncIterator]();
  let waiting = false;
  try {
    while (true) {
      signal.throwIfAborted();
      timer = new AbortController();
      const idle = sleep(idleMs, timer.signal).then(() => {
        throw expired();
      });
      waiting = true;
      const item = await Promise.race([items.next(), idle]);
      waiting = false;
      timer.abort();
      // Sources are known to end without a word when they are aborted.
      signal.throwIfAborted();
      if (item.done) return;
      yield item.value;
    }
  } catch (thrown) {
    throw signal.aborted ? signal.reason : thrown;
  } finally {
    signal.removeEventListener("abort", give);
    timer.abort();
    source.abort();
    // A source that hangs would hold this up for ever: its `return` waits for the `next` that never ends.
    const left = Promise.resolve(items.return?.());
    if (waiting) left.catch(() => {});
    else await left;
  }
}
