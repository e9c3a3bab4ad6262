import assert from "node:assert/strict";
import { Conflict, type Scope, type Store, type StoredContext, type Webhook } from "../../src/store/store.ts";
import {
  append,
  delta,
  idOf,
  idsOf,
  input,
  newTask,
  OWNER,
  refOf,
  said,
  SCOPE,
  status,
  taskIn,
  time,
} from "../store/drafts.ts";
import type { Check } from "./store_contract.ts";

const BOB: Scope = { ...SCOPE, owner: "bob" };
const DONE = ["TASK_STATE_COMPLETED"] as const;

function context(number: number, over: Partial<StoredContext> = {}): StoredContext {
  return { ...SCOPE, id: idOf(number), createdAt: time(number), metadata: {}, ...over };
}

async function idsIn(store: Store, owner = OWNER): Promise<string[]> {
  return (await Array.fromAsync(store.contexts.list(owner))).map(({ id }) => id);
}

const FOLLOWED = new AbortController().signal;

/** Contexts that were begun by name, and the end of any. */
export const contextContract: Record<string, Check> = {
  "contexts.put() keeps all of a context, also over a restart": async ({ store, restart }) => {
    const full = context(1, { agent: "other", metadata: { user_id: "u1", nested: { deep: [1, null, "ä"] } } });
    assert.equal(await store.contexts.get(OWNER, full.id), undefined);
    await store.contexts.put(full);
    assert.deepEqual(await store.contexts.get(OWNER, full.id), full);
    const later = await restart();
    assert.deepEqual(await later.contexts.get(OWNER, full.id), full);
    assert.deepEqual(await Array.fromAsync(later.contexts.list(OWNER)), [full]);
  },

  "contexts.list() gives the owner's own, the latest id first": async ({ store }) => {
    for (const number of [2, 3, 1]) await store.contexts.put(context(number));
    await store.contexts.put(context(4, BOB));
    await store.contexts.put(context(5, { tenant: "globex" }));
    assert.deepEqual(await idsIn(store), [idOf(3), idOf(2), idOf(1)]);
    assert.deepEqual(await idsIn(store, BOB), [idOf(4)]);
    assert.equal(await store.contexts.get(OWNER, idOf(4)), undefined);
  },

  "contexts.list() goes on behind an id, whether it is there or not": async ({ store }) => {
    for (const number of [1, 2, 4]) await store.contexts.put(context(number));
    const behind = async (number: number) =>
      (await Array.fromAsync(store.contexts.list(OWNER, idOf(number)))).map(({ id }) => id);
    assert.deepEqual(await behind(4), [idOf(2), idOf(1)]);
    assert.deepEqual(await behind(3), [idOf(2), idOf(1)]);
    assert.deepEqual(await behind(1), []);
  },

  "contexts.openings() gives each context's first task, the latest context first": async ({ store, restart }) => {
    const odd = "wälk".repeat(100);
    await taskIn(store, 1, DONE, { contextId: "b" });
    await taskIn(store, 2, DONE, { contextId: "a" });
    await taskIn(store, 3, ["TASK_STATE_WORKING"], { contextId: "b" });
    await taskIn(store, 4, ["TASK_STATE_WORKING"], { contextId: odd });
    await taskIn(store, 5, DONE, { contextId: "c", scope: BOB });
    await taskIn(store, 6, DONE, { contextId: "d", scope: { ...SCOPE, agent: "other" } });
    await store.contexts.put(context(1, { id: "e" }));
    const found = async (one: Store, after?: string) =>
      (await Array.fromAsync(one.contexts.openings(SCOPE, after))).map(({ ref, task }) => [task.contextId, ref.id]);
    const rows = [[odd, idOf(4)], ["b", idOf(1)], ["a", idOf(2)]];
    const check = async (one: Store) => {
      assert.deepEqual(await found(one), rows);
      assert.deepEqual(await found(one, odd), rows.slice(1));
      assert.deepEqual(await found(one, "aa"), rows.slice(2));
      assert.deepEqual(await found(one, "a"), []);
    };
    await check(store);
    await check(await restart());
  },

  "contexts.put() replaces, and takes ids of any length and letters": async ({ store }) => {
    const id = "wälk".repeat(100);
    await store.contexts.put(context(1, { id }));
    await store.contexts.put(context(1, { id, metadata: { again: true } }));
    assert.deepEqual(await store.contexts.get(OWNER, id), context(1, { id, metadata: { again: true } }));
    assert.deepEqual(await idsIn(store), [id]);
  },

  "contexts.delete() leaves nothing of a conversation, and everything of the others": async ({ store, restart }) => {
    await store.contexts.put(context(1, { id: "talk" }));
    await store.contexts.put(context(2, { id: "walk" }));
    await taskIn(store, 1, DONE);
    await taskIn(store, 2, ["TASK_STATE_FAILED"], { atMs: 100 });
    await taskIn(store, 3, DONE, { contextId: "walk" });
    await taskIn(store, 4, DONE, { scope: BOB });
    await taskIn(store, 5, DONE, { scope: { ...SCOPE, agent: "other" } });
    await store.contexts.delete(SCOPE, "talk");
    const check = async (one: Store) => {
      assert.deepEqual(await idsIn(one), ["walk"]);
      assert.deepEqual(await idsOf(one.contexts.tasks(SCOPE, "talk")), []);
      for (const number of [1, 2]) {
        assert.equal(await one.tasks.get(refOf(number)), undefined);
        assert.deepEqual(await Array.fromAsync(one.journal.read(refOf(number))), []);
      }
      const { tasks, total } = await one.tasks.list(SCOPE, { limit: 10 });
      assert.deepEqual([tasks.map(({ ref }) => ref.id), total], [[idOf(3)], 1]);
      assert.equal((await one.tasks.list(SCOPE, { limit: 10, since: time(0), state: "TASK_STATE_FAILED" })).total, 0);
      assert.deepEqual(await idsOf(one.contexts.tasks(BOB, "talk")), [idOf(4)]);
      assert.deepEqual(await idsOf(one.contexts.tasks({ ...SCOPE, agent: "other" }, "talk")), [idOf(5)]);
    };
    await check(store);
    await check(await restart());
  },

  "contexts.delete() removes nothing while a task is open": async ({ store }) => {
    await store.contexts.put(context(1, { id: "talk" }));
    await taskIn(store, 1, DONE);
    await taskIn(store, 2, ["TASK_STATE_WORKING"]);
    await assert.rejects(store.contexts.delete(SCOPE, "talk"), Conflict);
    assert.deepEqual(await idsIn(store), ["talk"]);
    assert.deepEqual(await idsOf(store.contexts.tasks(SCOPE, "talk")), [idOf(2), idOf(1)]);
  },

  "contexts.delete() also removes a task that waits for its peer, and ends who follows it": async ({ store }) => {
    const { seq } = await taskIn(store, 1, ["TASK_STATE_INPUT_REQUIRED"]);
    const following = Array.fromAsync(store.journal.follow(refOf(1), seq, FOLLOWED));
    await store.contexts.delete(SCOPE, "talk");
    assert.deepEqual(await following, []);
    await assert.rejects(store.journal.acquire(refOf(1), "p1"), Conflict);
  },

  "contexts.delete() frees the messages of its tasks and removes their webhooks": async ({ store }) => {
    const hook: Webhook = {
      ref: refOf(1),
      id: "w".repeat(200),
      url: "https://hooks.example/",
      protocolVersion: "1.0",
      toldSeq: 0,
      isDone: false,
    };
    const message = { id: `m-${idOf(1)}`, digest: "d" };
    const stored = await store.journal.create(newTask(1, { message, webhook: hook }));
    await append(store, stored, status(idOf(1), "TASK_STATE_COMPLETED"));
    await store.contexts.delete(SCOPE, "talk");
    assert.equal(await store.tasks.byMessage(SCOPE, message), undefined);
    assert.deepEqual(await store.webhooks.list(refOf(1)), []);
    assert.deepEqual(await Array.fromAsync(store.webhooks.owing()), []);
    await store.journal.create(newTask(2, { message }));
    assert.equal((await store.tasks.byMessage(SCOPE, message))?.taskId, idOf(2));
  },

  "contexts.delete() does not free a message that another task has by now": async ({ store }) => {
    await store.journal.create(newTask(1, { message: { id: "m-x", digest: "d" }, contextId: "walk" }));
    const asking = await taskIn(store, 2, ["TASK_STATE_INPUT_REQUIRED"]);
    const { lease, seq } = await store.journal.acquire(asking.ref, "p1");
    await store.journal.append(asking.ref, [input(said("m-x")), status(asking.ref.id, "TASK_STATE_COMPLETED")], {
      seq,
      lease,
    });
    await store.contexts.delete(SCOPE, "talk");
    assert.equal((await store.tasks.byMessage(SCOPE, { id: "m-x", digest: "d" }))?.taskId, idOf(1));
  },

  "contexts.delete() removes long tasks of many entries too": async ({ store, restart }) => {
    let stored = await store.journal.create(newTask(1, { text: "x".repeat(200_000) }));
    for (let round = 0; round < 3; round++) {
      stored = await append(store, stored, delta(stored.ref.id, "y".repeat(100_000), round > 0));
    }
    for (let round = 0; round < 30; round++) stored = await append(store, stored, delta(stored.ref.id, "z"));
    await append(store, stored, status(stored.ref.id, "TASK_STATE_COMPLETED"));
    await store.contexts.delete(SCOPE, "talk");
    await store.contexts.delete(SCOPE, "talk");
    const later = await restart();
    assert.deepEqual(await Array.fromAsync(later.journal.read(refOf(1))), []);
    const again = await later.journal.create(newTask(1, { holder: "p2" }));
    assert.equal(again.seq, 1);
  },
};
