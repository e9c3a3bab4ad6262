import assert from "node:assert/strict";
import { setImmediate } from "node:timers/promises";
import { WRITER_KEY } from "../../src/store/kv_keys.ts";
import { Conflict, DuplicateMessage, StoreFailed, StoreFull } from "../../src/store/store.ts";
import { append, delta, idOf, newTask, refOf, SCOPE, status, step } from "./drafts.ts";
import { openFaultyStore } from "./faulty_kv.ts";

const never = new AbortController().signal;

async function rowsOf(kv: Deno.Kv, prefix: string): Promise<Deno.KvKey[]> {
  return await Array.fromAsync(kv.list({ prefix: [prefix] }), ({ key }) => key);
}

/** What the database says, and what the caller hears. */
const FAULTS: [string, Error, (error: unknown, cause: Error) => boolean][] = [
  [
    "a full disk",
    new Error("database or disk is full"),
    (error, cause) => error instanceof StoreFull && error.cause === cause,
  ],
  ["no space", new Error("No space left on device (os error 28)"), (error) => error instanceof StoreFull],
  [
    "a broken disk",
    new Error("disk I/O error"),
    (error, cause) => error instanceof StoreFailed && !(error instanceof StoreFull) && error.cause === cause,
  ],
  ["a locked database", new TypeError("database is locked"), (error) => error instanceof StoreFailed],
  ["a mistake of ours", new TypeError("Value too large"), (error, cause) => error === cause],
];

for (const [what, cause, isTold] of FAULTS) {
  Deno.test(`KvStore: ${what} rejects what was being written, shows none of it, and is over when it is over`, async () => {
    await using faulty = await openFaultyStore();
    const { store } = faulty;
    const created = await store.journal.create(newTask(1));
    const heard: number[] = [];
    const following = (async () => {
      for await (const { seq } of store.journal.follow(created.ref, 0, never)) heard.push(seq);
    })();
    faulty.beforeCommit = () => {
      throw cause;
    };
    const failed = await Promise.allSettled([
      append(store, created, step("a"), status(idOf(1), "TASK_STATE_COMPLETED", 5)),
      store.journal.create(newTask(2, { message: { id: "m", digest: "d" } })),
      store.journal.create(newTask(3)),
    ]);
    for (const result of failed) assert.ok(result.status === "rejected" && isTold(result.reason, cause));

    assert.deepEqual(await store.tasks.get(created.ref), created);
    assert.equal(await store.tasks.get(refOf(2)), undefined);
    assert.equal(await store.tasks.byMessage(SCOPE, { id: "m", digest: "d" }), undefined);
    const { tasks, total } = await store.tasks.list(SCOPE, { limit: 9 });
    assert.deepEqual([tasks.map(({ ref }) => ref.id), total], [[idOf(1)], 1]);
    await setImmediate();
    assert.deepEqual(heard, [1]);

    faulty.beforeCommit = () => {};
    await store.journal.create(newTask(2, { message: { id: "m", digest: "d" } }));
    const done = await append(store, created, step("a"), status(idOf(1), "TASK_STATE_COMPLETED", 5));
    assert.equal(done.seq, 3);
    await following;
    assert.deepEqual(heard, [1, 2, 3]);
  });
}

Deno.test("KvStore: nobody sees or hears anything before its commit", async () => {
  await using faulty = await openFaultyStore();
  const { store } = faulty;
  const created = await store.journal.create(newTask(1));
  const iterator = store.journal.follow(created.ref, 1, never)[Symbol.asyncIterator]();
  const commit = Promise.withResolvers<void>();
  faulty.beforeCommit = () => commit.promise;

  let answered = false;
  const appended = append(store, created, status(idOf(1), "TASK_STATE_WORKING", 5)).finally(() => answered = true);
  let heard = false;
  const next = iterator.next().finally(() => heard = true);
  for (let turn = 0; turn < 5; turn++) await setImmediate();
  assert.deepEqual([answered, heard], [false, false]);
  assert.deepEqual(await store.tasks.get(created.ref), created);
  assert.equal((await store.tasks.list(SCOPE, { limit: 1, state: "TASK_STATE_WORKING" })).total, 0);
  assert.equal((await Array.fromAsync(store.journal.read(created.ref))).length, 1);

  commit.resolve();
  assert.equal((await next).value?.seq, 2);
  await appended;
  await iterator.return?.();
});

