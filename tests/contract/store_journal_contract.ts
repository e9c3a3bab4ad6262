import assert from "node:assert/strict";
import { apply } from "../../src/a2a/apply.ts";
import { Conflict, type Draft, type Entry } from "../../src/store/store.ts";
import { append, begun, delta, idOf, input, newTask, refOf, said, SCOPE, status, step } from "../store/drafts.ts";
import type { Check } from "./store_contract.ts";

function seqs(entries: readonly Entry[]): number[] {
  return entries.map(({ seq }) => seq);
}

/** Journal.create, append and read. */
export const journalContract: Record<string, Check> = {
  "create() records the task, leased to its creator": async ({ store }) => {
    const entries = [begun(idOf(1)), step("plan")];
    const stored = await store.journal.create(newTask(1, { entries }));

    assert.deepEqual(stored.ref, refOf(1));
    assert.equal(stored.agent, "assistant");
    assert.equal(stored.seq, 2);
    assert.deepEqual(stored.lease, { holder: "p1", fence: 1 });
    assert.deepEqual(await store.tasks.get(refOf(1)), stored);
    const recorded = await Array.fromAsync(store.journal.read(refOf(1)));
    assert.deepEqual(recorded, entries.map((draft, index) => ({ ...draft, seq: index + 1 })));
  },

  "create() of a task that is settled at once leases it to nobody": async ({ store }) => {
    const stored = await store.journal.create(newTask(1, { state: "TASK_STATE_COMPLETED" }));
    assert.equal(stored.lease, undefined);
  },

  "create() refuses an id that is taken and leaves its task alone": async ({ store }) => {
    const first = await store.journal.create(newTask(1, { text: "first" }));
    await assert.rejects(store.journal.create(newTask(1, { text: "second" })), Conflict);
    assert.deepEqual(await store.tasks.get(refOf(1)), first);
  },

  "create() gives an id to one of many who want it at once": async ({ store }) => {
    const wanted = Array.from({ length: 10 }, (_, at) => store.journal.create(newTask(1, { text: `${at}` })));
    const settled = await Promise.allSettled(wanted);
    const won = settled.filter((result) => result.status === "fulfilled").map(({ value }) => value);
    assert.equal(won.length, 1);
    assert.deepEqual(await store.tasks.get(refOf(1)), won[0]);
    const lost = settled.filter((result) => result.status === "rejected");
    assert.ok(lost.every(({ reason }) => reason instanceof Conflict));
    assert.equal((await store.tasks.list(SCOPE, { limit: 5 })).total, 1);
  },

  "create() refuses a journal that does not begin with its task": async ({ store }) => {
    for (const entries of [[], [step("a")], [status(idOf(1), "TASK_STATE_WORKING")], [input(said("m"))]]) {
      await assert.rejects(store.journal.create(newTask(1, { entries })), TypeError);
    }
    assert.equal(await store.tasks.get(refOf(1)), undefined);
  },

  "create() refuses an id that could not stand in a key": async ({ store }) => {
    for (const id of ["", "x".repeat(97), "naïve", "a\u001fb", "\ud800"]) {
      const task = { ...newTask(1), ref: { ...refOf(1), id }, entries: [begun(id)] };
      await assert.rejects(store.journal.create(task), TypeError);
    }
  },

  "append() numbers on and returns the fold": async ({ store }) => {
    const created = await store.journal.create(newTask(1));
    const drafts: Draft[] = [
      status(idOf(1), "TASK_STATE_WORKING", 5, said("note")),
      step("model:1"),
      delta(idOf(1), "Hello", false),
      delta(idOf(1), ", world"),
    ];
    const stored = await append(store, created, ...drafts);

    assert.equal(stored.seq, 5);
    const events = drafts.flatMap((draft) => "event" in draft ? [draft.event] : []);
    assert.deepEqual(stored.task, events.reduce(apply, created.task));
    assert.deepEqual(stored.task.artifacts?.[0]?.parts, [{ text: "Hello, world" }]);
    assert.deepEqual(await store.tasks.get(refOf(1)), stored);
    assert.deepEqual(seqs(await Array.fromAsync(store.journal.read(refOf(1)))), [1, 2, 3, 4, 5]);
  },

  "append() folds the peer's next message into the history": async ({ store }) => {
    const created = await store.journal.create(newTask(1));
    const asked = await append(store, created, status(idOf(1), "TASK_STATE_INPUT_REQUIRED", 5, said("which?")));
    const { lease } = await store.journal.acquire(asked.ref, "p1");
    const answered = await append(store, { ...asked, lease }, input(said("that one")));
    assert.deepEqual(answered.task.history?.map(({ messageId }) => messageId), ["m-0199-000001", "which?", "that one"]);
    assert.equal(answered.task.status.message, undefined);
    assert.deepEqual(answered.lease, lease, "an input gives no lease back");
  },

  "append() of nothing changes nothing": async ({ store }) => {
    const created = await store.journal.create(newTask(1));
    assert.deepEqual(await append(store, created), created);
    assert.equal((await Array.fromAsync(store.journal.read(refOf(1)))).length, 1);
  },

  "append() refuses who did not see the journal's end": async ({ store }) => {
    const created = await store.journal.create(newTask(1));
    const working = await append(store, created, status(idOf(1), "TASK_STATE_WORKING"));
    for (const seq of [0, 1, 3]) await assert.rejects(append(store, { ...working, seq }, step("late")), Conflict);
    assert.deepEqual(await store.tasks.get(refOf(1)), working);
  },

  "append() refuses who does not hold the lease": async ({ store }) => {
    const created = await store.journal.create(newTask(1));
    for (const lease of [{ holder: "p1", fence: 2 }, { holder: "p1", fence: 0 }, { holder: "p2", fence: 1 }]) {
      await assert.rejects(append(store, { ...created, lease }, step("foreign")), Conflict);
    }
    assert.equal((await store.tasks.get(refOf(1)))?.seq, 1);
  },

  "append() refuses a task that there is not": async ({ store }) => {
    const lease = { holder: "p1", fence: 1 };
    await assert.rejects(store.journal.append(refOf(9), [step("a")], { seq: 0, lease }), Conflict);
    assert.deepEqual(await Array.fromAsync(store.journal.read(refOf(9))), []);
    assert.equal(await store.tasks.get(refOf(9)), undefined);
  },

  "append() lets one of many through that saw the same end": async ({ store }) => {
    const created = await store.journal.create(newTask(1));
    const settled = await Promise.allSettled(
      Array.from({ length: 20 }, (_, at) => append(store, created, step(`${at}`), step(`${at}`))),
    );
    const won = settled.filter((result) => result.status === "fulfilled");
    assert.equal(won.length, 1);
    assert.ok(settled.every((result) => result.status === "fulfilled" || result.reason instanceof Conflict));
    const recorded = await Array.fromAsync(store.journal.read(refOf(1)));
    assert.deepEqual(seqs(recorded), [1, 2, 3]);
    assert.deepEqual(
      recorded.slice(1).map((entry) => "step" in entry && entry.step.id).filter((id, at, ids) =>
        id === ids[0] && at < 2
      ).length,
      2,
    );
  },

  "append() takes what was sent one after the other without waiting": async ({ store }) => {
    const { ref, lease } = await store.journal.create(newTask(1));
    assert.ok(lease);
    const sent = Array.from(
      { length: 10 },
      (_, at) => store.journal.append(ref, [step(`${at}`)], { seq: at + 1, lease }),
    );
    assert.deepEqual((await Promise.all(sent)).map(({ seq }) => seq), [2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
  },

  "append() goes on after a refused neighbour": async ({ store }) => {
    const tasks = await Promise.all([1, 2, 3, 4].map((number) => store.journal.create(newTask(number))));
    const settled = await Promise.allSettled(
      tasks.map((task, at) => append(store, { ...task, seq: at === 2 ? 7 : 1 }, step("x"))),
    );
    assert.deepEqual(settled.map(({ status }) => status), ["fulfilled", "fulfilled", "rejected", "fulfilled"]);
  },

  "read() begins behind any entry, also within an append": async ({ store }) => {
    let stored = await store.journal.create(newTask(1, { entries: [begun(idOf(1)), step("a"), step("b")] }));
    stored = await append(store, stored, step("c"));
    stored = await append(store, stored, step("d"), step("e"), step("f"));
    for (let after = 0; after <= 8; after++) {
      const expected = [1, 2, 3, 4, 5, 6, 7].filter((seq) => seq > after);
      assert.deepEqual(seqs(await Array.fromAsync(store.journal.read(refOf(1), after))), expected);
    }
  },

  "read() gives what was recorded when it began": async ({ store }) => {
    let stored = await store.journal.create(newTask(1, { entries: [begun(idOf(1)), step("a")] }));
    const read: number[] = [];
    for await (const { seq } of store.journal.read(refOf(1))) {
      read.push(seq);
      stored = await append(store, stored, step("later"));
    }
    assert.deepEqual(read, [1, 2]);
  },
};
