import assert from "node:assert/strict";
import type { TaskState } from "../../src/a2a/types.ts";
import { Conflict } from "../../src/store/store.ts";
import { append, idOf, idsOf, newTask, refOf, status, step, taskIn } from "../store/drafts.ts";
import type { Check } from "./store_contract.ts";

const TERMINAL: TaskState[] = [
  "TASK_STATE_COMPLETED",
  "TASK_STATE_FAILED",
  "TASK_STATE_CANCELED",
  "TASK_STATE_REJECTED",
];
const INTERRUPTED: TaskState[] = ["TASK_STATE_INPUT_REQUIRED", "TASK_STATE_AUTH_REQUIRED"];

/** Who may write, and what a start finds to take up. */
export const leaseContract: Record<string, Check> = {
  "a status that settles the task gives the lease back": async ({ store }) => {
    for (const [number, state] of [...TERMINAL, ...INTERRUPTED].entries()) {
      const created = await store.journal.create(newTask(number));
      const settled = await append(store, created, status(idOf(number), state, 5));
      assert.equal(settled.lease, undefined, state);
      assert.equal((await store.tasks.get(settled.ref))?.lease, undefined, state);
      await assert.rejects(
        append(store, { ...settled, lease: { holder: "p1", fence: 1 } }, step("late")),
        Conflict,
        state,
      );
    }
  },

  "a task that works on keeps its lease, whatever it passed through": async ({ store }) => {
    const created = await store.journal.create(newTask(1));
    const through = [status(idOf(1), "TASK_STATE_INPUT_REQUIRED", 5), status(idOf(1), "TASK_STATE_WORKING", 6)];
    assert.deepEqual((await append(store, created, ...through)).lease, { holder: "p1", fence: 1 });
  },

  "acquire() takes up an interrupted task with a higher fence": async ({ store }) => {
    const asked = await taskIn(store, 1, ["TASK_STATE_WORKING", "TASK_STATE_INPUT_REQUIRED"]);
    const taken = await store.journal.acquire(asked.ref, "p1");
    assert.deepEqual(taken.lease, { holder: "p1", fence: 2 });
    assert.equal(taken.seq, asked.seq);
    assert.deepEqual(taken.task, asked.task);
    assert.deepEqual(await store.tasks.get(asked.ref), taken);
    const working = await append(store, taken, status(idOf(1), "TASK_STATE_WORKING", 50));
    assert.deepEqual(working.lease, { holder: "p1", fence: 2 });
  },

  "acquire() refuses a task that ended, that is held, or that there is not": async ({ store }) => {
    await taskIn(store, 1, ["TASK_STATE_COMPLETED"]);
    await taskIn(store, 2, ["TASK_STATE_WORKING"]);
    for (const number of [1, 2, 3]) await assert.rejects(store.journal.acquire(refOf(number), "p1"), Conflict);
  },

  "acquire() gives the lease to one of many": async ({ store }) => {
    const asked = await taskIn(store, 1, ["TASK_STATE_AUTH_REQUIRED"]);
    const settled = await Promise.allSettled(Array.from({ length: 8 }, () => store.journal.acquire(asked.ref, "p1")));
    const won = settled.flatMap((result) => result.status === "fulfilled" ? [result.value.lease] : []);
    assert.deepEqual(won, [{ holder: "p1", fence: 2 }]);
  },

  "a restart finds the open tasks, and only them, as orphans": async ({ store, restart }) => {
    await taskIn(store, 1, []);
    await taskIn(store, 2, ["TASK_STATE_WORKING"]);
    await taskIn(store, 3, ["TASK_STATE_WORKING", "TASK_STATE_COMPLETED"]);
    const asked = await taskIn(store, 4, ["TASK_STATE_INPUT_REQUIRED"]);
    await store.journal.acquire(asked.ref, "p1");
    assert.deepEqual(await idsOf(store.journal.orphans()), [], "this process runs them");

    const later = await restart();
    assert.deepEqual((await idsOf(later.journal.orphans())).sort(), [idOf(1), idOf(2)]);
    for await (const { agent } of later.journal.orphans()) assert.equal(agent, "assistant");
    assert.equal((await later.tasks.get(refOf(2)))?.lease, undefined, "a dead holder's lease is nobody's");
    await later.journal.create(newTask(5, { holder: "p2" }));
    await later.journal.acquire(refOf(1), "p2");
    assert.deepEqual(await idsOf(later.journal.orphans()), [idOf(2)]);
  },

  "fences rise over restarts, and an old holder is refused": async ({ store, restart }) => {
    const open = await taskIn(store, 1, ["TASK_STATE_WORKING"]);
    const asked = await taskIn(store, 2, ["TASK_STATE_INPUT_REQUIRED"]);
    await store.journal.acquire(asked.ref, "p1");

    const second = await restart();
    assert.deepEqual((await second.journal.acquire(open.ref, "p2")).lease, { holder: "p2", fence: 2 });
    assert.deepEqual((await second.journal.acquire(asked.ref, "p2")).lease, { holder: "p2", fence: 3 });
    await assert.rejects(append(second, open, step("zombie")), Conflict);

    const third = await restart();
    const again = await third.journal.acquire(open.ref, "p3");
    assert.deepEqual(again.lease, { holder: "p3", fence: 3 });
    await append(third, again, status(idOf(1), "TASK_STATE_INPUT_REQUIRED", 60));

    const fourth = await restart();
    assert.deepEqual((await fourth.journal.acquire(open.ref, "p4")).lease, { holder: "p4", fence: 4 });
  },
};
