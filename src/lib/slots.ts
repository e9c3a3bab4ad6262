/** So many at a time for each name; the others wait in the order in which they came. */
export class Slots {
  readonly #perName: number;
  readonly #busy = new Map<string, { taken: number; readonly waiting: Set<() => void> }>();

  constructor(perName: number) {
    this.#perName = perName;
  }

  /** Resolves with what gives the slot back; rejects with `signal.reason` while it waits. */
  async take(name: string, signal: AbortSignal): Promise<() => void> {
    signal.throwIfAborted();
    const place = this.#busy.get(name) ?? { taken: 0, waiting: new Set() };
    this.#busy.set(name, place);
    if (place.taken < this.#perName) place.taken++;
    else await turn(place.waiting, signal);
    return () => {
      const [next] = place.waiting;
      // The slot goes from hand to hand, so nobody who comes now is faster than those who wait.
      if (next !== undefined) next();
      else if (--place.taken === 0) this.#busy.delete(name);
    };
  }
}

function turn(waiting: Set<() => void>, signal: AbortSignal): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const enter = () => {
    leave();
    resolve();
  };
  const give = () => {
    leave();
    reject(signal.reason);
  };
  const leave = () => {
    waiting.delete(enter);
    signal.removeEventListener("abort", give);
  };
  waiting.add(enter);
  signal.addEventListener("abort", give);
  return promise;
}
