import assert from "node:assert/strict";
import type { Entry, Store, TaskRef } from "../../src/store/store.ts";
import { append, begun, delta, idOf, newTask, refOf, status, step, taskIn } from "../store/drafts.ts";
import type { Check } from "./store_contract.ts";

const never = new AbortController().signal;

async function followed(store: Store, ref: TaskRef, afterSeq: number, signal = never): Promise<number[]> {
  return await Array.fromAsync(store.journal.follow(ref, afterSeq, signal), ({ seq }) => seq);
}

function upTo(last: number): number[] {
  return Array.from({ length: last }, (_, at) => at + 1);
}

/** A signal that counts who listens to it. */
function countedSignal(): { controller: AbortController; listeners: () => number } {
  const controller = new AbortController();
  const { signal } = controller;
  const listening = new Set<EventListener>();
  const add = signal.addEventListener.bind(signal);
  const remove = signal.removeEventListener.bind(signal);
  Object.defineProperty(signal, "addEventListener", {
    value: (type: string, listener: EventListener, options?: AddEventListenerOptions) => {
      listening.add(listener);
      add(type, listener, options);
    },
  });
  Object.defineProperty(signal, "removeEventListener", {
    value: (type: string, listener: EventListener) => {
      listening.delete(listener);
      remove(type, listener);
    },
  });
  return { controller, listeners: () => listening.size };
}

