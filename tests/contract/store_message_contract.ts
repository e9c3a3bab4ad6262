import assert from "node:assert/strict";
import { Conflict, DuplicateMessage, type Scope } from "../../src/store/store.ts";
import { append, idOf, newTask, OWNER, refOf, SCOPE, status, step } from "../store/drafts.ts";
import type { Check } from "./store_contract.ts";

const message = { id: "m-1", digest: "d-1" };
const DAY_MS = 24 * 60 * 60 * 1000;

const OTHERS: Scope[] = [
  { ...SCOPE, agent: "other" },
  { ...SCOPE, owner: "bob" },
  { ...SCOPE, tenant: "globex" },
];

function isDuplicateOf(taskId: string) {
  return (error: unknown) => error instanceof DuplicateMessage && error.taskId === taskId;
}

/** A messageId begins or continues one task. */
export const messageContract: Record<string, Check> = {
  "create() claims the message, and byMessage() finds its task": async ({ store }) => {
    await store.journal.create(newTask(1, { message }));
    const claim = await store.tasks.byMessage(SCOPE, message);
    assert.equal(claim?.taskId, idOf(1));
    assert.equal(await store.tasks.byMessage(SCOPE, { ...message, id: "m-2" }), undefined);
  },

  "create() refuses a message that began another task": async ({ store }) => {
    await store.journal.create(newTask(1, { message }));
    const again = store.journal.create(newTask(2, { message }));
    await assert.rejects(again, isDuplicateOf(idOf(1)));
    assert.equal(await store.tasks.get(refOf(2)), undefined);
  },

  "other words under the same id are another message": async ({ store }) => {
    const other = { ...message, digest: "d-2" };
    await store.journal.create(newTask(1, { message }));
    assert.equal(await store.tasks.byMessage(SCOPE, other), undefined);
    await store.journal.create(newTask(2, { message: other }));
    assert.equal((await store.tasks.byMessage(SCOPE, message))?.taskId, idOf(1));
    assert.equal((await store.tasks.byMessage(SCOPE, other))?.taskId, idOf(2));
    await assert.rejects(store.journal.create(newTask(3, { message: other })), isDuplicateOf(idOf(2)));
  },

  "a message is its scope's own": async ({ store }) => {
    await store.journal.create(newTask(1, { message }));
    for (const [at, scope] of OTHERS.entries()) {
      assert.equal(await store.tasks.byMessage(scope, message), undefined);
      const stored = await store.journal.create(newTask(10 + at, { message, scope }));
      assert.equal((await store.tasks.byMessage(scope, message))?.taskId, stored.ref.id);
    }
    assert.equal((await store.tasks.byMessage(SCOPE, message))?.taskId, idOf(1));
  },

  "of many who bring the message at once, one begins a task and the others learn which": async ({ store }) => {
    const settled = await Promise.allSettled(
      Array.from({ length: 20 }, (_, at) => store.journal.create(newTask(at, { message }))),
    );
    const won = settled.flatMap((result) => result.status === "fulfilled" ? [result.value.ref.id] : []);
    assert.equal(won.length, 1);
    for (const result of settled) {
      if (result.status === "rejected") {
        assert.ok(isDuplicateOf(won[0] ?? "")(result.reason), `${result.reason}`);
      }
    }
    assert.equal((await store.tasks.list(SCOPE, { limit: 50 })).total, 1);
  },

  "a refused message spoils no neighbour's commit": async ({ store }) => {
    await store.journal.create(newTask(0, { message }));
    const settled = await Promise.allSettled(
      Array.from(
        { length: 30 },
        (_, at) =>
          store.journal.create(newTask(at + 1, { message: { ...message, id: at % 3 === 0 ? "m-1" : `n-${at}` } })),
      ),
    );
    assert.deepEqual(
      settled.map(({ status }) => status),
      Array.from({ length: 30 }, (_, at) => at % 3 === 0 ? "rejected" : "fulfilled"),
    );
    assert.equal((await store.tasks.list(SCOPE, { limit: 50 })).total, 21);
  },

  "append() claims the message in the same commit": async ({ store }) => {
    const { ref, lease } = await store.journal.create(newTask(1));
    assert.ok(lease);
    await store.journal.append(ref, [step("a")], { seq: 1, lease, message });
    assert.equal((await store.tasks.byMessage(SCOPE, message))?.taskId, idOf(1));
    const again = store.journal.append(ref, [step("b")], { seq: 2, lease, message });
    await assert.rejects(again, isDuplicateOf(idOf(1)));
    assert.equal((await store.tasks.get(ref))?.seq, 2);
    await assert.rejects(store.journal.create(newTask(2, { message })), DuplicateMessage);
  },

  "append() that is refused claims nothing": async ({ store }) => {
    const { ref, lease } = await store.journal.create(newTask(1));
    assert.ok(lease);
    await assert.rejects(store.journal.append(ref, [step("a")], { seq: 5, lease, message }), Conflict);
    assert.equal(await store.tasks.byMessage(SCOPE, message), undefined);
    await store.journal.create(newTask(2, { message }));
  },

  "append() and create() with one message: one of them": async ({ store }) => {
    const created = await store.journal.create(newTask(1));
    assert.ok(created.lease);
    const settled = await Promise.allSettled([
      store.journal.append(created.ref, [step("a")], { seq: 1, lease: created.lease, message }),
      store.journal.create(newTask(2, { message })),
    ]);
    assert.equal(settled.filter(({ status }) => status === "fulfilled").length, 1);
  },

  "a claim outlives its task's end and a restart, and is free again after a day": async ({ store, restart, clock }) => {
    const created = await store.journal.create(newTask(1, { message }));
    await append(store, created, status(idOf(1), "TASK_STATE_COMPLETED", 5));
    clock.ms += DAY_MS - 1;
    const later = await restart();
    await assert.rejects(later.journal.create(newTask(2, { message })), isDuplicateOf(idOf(1)));
    clock.ms += 1;
    assert.equal(await later.tasks.byMessage(SCOPE, message), undefined);
    await later.journal.create(newTask(3, { message, holder: "p2" }));
    assert.equal((await later.tasks.byMessage(SCOPE, message))?.taskId, idOf(3));
    await assert.rejects(later.journal.create(newTask(4, { message })), isDuplicateOf(idOf(3)));
  },

  "a claim that lasts stands as long as its task, over years and a restart, and goes with it": async (
    { store, restart, clock },
  ) => {
    const named = { ...message, id: `m-${idOf(1)}` };
    const lasting = { ...named, lasts: true } as const;
    const created = await store.journal.create(newTask(1, { message: lasting }));
    await append(store, created, status(idOf(1), "TASK_STATE_COMPLETED", 5));
    clock.ms += 1_000 * DAY_MS;
    // What has expired is cleared away around it.
    await store.journal.create(newTask(2, { message, contextId: "walk" }));
    const later = await restart();
    assert.equal((await later.tasks.byMessage(SCOPE, named))?.taskId, idOf(1));
    for (const again of [named, lasting]) {
      await assert.rejects(later.journal.create(newTask(3, { message: again, holder: "p2" })), isDuplicateOf(idOf(1)));
    }
    await later.contexts.delete(SCOPE, "talk");
    assert.equal(await later.tasks.byMessage(SCOPE, named), undefined);
    await later.journal.create(newTask(3, { message: lasting, holder: "p2" }));
  },

  "odd ids are told apart": async ({ store }) => {
    const ids = [
      "",
      "a",
      "a\0",
      "a\u001f",
      "\ud800",
      "\ud801",
      "\ufffd",
      "ä",
      "a\u0308",
      "é".repeat(512),
      "x".repeat(96),
      "x".repeat(97),
      "x".repeat(98),
      "__proto__",
      "constructor",
      `${"x".repeat(32)}#${"0".repeat(64)}`,
    ];
    for (const [at, id] of ids.entries()) await store.journal.create(newTask(at, { message: { id, digest: `${at}` } }));
    for (const [at, id] of ids.entries()) {
      assert.equal((await store.tasks.byMessage(SCOPE, { id, digest: `${at}` }))?.taskId, idOf(at), id);
    }
    for (const owner of ["ada\u001facme", "ada\0", "ädä"]) {
      assert.equal(
        await store.tasks.byMessage({ ...OWNER, owner, agent: SCOPE.agent }, { id: "a", digest: "1" }),
        undefined,
      );
    }
  },
};
