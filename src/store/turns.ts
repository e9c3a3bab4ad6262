/** Lets one writer at a time do something to what a name stands for. Nobody waits where nobody is in the way. */
export class Turns {
  readonly #busy = new Map<string, Promise<void>>();
  #inside = 0;
  #idle: PromiseWithResolvers<void> | undefined;

  isBusy(name: string): boolean {
    return this.#busy.has(name);
  }

  /** Runs `act` while nobody else has any of these names. Others may come in between: look again at what you knew before. */
  async take<T>(names: readonly string[], act: () => Promise<T>): Promise<T> {
    this.#inside++;
    for (let other = this.#find(names); other !== undefined; other = this.#find(names)) await other;
    const { promise, resolve } = Promise.withResolvers<void>();
    for (const name of names) this.#busy.set(name, promise);
    try {
      return await act();
    } finally {
      for (const name of names) this.#busy.delete(name);
      resolve();
      if (--this.#inside === 0) this.#idle?.resolve();
    }
  }

  /** Resolves when all that have or await a turn have had it. */
  async idle(): Promise<void> {
    if (this.#inside === 0) return;
    this.#idle ??= Promise.withResolvers<void>();
    await this.#idle.promise;
    this.#idle = undefined;
  }

  #find(names: readonly string[]): Promise<void> | undefined {
    for (const name of names) {
      const other = this.#busy.get(name);
      if (other !== undefined) return other;
    }
    return undefined;
  }
}
