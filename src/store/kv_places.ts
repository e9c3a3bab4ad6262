import type { Task, TaskState } from "../a2a/types.ts";
import { isSettled } from "./fold.ts";
import type { Cursor, Lease, TaskRef } from "./store.ts";
import { cursorOf } from "./task_order.ts";

/** Where a task stands in its scope's list. */
export interface Place extends Cursor {
  readonly state: TaskState;
}

export function placeOf(task: Task): Place {
  return { ...cursorOf(task), state: task.status.state };
}

/** A task that somebody runs or ran: it has a lease row. */
export interface LeasedTask {
  readonly ref: TaskRef;
  readonly agent: string;
  readonly key: string;
  readonly scope: string;
  readonly lease: Lease;
}

/** A list in the making: which tasks of its scope have moved since it began, and where they are now. */
export interface Watch {
  readonly moved: ReadonlyMap<string, Place>;
  stop(): void;
}

/**
 * What the database's list index leaves out: the open tasks. They move with every status, and there are few of them, so
 * their places are kept here; a task gets a row in the index when it settles. After a start the places of leased tasks are
 * unknown until somebody loads them.
 */
export class TaskPlaces {
  readonly #leased = new Map<string, LeasedTask>();
  /** By scope and id. */
  readonly #open = new Map<string, Map<string, Place>>();
  readonly #unplaced = new Map<string, LeasedTask>();
  readonly #watches = new Map<string, Set<Map<string, Place>>>();
  readonly #departing = new Map<string, Set<Place>>();

  lease(key: string): Lease | undefined {
    return this.#leased.get(key)?.lease;
  }

  get leased(): Iterable<LeasedTask> {
    return this.#leased.values();
  }

  /** Leased tasks that nobody has placed since the start. */
  unplaced(scope: string): LeasedTask[] {
    return this.#unplaced.size === 0 ? [] : [...this.#unplaced.values()].filter((task) => task.scope === scope);
  }

  /** From a lease row, at start. */
  adopt(task: LeasedTask): void {
    this.#leased.set(task.key, task);
    this.#unplaced.set(task.key, task);
  }

  /** The task has this lease now, or none. */
  setLease({ ref, agent, key, scope }: Omit<LeasedTask, "lease">, lease: Lease | undefined): void {
    if (lease === undefined) this.#leased.delete(key);
    else this.#leased.set(key, { ref, agent, key, scope, lease });
  }

  /** Somebody has loaded the task and found it here. */
  place(task: { readonly key: string; readonly scope: string }, place: Place): void {
    if (this.#unplaced.has(task.key)) this.move(task, place);
  }

  /** The task stands here now. */
  move({ key, scope }: { readonly key: string; readonly scope: string }, place: Place): void {
    if (this.#unplaced.size > 0) this.#unplaced.delete(key);
    const open = this.#open.get(scope);
    if (!isSettled(place.state)) {
      if (open === undefined) this.#open.set(scope, new Map([[place.id, place]]));
      else open.set(place.id, place);
    } else if (open?.delete(place.id) && open.size === 0) this.#open.delete(scope);
    for (const moved of this.#watches.get(scope) ?? []) moved.set(place.id, place);
  }

  /**
   * A settled task is about to move. The database may show that before its writer hears of it, so until the returned
   * function is called the task is where it was for whoever finds it nowhere else.
   */
  depart(scope: string, place: Place): () => void {
    const departing = this.#departing.get(scope) ?? new Set();
    departing.add(place);
    this.#departing.set(scope, departing);
    return () => {
      departing.delete(place);
      if (departing.size === 0 && this.#departing.get(scope) === departing) this.#departing.delete(scope);
    };
  }

  departing(scope: string): Iterable<Place> {
    return this.#departing.get(scope) ?? [];
  }

  open(scope: string): Iterable<Place> {
    return this.#open.get(scope)?.values() ?? [];
  }

  watch(scope: string): Watch {
    const moved = new Map<string, Place>();
    const watches = this.#watches.get(scope) ?? new Set();
    watches.add(moved);
    this.#watches.set(scope, watches);
    return {
      moved,
      stop: () => {
        watches.delete(moved);
        if (watches.size === 0 && this.#watches.get(scope) === watches) this.#watches.delete(scope);
      },
    };
  }
}
