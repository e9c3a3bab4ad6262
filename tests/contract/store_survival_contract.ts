import assert from "node:assert/strict";
import { append, begun, delta, idOf, newTask, refOf, said, SCOPE, status, step, taskIn } from "../store/drafts.ts";
import type { Check } from "./store_contract.ts";

/** Around the limits of stores: 60 and 64 KiB a value, 800,000 bytes a commit; and what a message may weigh at most. */
const SIZES = [
  0,
  1,
  61_300,
  61_439,
  61_440,
  61_441,
  65_535,
  65_536,
  122_880,
  720_000,
  780_000,
  819_200,
  1_000_000,
  5_000_000,
];
/** 1, 2, 3 and 4 bytes in UTF-8, and what JSON escapes. */
const LETTERS = ["ä", "x", "語", "🦊", '"', "\u0007", "\ud800", "x"];

/** What is there after a restart, whatever its size. */
export const survivalContract: Record<string, Check> = {
  "a task is the same after a restart, entry for entry": async ({ store, restart }) => {
    let stored = await store.journal.create(newTask(1, { entries: [begun(idOf(1)), step("a")] }));
    stored = await append(store, stored, status(idOf(1), "TASK_STATE_WORKING", 1, said("thinking")));
    for (let at = 0; at < 30; at++) stored = await append(store, stored, delta(idOf(1), `${at} `), step(`${at}`));
    const entries = await Array.fromAsync(store.journal.read(refOf(1)));
    const later = await restart();
    assert.deepEqual((await later.tasks.get(refOf(1)))?.task, stored.task);
    assert.equal((await later.tasks.get(refOf(1)))?.seq, 63);
    assert.deepEqual(await Array.fromAsync(later.journal.read(refOf(1))), entries);
    const taken = await later.journal.acquire(refOf(1), "p2");
    const done = await append(later, taken, status(idOf(1), "TASK_STATE_COMPLETED", 2));
    const last = await restart();
    assert.deepEqual(await last.tasks.get(refOf(1)), done);
  },

  "text of any size and any letters comes back as it was": async ({ store, restart }) => {
    for (const [number, size] of SIZES.entries()) {
      const letter = LETTERS[number % LETTERS.length] ?? "x";
      const text = letter.repeat(Math.ceil(size / letter.length));
      const created = await store.journal.create(newTask(number, { text }));
      await append(store, created, delta(created.ref.id, text), status(created.ref.id, "TASK_STATE_COMPLETED", number));
    }
    const later = await restart();
    for (const [number, size] of SIZES.entries()) {
      const letter = LETTERS[number % LETTERS.length] ?? "x";
      const text = letter.repeat(Math.ceil(size / letter.length));
      const task = (await later.tasks.get(refOf(number)))?.task;
      assert.equal(task?.history?.[0]?.parts[0]?.text === text, true, `a message of ${size} characters`);
      assert.equal(task?.artifacts?.[0]?.parts[0]?.text === text, true, `an artifact of ${size} characters`);
      const seqs = await Array.fromAsync(
        later.journal.follow(refOf(number), 1, new AbortController().signal),
        ({ seq }) => seq,
      );
      assert.deepEqual(seqs, [2, 3]);
    }
    const { total } = await later.tasks.list(SCOPE, { limit: 1 });
    assert.equal(total, SIZES.length);
  },

  "many large appends at once are all there": async ({ store, restart }) => {
    const text = "y".repeat(300_000);
    const created = await Promise.all(
      [1, 2, 3, 4, 5, 6].map((number) => store.journal.create(newTask(number, { text }))),
    );
    await Promise.all(created.map((stored) => append(store, stored, delta(stored.ref.id, text), step("small"))));
    const later = await restart();
    for (const { ref } of created) {
      assert.equal((await later.tasks.get(ref))?.task.artifacts?.[0]?.parts[0]?.text?.length, 300_000);
      assert.equal((await Array.fromAsync(later.journal.read(ref, 1))).length, 2);
    }
  },

  "many tasks in one commit are all there": async ({ store, restart }) => {
    const created = await Promise.all(
      Array.from(
        { length: 700 },
        (_, at) => store.journal.create(newTask(at, { message: { id: `m${at}`, digest: "" } })),
      ),
    );
    await Promise.all(created.map((stored) => append(store, stored, status(stored.ref.id, "TASK_STATE_COMPLETED", 5))));
    const later = await restart();
    const page = await later.tasks.list(SCOPE, { limit: 100, state: "TASK_STATE_COMPLETED" });
    assert.equal(page.total, 700);
    assert.equal(page.tasks.length, 100);
  },

  "names of any length and letters keep their owners apart": async ({ store, restart }) => {
    const names = ["", "a", "a\0b", "a\u001fb", "ü".repeat(300), "\ud800", "\ud801", "__proto__", "x".repeat(2000)];
    for (const [at, name] of names.entries()) {
      await taskIn(store, at, ["TASK_STATE_COMPLETED"], {
        scope: { tenant: name, owner: name, agent: name },
        contextId: name,
      });
    }
    const later = await restart();
    for (const [at, name] of names.entries()) {
      const scope = { tenant: name, owner: name, agent: name };
      const { tasks, total } = await later.tasks.list(scope, { limit: 5 });
      assert.deepEqual([tasks.map(({ ref }) => ref), total], [[{ tenant: name, owner: name, id: idOf(at) }], 1]);
      assert.equal((await later.tasks.list(scope, { limit: 5, contextId: name })).total, 1);
      assert.equal((await later.tasks.get({ tenant: name, owner: name, id: idOf(at) }))?.agent, name);
    }
  },

  "close() waits for what was accepted, and later calls throw": async ({ store, restart }) => {
    const created = await store.journal.create(newTask(1));
    const accepted = [
      append(store, created, step("a")),
      ...[2, 3, 4].map((number) => store.journal.create(newTask(number))),
    ];
    const closed = store.close();
    const { lease } = created;
    assert.ok(lease);
    const late: [string, () => Promise<unknown>][] = [
      ["create", () => store.journal.create(newTask(5))],
      ["append", () => store.journal.append(created.ref, [step("b")], { seq: 2, lease })],
      ["acquire", () => store.journal.acquire(created.ref, "p1")],
      ["read", () => Array.fromAsync(store.journal.read(created.ref))],
      ["follow", () => Array.fromAsync(store.journal.follow(created.ref, 0, new AbortController().signal))],
      ["orphans", () => Array.fromAsync(store.journal.orphans())],
      ["deadlines", () => Array.fromAsync(store.journal.deadlines())],
      ["get", () => store.tasks.get(created.ref)],
      ["list", () => store.tasks.list(SCOPE, { limit: 1 })],
      ["byMessage", () => store.tasks.byMessage(SCOPE, { id: "m", digest: "d" })],
      ["contexts", () => Array.fromAsync(store.contexts.tasks(SCOPE, "talk"))],
    ];
    for (const [what, call] of late) await assert.rejects(call(), /it is closed/, what);
    await Promise.all(accepted);
    await closed;
    await store.close();
    const later = await restart();
    assert.equal((await later.tasks.list(SCOPE, { limit: 1 })).total, 4);
    assert.equal((await later.tasks.get(created.ref))?.seq, 2);
  },
};
