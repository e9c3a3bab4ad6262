import assert from "node:assert/strict";
import type { TaskState } from "../../src/a2a/types.ts";
import { openKvStore } from "../../src/store/kv.ts";
import { MemoryRecords, MemoryStore } from "../../src/store/memory_store.ts";
import type { Draft, Store, StoredTask } from "../../src/store/store.ts";
import { begun, delta, idOf, idsOf, input, newTask, refOf, said, SCOPE, status, step, time } from "./drafts.ts";

/** A small generator of numbers (mulberry32), so that a failing run can be repeated by its seed. */
function randomFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

const STATES: TaskState[] = [
  "TASK_STATE_WORKING",
  "TASK_STATE_INPUT_REQUIRED",
  "TASK_STATE_COMPLETED",
  "TASK_STATE_WORKING",
  "TASK_STATE_FAILED",
];
const TASKS = 12;

type Action = (store: Store, holder: string) => Promise<unknown>;

/** One thing that somebody may do, right or wrong, the same on every store. */
function randomAction(random: (below: number) => number, now: number): Action {
  const number = random(TASKS);
  const id = idOf(number);
  const drafts: Draft[] = Array.from({ length: random(4) }, () => {
    switch (random(4)) {
      case 0:
        return now % 2 === 0 ? step(`${now}`) : { ...step(`${now}`), deadlineMs: now };
      case 1:
        return input(said(`said ${now}`));
      case 2:
        return status(
          id,
          STATES[random(STATES.length)] ?? "TASK_STATE_WORKING",
          now,
          random(2) === 0 ? said(`note ${now}`) : undefined,
        );
      default:
        return delta(id, "x".repeat(random(20) === 0 ? 90_000 : random(50)), random(5) > 0);
    }
  });
  const message = random(3) === 0 ? { id: `m-${random(6)}`, digest: `${now}` } : undefined;
  const stale = random(6) === 0 ? 1 : 0;
  switch (random(7)) {
    case 0:
    case 1: {
      const entries = [begun(id, { atMs: now, contextId: `c-${number % 3}` }), ...drafts];
      return (store, holder) =>
        store.journal.create({ ...newTask(number, { entries, ...(message ? { message } : {}) }), holder });
    }
    case 2:
      return (store, holder) => store.journal.acquire(refOf(number), holder);
    default:
      return async (store) => {
        const stored = await store.tasks.get(refOf(number));
        const lease = stored?.lease ?? { holder: "nobody", fence: 0 };
        const expect = { seq: (stored?.seq ?? 0) - stale, lease, ...(message ? { message } : {}) };
        return await store.journal.append(refOf(number), drafts, expect);
      };
  }
}

async function outcome(act: () => Promise<unknown>): Promise<unknown> {
  try {
    return { value: await act() };
  } catch (error) {
    return { error: error instanceof Error ? `${error.name}: ${error.message}` : error };
  }
}

/** All that can be seen of a store. */
async function seen(store: Store): Promise<unknown> {
  const lists = [];
  for (const state of [undefined, ...new Set(STATES)]) {
    for (const contextId of [undefined, "c-1"]) {
      lists.push(
        await store.tasks.list(SCOPE, {
          limit: 5,
          since: time(20),
          ...(state && { state }),
          ...(contextId && { contextId }),
        }),
      );
    }
  }
  const tasks: (StoredTask | undefined)[] = [];
  const journals = [];
  for (let number = 0; number < TASKS; number++) {
    tasks.push(await store.tasks.get(refOf(number)));
    journals.push(await Array.fromAsync(store.journal.read(refOf(number), number % 4)));
  }
  const orphans = (await idsOf(store.journal.orphans())).sort();
  const deadlines = (await Array.fromAsync(store.journal.deadlines())).sort((a, b) => a.ref.id < b.ref.id ? -1 : 1);
  const conversation = await idsOf(store.contexts.tasks(SCOPE, "c-2"));
  return { lists, tasks, journals, orphans, deadlines, conversation };
}

for (const [seed, hotBytes] of [[1, undefined], [2, undefined], [3, 0], [4, 0], [5, 20_000]] as const) {
  Deno.test(`KvStore and MemoryStore tell the same story (seed ${seed})`, async () => {
    const folder = await Deno.makeTempDir();
    const random = randomFrom(seed);
    const records = new MemoryRecords();
    const open = async (holder: string) => {
      const deps = { holder, now: () => 0 };
      return {
        kv: await openKvStore(`${folder}/same.db`, { ...deps, hotBytes }),
        memory: new MemoryStore(deps, records),
      };
    };
    let holder = "p0";
    let stores = await open(holder);
    try {
      for (let now = 1; now <= 150; now++) {
        if (random(30) === 0) {
          await stores.kv.close();
          holder = `p${now}`;
          stores = await open(holder);
        }
        const action = randomAction(random, now);
        const { kv, memory } = stores;
        assert.deepEqual(
          await outcome(() => action(kv, holder)),
          await outcome(() => action(memory, holder)),
          `action ${now}`,
        );
        if (now % 10 === 0) assert.deepEqual(await seen(kv), await seen(memory), `after action ${now}`);
      }
    } finally {
      await stores.kv.close();
      await Deno.remove(folder, { recursive: true });
    }
  });
}
