import assert from "node:assert/strict";
import type { TaskState } from "../../src/a2a/types.ts";
import type { Cursor, Store, StoredTask, TaskQuery } from "../../src/store/store.ts";
import { append, begun, idOf, idsOf, newTask, refOf, SCOPE, status, taskIn, time } from "../store/drafts.ts";
import type { Check } from "./store_contract.ts";

function ids(tasks: readonly StoredTask[]): string[] {
  return tasks.map(({ ref }) => ref.id);
}

function numbers(tasks: readonly StoredTask[]): number[] {
  return ids(tasks).map((id) => Number(id.split("-")[1]));
}

function assertOrdered(tasks: readonly StoredTask[]): void {
  const places = tasks.map(({ task, ref }) => `${task.status.timestamp} ${ref.id}`);
  assert.deepEqual(places, [...places].sort().reverse());
}

async function pages(
  store: Store,
  query: TaskQuery,
  between: () => Promise<void> = async () => {},
): Promise<StoredTask[][]> {
  const all: StoredTask[][] = [];
  let after: Cursor | undefined;
  do {
    const page = await store.tasks.list(SCOPE, after === undefined ? query : { ...query, after });
    all.push([...page.tasks]);
    after = page.next;
    await between();
  } while (after !== undefined);
  return all;
}

/** Twelve tasks in all kinds of states and two contexts; the number tells the order of their statuses. */
async function assorted(store: Store): Promise<void> {
  const rows: [number, TaskState[], string][] = [
    [1, ["TASK_STATE_WORKING", "TASK_STATE_COMPLETED"], "talk"],
    [2, ["TASK_STATE_WORKING"], "talk"],
    [3, [], "walk"],
    [4, ["TASK_STATE_FAILED"], "talk"],
    [5, ["TASK_STATE_INPUT_REQUIRED"], "walk"],
    [6, ["TASK_STATE_COMPLETED"], "walk"],
    [7, ["TASK_STATE_WORKING"], "walk"],
    [8, ["TASK_STATE_CANCELED"], "talk"],
    [9, ["TASK_STATE_AUTH_REQUIRED"], "talk"],
    [10, ["TASK_STATE_COMPLETED"], "talk"],
    [11, ["TASK_STATE_REJECTED"], "walk"],
    [12, [], "talk"],
  ];
  for (const [number, states, contextId] of rows) {
    await taskIn(store, number, states, { atMs: number * 1000, contextId });
  }
}

/** Query, and the numbers it finds in order. Statuses are at n × 1000 + 10 × (states behind the first). */
const FILTERS: [string, Omit<TaskQuery, "limit">, number[]][] = [
  ["everything", {}, [12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1]],
  ["a settled state", { state: "TASK_STATE_COMPLETED" }, [10, 6, 1]],
  ["an open state", { state: "TASK_STATE_WORKING" }, [7, 2]],
  ["an interrupted state", { state: "TASK_STATE_INPUT_REQUIRED" }, [5]],
  ["a state that none has", { state: "TASK_STATE_UNSPECIFIED" }, []],
  ["a context", { contextId: "walk" }, [11, 7, 6, 5, 3]],
  ["a context that there is not", { contextId: "balk" }, []],
  ["a context and a state", { contextId: "talk", state: "TASK_STATE_COMPLETED" }, [10, 1]],
  ["since, inclusive", { since: time(10_010) }, [12, 11, 10]],
  ["since, one later", { since: time(10_011) }, [12, 11]],
  ["since and a state", { since: time(6_010), state: "TASK_STATE_COMPLETED" }, [10, 6]],
  ["since and an open state", { since: time(2_011), state: "TASK_STATE_WORKING" }, [7]],
  ["since, a state and a context", { since: time(0), state: "TASK_STATE_COMPLETED", contextId: "walk" }, [6]],
  ["since the day before", { since: time(-24 * 60 * 60 * 1000) }, [12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1]],
  ["since the day after", { since: time(24 * 60 * 60 * 1000) }, []],
];

