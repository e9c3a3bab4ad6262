import assert from "node:assert/strict";
import { DuplicateMessage, type Webhook } from "../../src/store/store.ts";
import { append, idOf, newTask, OWNER, refOf, status, time } from "../store/drafts.ts";
import type { Check } from "./store_contract.ts";

function webhook(number: number, over: Partial<Webhook> = {}): Webhook {
  const base = { id: "w", url: "https://hooks.example/", protocolVersion: "1.0", toldSeq: 0, isDone: false } as const;
  return { ref: refOf(number), ...base, ...over };
}

const FULL: Partial<Webhook> = {
  token: "t0ken",
  authentication: { scheme: "Bearer", credentials: "s3cret" },
  protocolVersion: "0.3",
  toldSeq: 7,
  failure: { at: time(5), attempts: 3, reason: "The receiver answered 500" },
};

async function owing(webhooks: { owing(): AsyncIterable<Webhook> }) {
  return (await Array.fromAsync(webhooks.owing())).map(({ ref, id }) => `${ref.owner} ${ref.id} ${id}`).sort();
}

/** Where to tell of a task, and how far that has come. */
export const webhookContract: Record<string, Check> = {
  "put() keeps all of a webhook, also over a restart": async ({ store, restart }) => {
    assert.equal(await store.webhooks.get(refOf(1), "w"), undefined);
    await store.webhooks.put(webhook(1, FULL));
    assert.deepEqual(await store.webhooks.get(refOf(1), "w"), webhook(1, FULL));
    const later = await restart();
    assert.deepEqual(await later.webhooks.get(refOf(1), "w"), webhook(1, FULL));
    assert.deepEqual(await later.webhooks.list(refOf(1)), [webhook(1, FULL)]);
  },

  "put() replaces the webhook with the same id": async ({ store }) => {
    await store.webhooks.put(webhook(1, FULL));
    await store.webhooks.put(webhook(1, { toldSeq: 9 }));
    assert.deepEqual(await store.webhooks.list(refOf(1)), [webhook(1, { toldSeq: 9 })]);
  },

  "note() keeps the next state of a webhook that is there, and brings none back": async ({ store, restart }) => {
    assert.equal(await store.webhooks.note(webhook(1)), false);
    await store.webhooks.put(webhook(1));
    assert.equal(await store.webhooks.note(webhook(1, FULL)), true);
    assert.deepEqual(await store.webhooks.get(refOf(1), "w"), webhook(1, FULL));
    assert.equal(await store.webhooks.note(webhook(1, { isDone: true })), true);
    assert.deepEqual(await owing(store.webhooks), []);
    await store.webhooks.put(webhook(1));
    const [, ...noted] = await Promise.all([
      store.webhooks.delete(refOf(1), "w"),
      ...Array.from({ length: 5 }, (_, at) => store.webhooks.note(webhook(1, { toldSeq: at }))),
    ]);
    assert.equal(await store.webhooks.note(webhook(1)), false, `${noted}`);
    assert.deepEqual(await (await restart()).webhooks.list(refOf(1)), []);
  },

  "list() gives the task's own": async ({ store }) => {
    for (const id of ["b", "a", "c"]) await store.webhooks.put(webhook(1, { id }));
    await store.webhooks.put(webhook(2));
    await store.webhooks.put(webhook(1, { ref: refOf(1, { ...OWNER, owner: "bob" }), id: "d" }));
    await store.webhooks.put(webhook(1, { ref: refOf(1, { ...OWNER, tenant: "globex" }), id: "e" }));
    assert.deepEqual((await store.webhooks.list(refOf(1))).map(({ id }) => id).sort(), ["a", "b", "c"]);
    assert.deepEqual(await store.webhooks.list(refOf(3)), []);
    assert.equal(await store.webhooks.get(refOf(1, { ...OWNER, owner: "bob" }), "a"), undefined);
  },

  "delete() removes one, again and again": async ({ store, restart }) => {
    await store.webhooks.put(webhook(1, { id: "a" }));
    await store.webhooks.put(webhook(1, { id: "b" }));
    for (const id of ["a", "a", "nobody"]) await store.webhooks.delete(refOf(1), id);
    await store.webhooks.delete(refOf(2), "a");
    const later = await restart();
    assert.deepEqual((await later.webhooks.list(refOf(1))).map(({ id }) => id), ["b"]);
    assert.deepEqual(await owing(later.webhooks), [`ada ${idOf(1)} b`]);
  },

  "owing() tells of all that are not done, given up or not, after a restart too": async ({ store, restart }) => {
    await store.webhooks.put(webhook(1));
    await store.webhooks.put(webhook(2, { isDone: true }));
    await store.webhooks.put(webhook(3, FULL));
    await store.webhooks.put(webhook(4));
    await store.webhooks.put(webhook(4, { isDone: true, toldSeq: 3 }));
    await store.webhooks.put(webhook(5, { isDone: true }));
    await store.webhooks.put(webhook(5, { ref: refOf(5, { ...OWNER, owner: "bob" }) }));
    const expected = [`ada ${idOf(1)} w`, `ada ${idOf(3)} w`, `bob ${idOf(5)} w`];
    assert.deepEqual(await owing(store.webhooks), expected);
    assert.deepEqual(await owing((await restart()).webhooks), expected);
  },

  "odd ids are told apart and found again": async ({ store, restart }) => {
    const ids = [
      "",
      "a\0",
      "a\u001f",
      "\ud800",
      "\ufffd",
      "ä",
      "é".repeat(200),
      "x".repeat(96),
      "x".repeat(97),
      "__proto__",
    ];
    for (const id of ids) await store.webhooks.put(webhook(1, { id, url: `https://hooks.example/${ids.indexOf(id)}` }));
    for (const [at, id] of ids.entries()) {
      assert.equal((await store.webhooks.get(refOf(1), id))?.url, `https://hooks.example/${at}`);
    }
    assert.equal((await owing((await restart()).webhooks)).length, ids.length);
  },

  "create() keeps a webhook in the same commit": async ({ store, restart }) => {
    await store.journal.create(newTask(1, { webhook: webhook(1), message: { id: "m", digest: "d" } }));
    assert.deepEqual(await store.webhooks.list(refOf(1)), [webhook(1)]);
    await assert.rejects(
      store.journal.create(newTask(2, { webhook: webhook(2), message: { id: "m", digest: "d" } })),
      DuplicateMessage,
    );
    assert.deepEqual(await owing((await restart()).webhooks), [`ada ${idOf(1)} w`]);
  },

  "webhooks outlive the end of their task": async ({ store }) => {
    const created = await store.journal.create(newTask(1, { webhook: webhook(1) }));
    await append(store, created, status(idOf(1), "TASK_STATE_COMPLETED", 5));
    assert.deepEqual(await store.webhooks.list(refOf(1)), [webhook(1)]);
  },

  "a closed store takes and tells nothing": async ({ store }) => {
    await store.close();
    await assert.rejects(store.webhooks.put(webhook(1)));
    await assert.rejects(store.webhooks.note(webhook(1)));
    await assert.rejects(store.webhooks.get(refOf(1), "w"));
    await assert.rejects(store.webhooks.list(refOf(1)));
    await assert.rejects(store.webhooks.delete(refOf(1), "w"));
    await assert.rejects(Array.fromAsync(store.webhooks.owing()));
  },
};
