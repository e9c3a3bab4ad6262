/** Lets callers with the same key through one after another, in the order in which they came. */
export class Turnstile {
  readonly #last = new Map<string, Promise<void>>();

  async pass<T>(key: string, act: () => Promise<T>): Promise<T> {
    const before = this.#last.get(key);
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#last.set(key, promise);
    await before;
    try {
      return await act();
    } finally {
      resolve();
      if (this.#last.get(key) === promise) this.#last.delete(key);
    }
  }
}
