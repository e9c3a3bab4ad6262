import type { JsonObject } from "../lib/json.ts";
import type { Log } from "../lib/log.ts";
import type { Revisions, StoredRevision } from "../store/store.ts";

/** Revisions that an operator can go back to; older ones are kept while tasks need them. */
const KEPT = 50;

export interface RevisionLogDeps {
  readonly revisions: Revisions;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly log: Log;
}

/** The revisions that were served, in the store: a task that began under one can go on under it after any restart. */
export class RevisionLog {
  readonly #deps: RevisionLogDeps;
  #pruning = Promise.resolve();

  constructor(deps: RevisionLogDeps) {
    this.#deps = deps;
  }

  /** Durable when it resolves: the revision is served from now on. */
  async note(id: string, content: JsonObject): Promise<void> {
    const { revisions, now } = this.#deps;
    await revisions.put({ id, at: new Date(now()).toISOString(), content });
    this.#pruning = this.#pruning.then(() => this.#prune());
  }

  get(id: string): Promise<StoredRevision | undefined> {
    return this.#deps.revisions.get(id);
  }

  /** Newest first. */
  list(): Promise<StoredRevision[]> {
    return Array.fromAsync(this.#deps.revisions.list());
  }

  /** Resolves when nothing is being removed. */
  settled(): Promise<void> {
    return this.#pruning;
  }

  async #prune(): Promise<void> {
    const { revisions, log } = this.#deps;
    try {
      const old = (await this.list()).slice(KEPT);
      if (old.length === 0) return;
      const used = await revisions.inUse();
      for (const { id } of old) if (!used.has(id)) await revisions.delete(id);
    } catch (error) {
      log.warn("old revisions of the configuration could not be removed", { error });
    }
  }
}