/** Journal.follow: recorded, then live, no gap, no repeat. */
export const followContract: Record<string, Check> = {
  "follow() gives what is recorded, then what comes, and ends with the task": async ({ store }) => {
    let stored = await store.journal.create(newTask(1, { entries: [begun(idOf(1)), step("a")] }));
    const entries: Entry[] = [];
    for await (const entry of store.journal.follow(stored.ref, 0, never)) {
      entries.push(entry);
      if (entry.seq === 2) stored = await append(store, stored, status(idOf(1), "TASK_STATE_WORKING", 1));
      if (entry.seq === 3) stored = await append(store, stored, delta(idOf(1), "x"), step("b"));
      if (entry.seq === 5) stored = await append(store, stored, status(idOf(1), "TASK_STATE_COMPLETED", 2));
    }
    assert.deepEqual(entries.map(({ seq }) => seq), upTo(6));
    assert.deepEqual(entries, await Array.fromAsync(store.journal.read(stored.ref)));
  },

  "follow() begins anywhere in a finished journal": async ({ store, restart }) => {
    await taskIn(store, 1, ["TASK_STATE_WORKING", "TASK_STATE_WORKING", "TASK_STATE_FAILED"]);
    for (const open of [() => store, restart]) {
      const one = await open();
      for (let after = 0; after <= 5; after++) {
        assert.deepEqual(await followed(one, refOf(1), after), upTo(4).filter((seq) => seq > after));
      }
    }
  },

  "follow() of a task that is finished at once ends at once": async ({ store }) => {
    await store.journal.create(newTask(1, { state: "TASK_STATE_REJECTED" }));
    assert.deepEqual(await followed(store, refOf(1), 0), [1]);
  },

  "follow() of a task that there is not ends at once": async ({ store }) => {
    assert.deepEqual(await followed(store, refOf(1), 0), []);
  },

  "follow() passes an interrupted state and waits for what the peer answers": async ({ store }) => {
    const asked = await taskIn(store, 1, ["TASK_STATE_INPUT_REQUIRED"]);
    const all = followed(store, asked.ref, 0);
    const taken = await store.journal.acquire(asked.ref, "p1");
    await append(store, taken, status(idOf(1), "TASK_STATE_WORKING", 20), status(idOf(1), "TASK_STATE_COMPLETED", 30));
    assert.deepEqual(await all, upTo(4));
  },

  "follow() waits without an event loop turn of its own for an entry that commits while it reads": async (
    { store },
  ) => {
    const created = await store.journal.create(newTask(1));
    const iterator = store.journal.follow(created.ref, 0, never)[Symbol.asyncIterator]();
    assert.equal((await iterator.next()).value?.seq, 1);
    const [waited, appended] = await Promise.all([iterator.next(), append(store, created, step("a"))]);
    assert.equal(waited.value?.seq, 2);
    // Committed before the follower asks.
    await append(store, appended, step("b"));
    assert.equal((await iterator.next()).value?.seq, 3);
    await iterator.return?.();
  },

  "follow() gives many followers the same, whenever they come and however slow they are": async ({ store }) => {
    let stored = await store.journal.create(newTask(1));
    const followers = Array.from({ length: 20 }, () => followed(store, stored.ref, 0));
    const slow = store.journal.follow(stored.ref, 0, never)[Symbol.asyncIterator]();
    assert.equal((await slow.next()).value?.seq, 1);
    for (let at = 0; at < 60; at++) {
      stored = await append(store, stored, ...Array.from({ length: 10 }, (_, index) => step(`${at}.${index}`)));
      if (at % 10 === 0) followers.push(followed(store, stored.ref, 0));
    }
    await append(store, stored, status(idOf(1), "TASK_STATE_COMPLETED", 5));
    for (const seqs of await Promise.all(followers)) assert.deepEqual(seqs, upTo(602));
    const rest = await Array.fromAsync({ [Symbol.asyncIterator]: () => slow }, ({ seq }) => seq);
    assert.deepEqual([1, ...rest], upTo(602), "a reader that did not read for long misses nothing");
  },

  "follow() races with appends: any start, no gap, no repeat": async ({ store }) => {
    const tasks = await Promise.all(upTo(8).map((number) => store.journal.create(newTask(number))));
    const writers = tasks.map(async (created) => {
      let stored = created;
      for (let at = 0; at < 25; at++) stored = await append(store, stored, step(`${at}`), delta(created.ref.id, "x"));
      await append(store, stored, status(created.ref.id, "TASK_STATE_COMPLETED", 5));
    });
    const readers = tasks.flatMap(({ ref }) =>
      [0, 1, 7, 30].map(async (after) => ({ after, seqs: await followed(store, ref, after) }))
    );
    await Promise.all(writers);
    for (const { after, seqs } of await Promise.all(readers)) {
      assert.deepEqual(seqs, upTo(52).filter((seq) => seq > after));
    }
  },

  "follow() ends silently when its signal aborts, and leaves no listener": async ({ store }) => {
    const created = await store.journal.create(newTask(1));
    const { controller, listeners } = countedSignal();
    const idle = followed(store, created.ref, 0, controller.signal);
    const broken = store.journal.follow(created.ref, 0, controller.signal);
    for await (const entry of broken) {
      assert.equal(entry.seq, 1);
      break;
    }
    assert.equal(listeners(), 1, "who broke off is gone, who waits is there");
    controller.abort();
    assert.deepEqual(await idle, [1]);
    assert.equal(listeners(), 0);
    assert.deepEqual(await followed(store, created.ref, 0, controller.signal), []);
    assert.equal(listeners(), 0);
  },

  "follow() by ten thousand idle followers wakes only those of the task": async ({ store }) => {
    const [loud, quiet] = await Promise.all([1, 2].map((number) => store.journal.create(newTask(number))));
    assert.ok(loud && quiet);
    const controller = new AbortController();
    const idle = Array.from({ length: 10_000 }, () => followed(store, quiet.ref, 1, controller.signal));
    const heard = followed(store, loud.ref, 1);
    let stored = loud;
    for (let at = 0; at < 20; at++) stored = await append(store, stored, step(`${at}`));
    await append(store, stored, status(idOf(1), "TASK_STATE_COMPLETED", 5));
    assert.equal((await heard).length, 21);
    controller.abort();
    assert.ok((await Promise.all(idle)).every((seqs) => seqs.length === 0));
  },

  "follow() ends when the store is closed": async ({ store }) => {
    const created = await store.journal.create(newTask(1));
    const all = followed(store, created.ref, 0);
    await append(store, created, step("a"));
    await store.close();
    const seqs = await all;
    assert.deepEqual(seqs, upTo(seqs.length));
  },
};
