import assert from "node:assert/strict";
import type { Draft, Store } from "../../src/store/store.ts";
import { append, begun, delta, idOf, input, newTask, OWNER, said, SCOPE, status, step } from "../store/drafts.ts";
import type { Check } from "./store_contract.ts";

const AT_MS = 1_800_000_000_000;

/** The wait of task `number`, which ends at `atMs`. */
function waits(number: number, atMs?: number): Draft[] {
  const kept = { at: "2026-03-01T12:00:00.000Z", step: { id: "wait", phase: "end", result: {} } } as const;
  const draft: Draft = atMs === undefined ? kept : { ...kept, deadlineMs: atMs };
  return [draft, status(idOf(number), "TASK_STATE_INPUT_REQUIRED", 5)];
}

async function waiting(store: Store, number: number, atMs?: number, agent = SCOPE.agent) {
  const created = await store.journal.create(newTask(number, { scope: { ...OWNER, agent } }));
  return await append(store, created, ...waits(number, atMs));
}

async function found(store: Store, agent?: string): Promise<[id: string, seq: number, atMs: number][]> {
  const all = await Array.fromAsync(store.journal.deadlines(agent));
  return all.map(({ ref, seq, atMs }): [string, number, number] => [ref.id, seq, atMs]).sort();
}

/** Until when tasks wait, for a start that has to end what nobody answers. */
export const deadlineContract: Record<string, Check> = {
  "deadlines() tells the waits that end by themselves, of all owners, and no others": async ({ store, restart }) => {
    const other = { tenant: "umbrella", owner: "b\u001fob", agent: SCOPE.agent };
    await waiting(store, 1, AT_MS);
    await waiting(store, 2);
    const elsewhere = await store.journal.create(newTask(3, { scope: other }));
    await append(store, elsewhere, delta(idOf(3), "hm"), ...waits(3, AT_MS + 1));
    await store.journal.create(newTask(4));
    const at = [[idOf(1), 3, AT_MS], [idOf(3), 4, AT_MS + 1]];
    assert.deepEqual(await found(store), at);
    const later = await restart();
    assert.deepEqual(await found(later), at);
    const [ada, bob] = await Array.fromAsync(later.journal.deadlines());
    assert.deepEqual([ada, bob].map((each) => each?.ref.owner).sort(), ["ada", "b\u001fob"]);
    assert.equal(ada?.agent, SCOPE.agent);
  },

  "deadlines() of one agent tells no other's": async ({ store }) => {
    await waiting(store, 1, AT_MS, "one");
    await waiting(store, 2, AT_MS, "one ü");
    assert.deepEqual(await found(store, "one"), [[idOf(1), 3, AT_MS]]);
    assert.deepEqual(await found(store, "one ü"), [[idOf(2), 3, AT_MS]]);
    assert.deepEqual(await found(store, "on"), []);
  },

  "a task that begins as one that waits has its deadline": async ({ store, restart }) => {
    const entries = [begun(idOf(1)), ...waits(1, AT_MS)];
    await store.journal.create(newTask(1, { entries }));
    assert.deepEqual(await found(await restart()), [[idOf(1), 3, AT_MS]]);
  },

  "a wait that is over has no deadline any more, whatever ended it": async ({ store, restart }) => {
    const ends: Draft[][] = [
      [status(idOf(0), "TASK_STATE_CANCELED", 9)],
      [input(said("answer")), status(idOf(1), "TASK_STATE_WORKING", 9)],
      [input(said("answer")), ...waits(2)],
      [input(said("answer")), ...waits(3, AT_MS + 5)],
    ];
    for (const [number, drafts] of ends.entries()) {
      const { ref } = await waiting(store, number, AT_MS);
      await append(store, await store.journal.acquire(ref, "p1"), ...drafts);
    }
    const next = [[idOf(3), 6, AT_MS + 5]];
    assert.deepEqual(await found(store), next);
    assert.deepEqual(await found(await restart()), next);
  },

  "taking the lease, or a step that is recorded, ends no wait": async ({ store, restart }) => {
    const { ref } = await waiting(store, 1, AT_MS);
    await append(store, await store.journal.acquire(ref, "p1"), step("look"));
    assert.deepEqual(await found(await restart()), [[idOf(1), 3, AT_MS]]);
  },

  "a task that is refused its append keeps its deadline": async ({ store }) => {
    const { ref, seq } = await waiting(store, 1, AT_MS);
    const { lease } = await store.journal.acquire(ref, "p1");
    await assert.rejects(
      store.journal.append(ref, [status(idOf(1), "TASK_STATE_FAILED", 9)], { seq: seq - 1, lease }),
    );
    assert.deepEqual(await found(store), [[idOf(1), 3, AT_MS]]);
  },

  "a step with a deadline in a task that works on is no wait": async ({ store }) => {
    const created = await store.journal.create(newTask(1));
    await append(store, created, ...waits(1, AT_MS), status(idOf(1), "TASK_STATE_WORKING", 6));
    assert.deepEqual(await found(store), []);
  },

  "a task that is deleted waits for nothing": async ({ store, restart }) => {
    await waiting(store, 1, AT_MS);
    await store.contexts.delete(SCOPE, "talk");
    assert.deepEqual(await found(store), []);
    assert.deepEqual(await found(await restart()), []);
  },
};
