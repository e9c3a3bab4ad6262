import { isSettled } from "./fold.ts";
import { type HotTask, HotTasks, toStored } from "./kv_hot.ts";
import type { KvLog } from "./kv_log.ts";
import { type LeasedTask, placeOf, type TaskPlaces } from "./kv_places.ts";
import type { StoredTask, TaskRef } from "./store.ts";
import { refKey, scopeKey } from "./store_key.ts";

export interface KvTasksDeps {
  readonly log: KvLog;
  readonly places: TaskPlaces;
  /** A lease of another holder is dead: nobody else may have this database open. */
  readonly holder: string;
  /** Whether somebody is about to write to this task. */
  readonly isBusy: (key: string) => boolean;
  /** How much memory the hot tasks may take, roughly. */
  readonly hotBytes?: number | undefined;
}

/** The tasks as they are after the last commit: from memory if they are hot, else from the log. */
export class KvTasks {
  readonly #log: KvLog;
  readonly #places: TaskPlaces;
  readonly #holder: string;
  readonly #hot: HotTasks;
  readonly #loading = new Map<string, Promise<HotTask | undefined>>();
  /** Tasks whose log is being removed: it tells nothing any more. */
  readonly #erased = new Set<string>();

  constructor({ log, places, holder, isBusy, hotBytes }: KvTasksDeps) {
    this.#log = log;
    this.#places = places;
    this.#holder = holder;
    this.#hot = new HotTasks(isBusy, hotBytes);
  }

  /** The task if it is in memory. */
  hot(key: string): HotTask | undefined {
    return this.#hot.get(key);
  }

  /** The task, which stays in memory for a while. */
  async load(ref: TaskRef, key: string = refKey(ref)): Promise<HotTask | undefined> {
    const hot = this.#hot.get(key);
    if (hot !== undefined) return hot;
    let loading = this.#loading.get(key);
    if (loading === undefined) {
      // All share one load, so nobody commits to the task while it is read: whoever wants to waits for it here.
      loading = this.#loadCold(ref, key).finally(() => this.#loading.delete(key));
      this.#loading.set(key, loading);
    }
    return await loading;
  }

  /** The task for somebody who looks at many: it does not push others out of memory. */
  async peek(ref: TaskRef): Promise<StoredTask | undefined> {
    const key = refKey(ref);
    const hot = this.#hot.get(key) ?? await this.#read(ref, key);
    return hot && this.visible(this.#hot.get(key) ?? hot);
  }

  /** What a commit made of the task. */
  publish(before: HotTask | undefined, hot: HotTask): void {
    this.#hot.set(hot);
    if (hot.lease !== before?.lease) this.#places.setLease(hot, hot.lease);
    if (hot.task.status !== before?.task.status) this.#places.move(hot, placeOf(hot.task));
  }

  /** The task is about to change. The returned function is to be called when that is published, or has failed. */
  depart(before: HotTask | undefined): () => void {
    if (before === undefined || !isSettled(before.task.status.state)) return STAYED;
    return this.#places.depart(before.scope, placeOf(before.task));
  }

  /** The task is not as memory has it: the next one who asks reads it again. */
  forget(key: string): void {
    this.#hot.delete(key);
  }

  /** The task is no more. */
  erase(hot: HotTask): void {
    this.#erased.add(hot.key);
    this.#hot.delete(hot.key);
    this.#places.setLease(hot, undefined);
  }

  /** The log of an erased task is gone, too. */
  forgetErased(key: string): void {
    this.#erased.delete(key);
  }

  /** As everybody sees it: a dead holder's lease is nobody's. */
  visible(hot: HotTask): StoredTask {
    return toStored(hot, hot.lease?.holder === this.#holder ? hot.lease : undefined);
  }

  /** Finds the places of the tasks that were open when the last process ended. */
  async placeAll(tasks: Iterable<LeasedTask>): Promise<void> {
    for (const { ref } of tasks) await this.load(ref);
  }

  async #loadCold(ref: TaskRef, key: string): Promise<HotTask | undefined> {
    const read = await this.#read(ref, key);
    // Whoever created the task meanwhile knows it at least as well.
    const hot = this.#hot.get(key);
    if (hot !== undefined || read === undefined) return hot;
    this.#hot.set(read);
    this.#places.place(read, placeOf(read.task));
    return read;
  }

  async #read({ tenant, owner, id }: TaskRef, key: string): Promise<HotTask | undefined> {
    const logged = await this.#log.load(key);
    if (logged === undefined || this.#erased.has(key)) return undefined;
    const lease = this.#places.lease(key);
    const ref = { tenant, owner, id };
    return {
      ...logged,
      ref,
      key,
      scope: scopeKey({ tenant, owner, agent: logged.agent }),
      lease,
      fence: lease?.fence ?? logged.fence,
      recentBytes: logged.unfolded.bytes + logged.unfolded.foldBytes,
    };
  }
}

const STAYED = () => {};