/** TaskIndex.list and Contexts (A2A v1 §3.1.4). */
export const listContract: Record<string, Check> = {
  "list() orders by status time, newest first, and filters": async ({ store, restart }) => {
    await assorted(store);
    for (const open of [() => store, restart]) {
      const one = await open();
      for (const [what, query, expected] of FILTERS) {
        const page = await one.tasks.list(SCOPE, { ...query, limit: 50 });
        assert.deepEqual(numbers(page.tasks), expected, what);
        assert.equal(page.total, expected.length, what);
        assert.equal(page.next, undefined, what);
      }
    }
  },

  "list() gives every page size the same tasks, the total each time, and no empty last page": async ({ store }) => {
    await assorted(store);
    for (const [what, query, expected] of FILTERS) {
      for (const limit of [1, 2, 3, 4, 6, 12]) {
        const all = await pages(store, { ...query, limit });
        assert.deepEqual(numbers(all.flat()), expected, `${what}, ${limit} a page`);
        assert.equal(all.length, Math.max(1, Math.ceil(expected.length / limit)), `${what}, ${limit} a page`);
        const { total } = await store.tasks.list(SCOPE, { ...query, limit });
        assert.equal(total, expected.length, what);
      }
    }
  },

  "list() orders by id where the time is the same": async ({ store }) => {
    for (const number of [3, 1, 5, 2, 4]) {
      await taskIn(store, number, number % 2 === 0 ? [] : ["TASK_STATE_COMPLETED"], {
        atMs: number % 2 === 0 ? 10 : 0,
      });
    }
    assert.deepEqual(numbers((await store.tasks.list(SCOPE, { limit: 9 })).tasks), [5, 4, 3, 2, 1]);
    assert.deepEqual(numbers((await pages(store, { limit: 2 })).flat()), [5, 4, 3, 2, 1]);
  },

  "list() shows the task as get() does, lease included": async ({ store }) => {
    await assorted(store);
    const { tasks } = await store.tasks.list(SCOPE, { limit: 50 });
    for (const task of tasks) assert.deepEqual(task, await store.tasks.get(task.ref));
  },

  "list() and get() see nothing of other owners, tenants and agents": async ({ store }) => {
    await taskIn(store, 1, ["TASK_STATE_COMPLETED"]);
    const others = [{ ...SCOPE, owner: "bob" }, { ...SCOPE, tenant: "globex" }, {
      ...SCOPE,
      owner: "ada\u001fassistant",
    }, { ...SCOPE, agent: "x" }];
    for (const [at, scope] of others.entries()) {
      assert.deepEqual(await store.tasks.list(scope, { limit: 5 }), { tasks: [], total: 0 });
      assert.deepEqual(await idsOf(store.contexts.tasks(scope, "talk")), []);
      if (scope.agent === SCOPE.agent) assert.equal(await store.tasks.get(refOf(1, scope)), undefined);
      await taskIn(store, at + 10, [], { scope });
      assert.deepEqual(numbers((await store.tasks.list(scope, { limit: 5 })).tasks), [at + 10]);
    }
    assert.deepEqual(numbers((await store.tasks.list(SCOPE, { limit: 5 })).tasks), [1]);
  },

  "list() pages stay right while tasks move: nobody twice, and all who stayed": async ({ store }) => {
    const open = new Map<number, StoredTask>();
    for (let number = 1; number <= 30; number++) {
      open.set(
        number,
        await taskIn(store, number, number % 3 === 0 ? ["TASK_STATE_COMPLETED"] : [], { atMs: number * 100 }),
      );
    }
    const movers = [1, 28, 13, 2, 25, 7];
    const seen = (await pages(store, { limit: 4 }, async () => {
      const number = movers.shift();
      const stored = number === undefined ? undefined : open.get(number);
      if (stored) await append(store, stored, status(stored.ref.id, "TASK_STATE_COMPLETED", 10_000 + stored.seq));
    })).flat();
    assert.equal(new Set(ids(seen)).size, seen.length, "no task twice");
    const stayed = [...open.keys()].filter((number) => ![1, 28, 13, 2, 25, 7].includes(number));
    for (const number of stayed) assert.ok(ids(seen).includes(idOf(number)), `task ${number} was there all the time`);
  },

  "list() while many tasks move is ordered, filtered, free of repeats, and misses nobody": async ({ store }) => {
    const tasks = await Promise.all(
      Array.from({ length: 40 }, (_, at) => store.journal.create(newTask(at, { atMs: at }))),
    );
    let moving = tasks.length;
    const states: TaskState[] = [
      "TASK_STATE_WORKING",
      "TASK_STATE_INPUT_REQUIRED",
      "TASK_STATE_WORKING",
      "TASK_STATE_COMPLETED",
    ];
    const writers = tasks.map(async (created, index) => {
      let stored = created;
      for (const [at, state] of states.entries()) {
        if (stored.lease === undefined) stored = await store.journal.acquire(stored.ref, "p1");
        stored = await append(store, stored, status(stored.ref.id, state, (at + 1) * 1000 + index));
      }
      moving--;
    });
    while (moving > 0) {
      const everything = await store.tasks.list(SCOPE, { limit: 100 });
      assertOrdered(everything.tasks);
      assert.deepEqual(ids(everything.tasks).sort(), tasks.map(({ ref }) => ref.id));
      const working = await store.tasks.list(SCOPE, { limit: 7, state: "TASK_STATE_WORKING" });
      assertOrdered(working.tasks);
      assert.ok(working.tasks.every(({ task }) => task.status.state === "TASK_STATE_WORKING"));
      assert.ok(working.tasks.length <= 7);
    }
    await Promise.all(writers);
    const done = await store.tasks.list(SCOPE, { limit: 3, state: "TASK_STATE_COMPLETED" });
    assert.equal(done.total, 40);
    assert.deepEqual(numbers(done.tasks), [39, 38, 37]);
    assert.equal((await store.tasks.list(SCOPE, { limit: 3, state: "TASK_STATE_INPUT_REQUIRED" })).total, 0);
  },

  "list() takes a task without a timestamp or a context": async ({ store }) => {
    const { ref, ...rest } = newTask(1);
    const bare = { at: time(0), event: { task: { id: ref.id, status: { state: "TASK_STATE_COMPLETED" as const } } } };
    await store.journal.create({ ref, ...rest, entries: [bare] });
    await taskIn(store, 2, ["TASK_STATE_COMPLETED"]);
    assert.deepEqual(numbers((await pages(store, { limit: 1 })).flat()), [2, 1]);
    assert.deepEqual(numbers((await store.tasks.list(SCOPE, { limit: 5, since: time(0) })).tasks), [2]);
  },

  "contexts.tasks() gives a conversation's tasks, newest first by creation": async ({ store, restart }) => {
    for (let number = 1; number <= 40; number++) {
      const contextId = number % 2 === 0 ? "talk" : "w\u00e4lk";
      // The older ones move last: creation counts here, not the status.
      await taskIn(store, number, ["TASK_STATE_COMPLETED"], { atMs: 10_000 - number, contextId });
    }
    for (const open of [() => store, restart]) {
      const one = await open();
      const expected = Array.from({ length: 20 }, (_, at) => idOf(40 - 2 * at));
      assert.deepEqual(await idsOf(one.contexts.tasks(SCOPE, "talk")), expected);
      assert.equal((await idsOf(one.contexts.tasks(SCOPE, "w\u00e4lk"))).length, 20);
      assert.deepEqual(await idsOf(one.contexts.tasks(SCOPE, "wa")), []);
      for await (const { ref } of one.contexts.tasks(SCOPE, "talk")) {
        assert.equal(ref.id, idOf(40));
        break;
      }
    }
  },

  "list() of an interrupted task that somebody took up does not move it": async ({ store }) => {
    const asked = await taskIn(store, 1, ["TASK_STATE_INPUT_REQUIRED"]);
    await store.journal.acquire(asked.ref, "p1");
    const page = await store.tasks.list(SCOPE, { limit: 5 });
    assert.deepEqual([page.total, page.tasks.length], [1, 1]);
    assert.equal((await store.tasks.list(SCOPE, { limit: 5, state: "TASK_STATE_INPUT_REQUIRED" })).total, 1);
  },

  "list() counts a task once whose entries settle it twice": async ({ store }) => {
    const entries = [
      begun(idOf(1)),
      status(idOf(1), "TASK_STATE_INPUT_REQUIRED", 5),
      status(idOf(1), "TASK_STATE_COMPLETED", 6),
    ];
    await store.journal.create(newTask(1, { entries }));
    assert.equal((await store.tasks.list(SCOPE, { limit: 5 })).total, 1);
    assert.equal((await store.tasks.list(SCOPE, { limit: 5, state: "TASK_STATE_INPUT_REQUIRED" })).total, 0);
  },
};
