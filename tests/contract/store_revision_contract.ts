import assert from "node:assert/strict";
import type { Store } from "../../src/store/store.ts";
import { append, delta, idOf, newTask, refOf, status, time } from "../store/drafts.ts";
import type { Check } from "./store_contract.ts";

function revision(id: string, atMs: number, text = `text of ${id}`) {
  return { id, at: time(atMs), content: { pieces: [{ file: "a.yaml", text }] } };
}

async function ids(store: Store): Promise<string[]> {
  return (await Array.fromAsync(store.revisions.list())).map(({ id }) => id);
}

/** A task that began under `name` and has come to `state`. */
async function taskIn(
  store: Store,
  number: number,
  { name, state }: { name: string; state: Parameters<typeof status>[1] },
) {
  const stored = await store.journal.create(newTask(number, { revision: name }));
  if (state !== "TASK_STATE_SUBMITTED") await append(store, stored, status(idOf(number), state, 1));
}

/** The configurations of the past. */
export const revisionContract: Record<string, Check> = {
  "put() keeps all of a revision, also over a restart": async ({ store, restart }) => {
    assert.equal(await store.revisions.get("a"), undefined);
    await store.revisions.put(revision("a", 1));
    assert.deepEqual(await store.revisions.get("a"), revision("a", 1));
    assert.deepEqual(await (await restart()).revisions.get("a"), revision("a", 1));
  },

  "put() keeps texts of any length": async ({ store, restart }) => {
    const long = revision("long", 1, "ä🙂".repeat(400_000));
    await store.revisions.put(long);
    await store.revisions.put(revision("short", 2));
    assert.deepEqual(await store.revisions.get("long"), long);
    const later = await restart();
    assert.deepEqual(await later.revisions.get("long"), long);
    await later.revisions.delete("long");
    assert.equal(await later.revisions.get("long"), undefined);
    assert.deepEqual(await ids(later), ["short"]);
  },

  "put() replaces a revision, a long text by a short one too": async ({ store }) => {
    await store.revisions.put(revision("a", 1, "x".repeat(200_000)));
    await store.revisions.put(revision("a", 2));
    assert.deepEqual(await store.revisions.get("a"), revision("a", 2));
  },

  "list() gives the newest revision first": async ({ store }) => {
    for (const [id, atMs] of [["b", 2], ["c", 3], ["a", 1]] as const) await store.revisions.put(revision(id, atMs));
    assert.deepEqual(await ids(store), ["c", "b", "a"]);
    await store.revisions.put(revision("a", 4));
    assert.deepEqual(await ids(store), ["a", "c", "b"]);
  },

  "delete() removes one, and does nothing where there is none": async ({ store }) => {
    for (const id of ["a", "b"]) await store.revisions.put(revision(id, 1));
    await store.revisions.delete("a");
    await store.revisions.delete("never");
    assert.deepEqual(await ids(store), ["b"]);
  },

  "a task tells the revision with which it began": async ({ store, restart }) => {
    const created = await store.journal.create(newTask(1, { revision: "a" }));
    assert.equal(created.revision, "a");
    const working = await append(store, created, status(idOf(1), "TASK_STATE_WORKING", 1));
    assert.equal(working.revision, "a");
    assert.equal((await store.journal.create(newTask(2))).revision, undefined);
    const later = await restart();
    assert.equal((await later.tasks.get(refOf(1)))?.revision, "a");
    assert.equal((await later.tasks.get(refOf(2)))?.revision, undefined);
    assert.equal((await later.journal.acquire(refOf(1), "p2")).revision, "a");
  },

  "a task tells its revision when its journal is long, too": async ({ store, restart }) => {
    let stored = await store.journal.create(newTask(1, { revision: "a" }));
    for (let at = 0; at < 20; at++) stored = await append(store, stored, delta(idOf(1), "x".repeat(10_000)));
    assert.equal((await (await restart()).tasks.get(refOf(1)))?.revision, "a");
  },

  "inUse() tells the revisions of tasks that can still go on": async ({ store, restart }) => {
    await taskIn(store, 1, { name: "submitted", state: "TASK_STATE_SUBMITTED" });
    await taskIn(store, 2, { name: "working", state: "TASK_STATE_WORKING" });
    await taskIn(store, 3, { name: "asking", state: "TASK_STATE_INPUT_REQUIRED" });
    await taskIn(store, 4, { name: "asking", state: "TASK_STATE_COMPLETED" });
    await taskIn(store, 5, { name: "authorizing", state: "TASK_STATE_AUTH_REQUIRED" });
    await taskIn(store, 6, { name: "over", state: "TASK_STATE_COMPLETED" });
    await taskIn(store, 7, { name: "failed", state: "TASK_STATE_FAILED" });
    await store.journal.create(newTask(8));
    const used = ["asking", "authorizing", "submitted", "working"];
    assert.deepEqual([...await store.revisions.inUse()].sort(), used);
    assert.deepEqual([...await (await restart()).revisions.inUse()].sort(), used);
  },

  "inUse() sees the tasks of every owner and agent, odd names too": async ({ store }) => {
    const scopes = [
      { tenant: "acme", owner: "bob", agent: "assistant" },
      { tenant: "glöbex", owner: "x".repeat(300), agent: "other" },
      { tenant: "acme", owner: "ada", agent: "a".repeat(200) },
    ];
    for (const [at, scope] of scopes.entries()) {
      const stored = await store.journal.create(newTask(at, { scope, revision: `r${at}` }));
      await append(store, stored, status(idOf(at), "TASK_STATE_INPUT_REQUIRED", 1));
    }
    assert.deepEqual([...await store.revisions.inUse()].sort(), ["r0", "r1", "r2"]);
  },
};
