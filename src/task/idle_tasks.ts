import {
  Conflict,
  type Draft,
  type Lease,
  type NewTask,
  type Store,
  type StoredTask,
  type TaskRef,
} from "../store/store.ts";
import { Turnstile } from "./turnstile.ts";

/** A task whose writer we are. */
export type Held = StoredTask & { readonly lease: Lease };

export interface IdleEntries {
  readonly drafts: readonly Draft[];
  /** The seq that the drafts were made for: if the task has moved since, nothing is written. */
  readonly seq: number;
  readonly message?: NewTask["message"];
}

/** Writes to tasks that nobody runs: the peer's next message, a cancellation. */
export class IdleTasks {
  readonly #store: Store;
  readonly #holder: string;
  readonly #turnstile = new Turnstile();
  /** Leases that an append did not use up. The store would not give them to this holder a second time. */
  readonly #kept = new Map<string, Held>();

  constructor(store: Store, holder: string) {
    this.#store = store;
    this.#holder = holder;
  }

  /** Calls of this process about one task take turns. */
  alone<T>(taskId: string, act: () => Promise<T>): Promise<T> {
    return this.#turnstile.pass(taskId, act);
  }

  /** Takes the lease and appends. Throws Conflict when somebody runs the task or it has moved, DuplicateMessage. */
  async append(ref: TaskRef, { drafts, seq, message }: IdleEntries): Promise<Held> {
    const held = this.#kept.get(ref.id) ?? await this.#store.journal.acquire(ref, this.#holder);
    this.#kept.set(ref.id, held);
    if (held.seq !== seq) throw new Conflict(`Task "${ref.id}" has moved`);
    try {
      const stored = await this.#store.journal.append(ref, drafts, { seq, lease: held.lease, message });
      this.#kept.delete(ref.id);
      return { ...stored, lease: held.lease };
    } catch (thrown) {
      if (thrown instanceof Conflict) this.#kept.delete(ref.id);
      throw thrown;
    }
  }
}
