import { setImmediate } from "node:timers";

export interface GroupCommitOptions<Item> {
  /** Makes the whole batch durable, or throws and none of it. */
  readonly commit: (batch: readonly Item[]) => Promise<void>;
  /** How many of the first waiting items go into the next batch: at least one. */
  readonly fit: (waiting: readonly Item[]) => number;
  /** Whether a batch that failed like this may hold a guilty item: then it is halved until that one stands alone. */
  readonly isolates: (error: unknown) => boolean;
}

interface Waiting<Item> {
  readonly item: Item;
  readonly resolve: () => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * Many writers, one commit (DeWitt et al. 1984, "group commit"): while one commit is under way the next batch gathers.
 * No timer: a lone writer waits for one turn of the event loop. Items become durable in the order of their submission.
 */
export class GroupCommit<Item> {
  readonly #options: GroupCommitOptions<Item>;
  #waiting: Waiting<Item>[] = [];
  #running: Promise<void> | undefined;

  constructor(options: GroupCommitOptions<Item>) {
    this.#options = options;
  }

  /** Resolves when the item is durable. Rejects with the reason why it alone, or the whole batch, is not. */
  submit(item: Item): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ item, resolve, reject });
      this.#running ??= this.#run();
    });
  }

  /** Resolves when everything that was submitted is settled. */
  async drain(): Promise<void> {
    while (this.#running !== undefined) await this.#running;
  }

  async #run(): Promise<void> {
    do {
      // Everybody who was just answered gets to submit again. setTimeout(0) would cost 2 ms here (measured on Deno 2.9).
      await new Promise((resolve) => setImmediate(resolve));
      const items = this.#waiting.map(({ item }) => item);
      const batch = this.#waiting.splice(0, Math.max(1, this.#options.fit(items)));
      await this.#commit(batch);
    } while (this.#waiting.length > 0);
    this.#running = undefined;
  }

  async #commit(batch: readonly Waiting<Item>[]): Promise<void> {
    try {
      await this.#options.commit(batch.map(({ item }) => item));
    } catch (error) {
      if (batch.length > 1 && this.#options.isolates(error)) {
        const half = Math.ceil(batch.length / 2);
        await this.#commit(batch.slice(0, half));
        await this.#commit(batch.slice(half));
      } else {
        for (const { reject } of batch) reject(error);
      }
      return;
    }
    for (const { resolve } of batch) resolve();
  }
}
