import type { TaskState } from "../a2a/types.ts";
import { isSettled } from "./fold.ts";
import { contextPrefix, countPrefix, dayOf, SETTLED_STATES, settledKey } from "./kv_keys.ts";
import type { Place, TaskPlaces } from "./kv_places.ts";
import type { KvTasks } from "./kv_tasks.ts";
import type { Scope, StoredTask, TaskPage, TaskQuery } from "./store.ts";
import { keyPart, scopeKey } from "./store_key.ts";
import { compareCursors, cursorOf, isBehind, matches, toPage } from "./task_order.ts";

export interface KvListDeps {
  readonly kv: Deno.Kv;
  readonly tasks: KvTasks;
  readonly places: TaskPlaces;
}

/** Behind every timestamp and every id. */
const LAST = "~";
const LOADED_AT_ONCE = 16;
const ROWS_PER_READ = 500;

/**
 * ListTasks over the database: settled tasks from their index, open ones from memory. One list is consistent although
 * tasks move while it reads: what moved meanwhile is watched and put where it is now.
 */
export class KvList {
  readonly #deps: KvListDeps;

  constructor(deps: KvListDeps) {
    this.#deps = deps;
  }

  async list(scope: Scope, query: TaskQuery): Promise<TaskPage> {
    const { contextId, limit } = query;
    if (contextId !== undefined) {
      // A conversation has few tasks, so its list needs no index.
      return toPage(await Array.fromAsync(this.context(scope, contextId)), query);
    }
    const name = scopeKey(scope);
    const { tasks, places } = this.#deps;
    await tasks.placeAll(places.unplaced(name));
    const [{ found, horizon }, settled] = await Promise.all([this.#find(name, query), this.#countSettled(name, query)]);
    const open = Array.from(places.open(name)).filter((place) => isListed(place, { ...query, after: undefined }));
    const page = found.slice(0, limit);
    const end = found.length > limit ? page.at(-1) : horizon;
    return {
      tasks: await this.#load(scope, page, query),
      total: Math.max(settled + open.length, page.length),
      ...(end === undefined ? {} : { next: { timestamp: end.timestamp, id: end.id } }),
    };
  }

  async *context(scope: Scope, contextId: string): AsyncIterable<StoredTask> {
    const ids: string[] = [];
    const prefix = contextPrefix(scopeKey(scope), keyPart(contextId));
    for await (const { key } of this.#deps.kv.list({ prefix }, { reverse: true })) {
      ids.push(String(key[3]));
      if (ids.length === LOADED_AT_ONCE) yield* await this.#peek(scope, ids.splice(0));
    }
    yield* await this.#peek(scope, ids);
  }

  /** One read to find each context and one for its first task: what lies between is passed over. */
  async *openings(scope: Scope, after?: string): AsyncIterable<StoredTask> {
    const { kv } = this.#deps;
    const prefix = contextPrefix(scopeKey(scope));
    let end = after === undefined ? undefined : contextPrefix(scopeKey(scope), keyPart(after));
    while (true) {
      const [last] = await Array.fromAsync(kv.list({ prefix, ...(end && { end }) }, { reverse: true, limit: 1 }));
      if (last === undefined) return;
      end = contextPrefix(scopeKey(scope), String(last.key[2]));
      const [first] = await Array.fromAsync(kv.list({ prefix: end }, { limit: 1 }));
      if (first !== undefined) yield* await this.#peek(scope, [String(first.key[3])]);
    }
  }

  /** The places of the page and the one after it, in order, as far as is known: up to the horizon. */
  async #find(scope: string, query: TaskQuery): Promise<{ found: Place[]; horizon: Place | undefined }> {
    const { places } = this.#deps;
    const watch = places.watch(scope);
    try {
      const scans = await Promise.all(settledStates(query).map((state) => this.#scan(scope, state, query)));
      // A scan that stopped at its limit says nothing of what comes behind its last row.
      const horizon = scans.filter((scan) => scan.length > query.limit).flatMap((scan) => scan.slice(-1))
        .sort(compareCursors).at(0);
      const found = new Map(scans.flat().map((place) => [place.id, place]));
      for (const place of places.departing(scope)) if (!found.has(place.id)) found.set(place.id, place);
      for (const place of places.open(scope)) found.set(place.id, place);
      for (const [id, place] of watch.moved) found.set(id, place);
      const known = [...found.values()].filter((place) =>
        isListed(place, query) && (horizon === undefined || compareCursors(place, horizon) <= 0)
      );
      return { found: known.sort(compareCursors), horizon };
    } finally {
      watch.stop();
    }
  }

  /** One state's rows from the index, newest first: those of the page and one more. */
  async #scan(scope: string, state: TaskState, { since = "", after, limit }: TaskQuery): Promise<Place[]> {
    const start = settledKey(scope, state, since);
    const end = after === undefined
      ? settledKey(scope, state, LAST)
      : settledKey(scope, state, after.timestamp, keyPart(after.id));
    const batchSize = Math.min(limit + 1, ROWS_PER_READ);
    const places: Place[] = [];
    for await (const { key } of this.#deps.kv.list({ start, end }, { reverse: true, limit: limit + 1, batchSize })) {
      places.push({ state, timestamp: String(key[3]), id: String(key[4]) });
    }
    return places;
  }

  /** How many settled tasks match: whole days from the counters, the first day from the index. */
  async #countSettled(scope: string, { state, since = "" }: TaskQuery): Promise<number> {
    if (state !== undefined && !isSettled(state)) return 0;
    const { kv } = this.#deps;
    let total = 0;
    for await (
      const { key, value } of kv.list<Deno.KvU64>({ prefix: countPrefix(scope, state) }, { batchSize: ROWS_PER_READ })
    ) {
      if (String(key[3]) > dayOf(since) || since === "") total += Number(value.value);
    }
    if (since === "") return total;
    for (const one of settledStates({ state })) {
      const selector = { start: settledKey(scope, one, since), end: settledKey(scope, one, dayOf(since) + LAST) };
      for await (const _ of kv.list(selector, { batchSize: ROWS_PER_READ })) total++;
    }
    return total;
  }

  /** The tasks of the page. Those that have moved out of it since are left to the page where they are now. */
  async #load(scope: Scope, page: readonly Place[], query: TaskQuery): Promise<StoredTask[]> {
    const tasks = await this.#peek(scope, page.map(({ id }) => id));
    return tasks
      .filter(({ task }) => matches(task, query) && isBehind(cursorOf(task), query.after))
      .sort((a, b) => compareCursors(cursorOf(a.task), cursorOf(b.task)));
  }

  async #peek({ tenant, owner }: Scope, ids: readonly string[]): Promise<StoredTask[]> {
    const tasks = await Promise.all(ids.map((id) => this.#deps.tasks.peek({ tenant, owner, id })));
    return tasks.filter((task) => task !== undefined);
  }
}

function settledStates({ state }: Pick<TaskQuery, "state">): readonly TaskState[] {
  return state === undefined ? SETTLED_STATES : SETTLED_STATES.filter((settled) => settled === state);
}

function isListed(place: Place, { state, since, after }: TaskQuery): boolean {
  if (state !== undefined && place.state !== state) return false;
  return (since === undefined || place.timestamp >= since) && isBehind(place, after);
}
