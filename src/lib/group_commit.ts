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

/** So many items are worth a commit of their own while another is under way. */
export const PIPELINED_ITEMS = 32;
const MAX_COMMITS = 2;

/**
 * Many writers, one commit (DeWitt et al. 1984, "group commit"): while one commit is under way the next batch gathers.
 * No timer: a lone writer waits for one turn of the event loop. Under load two commits are under way, each with half of
 * what waits, so that the writers of one batch prepare what comes next while the database works on the other (half as
 * much again as with one, measured on Deno KV). Whoever submits the second of two items that must not change places has
 * to wait for the first.
 */
export class GroupCommit<Item> {
  readonly #options: GroupCommitOptions<Item>;
  #waiting: Waiting<Item>[] = [];
  #committing = 0;
  #lanes = 0;
  readonly #running = new Set<Promise<void>>();

  constructor(options: GroupCommitOptions<Item>) {
    this.#options = options;
  }

  /** Resolves when the item is durable. Rejects with the reason why it alone, or the whole batch, is not. */
  submit(item: Item): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ item, resolve, reject });
      this.#start();
    });
  }

  /** Resolves when everything that was submitted is settled. */
  async drain(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running);
  }

  #start(): void {
    if (!this.#isDue(this.#lanes)) return;
    this.#lanes++;
    const running = this.#run().finally(() => this.#running.delete(running));
    this.#running.add(running);
  }

  /** Whether what waits should be committed now, beside `others`. */
  #isDue(others: number): boolean {
    return others === 0 ? this.#waiting.length > 0 : others < MAX_COMMITS && this.#waiting.length >= PIPELINED_ITEMS;
  }

  async #run(): Promise<void> {
    do {
      // Everybody who was just answered gets to submit again. setTimeout(0) would cost 2 ms here (measured on Deno 2.9).
      await new Promise((resolve) => setImmediate(resolve));
      const batch = this.#takeBatch();
      this.#start();
      this.#committing += batch.length;
      await this.#commit(batch);
      this.#committing -= batch.length;
    } while (this.#isDue(this.#lanes - 1));
    this.#lanes--;
  }

  #takeBatch(): Waiting<Item>[] {
    const half = Math.ceil((this.#waiting.length + this.#committing) / MAX_COMMITS);
    const next = this.#waiting.slice(0, Math.max(PIPELINED_ITEMS, half)).map(({ item }) => item);
    return this.#waiting.splice(0, Math.max(1, this.#options.fit(next)));
  }

  async #commit(batch: readonly Waiting<Item>[]): Promise<void> {
    if (batch.length === 0) return;
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