Deno.test("KvStore: a message whose chunks cannot all be written leaves nothing behind", async () => {
  await using faulty = await openFaultyStore();
  const { store, kv } = faulty;
  const text = "x".repeat(2_000_000);
  let commits = 0;
  faulty.beforeCommit = () => {
    if (++commits === 3) throw new Error("database or disk is full");
  };
  await assert.rejects(store.journal.create(newTask(1, { text })), StoreFull);
  assert.equal(await store.tasks.get(refOf(1)), undefined);
  assert.deepEqual([...await rowsOf(kv, "chunk"), ...await rowsOf(kv, "intent"), ...await rowsOf(kv, "log")], []);

  const created = await store.journal.create(newTask(1, { text }));
  assert.deepEqual(await rowsOf(kv, "intent"), []);
  await assert.rejects(store.journal.create(newTask(1, { text })), Conflict);
  await assert.rejects(append(store, { ...created, seq: 3 }, delta(idOf(1), text)), Conflict);
  assert.equal((await rowsOf(kv, "chunk")).length, 33, "the first task's chunks are all there, and no others");
});

Deno.test("KvStore: a large message that is a duplicate leaves the first one's chunks alone", async () => {
  await using faulty = await openFaultyStore(0);
  const { store, kv } = faulty;
  const text = "x".repeat(200_000);
  const message = { id: "m", digest: "d" };
  await store.journal.create(newTask(1, { text, message }));
  const chunks = await rowsOf(kv, "chunk");
  await assert.rejects(store.journal.create(newTask(2, { text, message })), DuplicateMessage);
  assert.deepEqual(await rowsOf(kv, "chunk"), chunks);
  assert.equal((await store.tasks.get(refOf(1)))?.task.history?.[0]?.parts[0]?.text, text);
});

Deno.test("KvStore: a large task with an id that is taken leaves the first one's chunks alone", async () => {
  await using faulty = await openFaultyStore(0);
  const { store, kv } = faulty;
  const first = await store.journal.create(newTask(1, { text: "x".repeat(200_000) }));
  const chunks = await rowsOf(kv, "chunk");
  await assert.rejects(store.journal.create(newTask(1, { text: "y".repeat(400_000) })), Conflict);
  assert.deepEqual(await rowsOf(kv, "chunk"), chunks);
  assert.deepEqual(await store.tasks.get(refOf(1)), first);
});

Deno.test("KvStore: does not write once another process has opened the file", async () => {
  await using faulty = await openFaultyStore();
  const { store, kv } = faulty;
  const created = await store.journal.create(newTask(1));
  await kv.set(WRITER_KEY, "p2");
  const told = /another process has opened it/;
  await assert.rejects(append(store, created, step("a")), told);
  await assert.rejects(Promise.all([store.journal.create(newTask(2)), store.journal.create(newTask(3))]), told);
  assert.equal((await rowsOf(kv, "log")).length, 1);
});

Deno.test("KvStore: a journal that went on behind its back is a conflict, and is read again", async () => {
  await using faulty = await openFaultyStore();
  const { store, kv } = faulty;
  const created = await store.journal.create(newTask(1));
  const [log] = await rowsOf(kv, "log");
  const entries = [step("foreign")];
  await kv.set(["log", log?.[1] ?? "", 2], new TextEncoder().encode(JSON.stringify({ entries })));
  await assert.rejects(append(store, created, step("mine")), Conflict);
  assert.equal((await store.tasks.get(created.ref))?.seq, 2);
  const stored = await append(store, { ...created, seq: 2 }, step("mine"));
  assert.equal(stored.seq, 3);
});

Deno.test("KvStore: a finished task keeps its log and its place in the lists, nothing else", async () => {
  await using faulty = await openFaultyStore();
  const { store, kv } = faulty;
  const created = await store.journal.create(newTask(1, { message: { id: "m", digest: "d" } }));
  const working = await append(store, created, status(idOf(1), "TASK_STATE_WORKING", 5));
  await append(store, working, status(idOf(1), "TASK_STATE_COMPLETED", 6));
  const rows = await Array.fromAsync(kv.list({ prefix: [] }), ({ key }) => key[0]);
  assert.deepEqual(rows, ["context", "count", "log", "log", "log", "message", "settled", "writer"]);
});

Deno.test("KvStore: a long stream writes and keeps what it says, not its square", async () => {
  await using faulty = await openFaultyStore();
  const { store, kv } = faulty;
  let stored = await store.journal.create(newTask(1));
  const text = "word ".repeat(60);
  const deltas = 1_000;
  for (let at = 0; at < deltas; at++) stored = await append(store, stored, delta(idOf(1), text));
  await append(store, stored, status(idOf(1), "TASK_STATE_COMPLETED", 5));
  let bytes = 0;
  for await (const { value } of kv.list<Uint8Array>({ prefix: ["log"] })) bytes += value.length;
  for await (const { value } of kv.list<Uint8Array>({ prefix: ["chunk"] })) bytes += value.length;
  const said = deltas * (text.length + 200);
  assert.ok(bytes < 3 * said, `${bytes} bytes for ${said}`);
});
