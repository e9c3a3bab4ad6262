import assert from "node:assert/strict";
import { watchStore } from "../../src/app/watch_store.ts";
import { MemoryStore } from "../../src/store/memory_store.ts";
import { Conflict, type Store, StoreFailed } from "../../src/store/store.ts";
import { callOf, candidateOf, openTestHouse, wordAgents } from "./configurations.ts";

function scene() {
  const state: { ms: number; failing: Error | undefined } = { ms: 0, failing: undefined };
  const inner = new MemoryStore({ holder: "first", now: () => Date.now() });
  const { tasks, contexts, webhooks, revisions, place } = inner;
  const create: Store["journal"]["create"] = (task) =>
    state.failing === undefined ? inner.journal.create(task) : Promise.reject(state.failing);
  const journal = { ...inner.journal, create };
  const store = { tasks, contexts, webhooks, revisions, place, journal, close: () => inner.close() };
  const logged: string[] = [];
  const note = (message: string) => void logged.push(message);
  const log = { info: note, warn: note, error: note };
  return { state, logged, ...watchStore(store, { now: () => state.ms, log }) };
}

Deno.test("watchStore() tells once that the store cannot be written, and when it can be again", async () => {
  const { state, logged, store, trouble } = scene();
  const house = await openTestHouse(candidateOf(wordAgents({ a: "hello" })), { store, holder: "first" });
  await house.say("a", "hi");
  assert.deepEqual([trouble(), logged], [undefined, []]);
  state.failing = new StoreFailed("database is locked");
  for (const text of ["one", "two"]) {
    await assert.rejects(house.say("a", text), /Nothing can be recorded now: the server's store fails/);
  }
  assert.equal(trouble(), "the store cannot be written");
  assert.deepEqual(logged, ["the store cannot be written"]);
  state.failing = undefined;
  await house.say("a", "hi");
  assert.equal(trouble(), undefined);
  assert.deepEqual(logged, ["the store cannot be written", "the store can be written again"]);
  assert.equal((await house.house.services.get("a")?.listTasks({}, callOf()))?.tasks.length, 2);
  await house.close();
});

Deno.test("watchStore() believes a failure for a while only, so that somebody tries again", async () => {
  const { state, store, trouble } = scene();
  const house = await openTestHouse(candidateOf(wordAgents({ a: "hello" })), { store, holder: "first" });
  state.failing = new StoreFailed("disk I/O error");
  await assert.rejects(house.say("a", "one"));
  state.ms += 29_999;
  assert.equal(trouble(), "the store cannot be written");
  state.ms += 1;
  assert.equal(trouble(), undefined);
  await house.close();
});

Deno.test("watchStore() thinks nothing of a refusal", async () => {
  const { state, logged, store, trouble } = scene();
  const house = await openTestHouse(candidateOf(wordAgents({ a: "hello" })), { store, holder: "first" });
  state.failing = new Conflict("It has moved");
  await assert.rejects(house.say("a", "one"));
  assert.deepEqual([trouble(), logged], [undefined, []]);
  await house.close();
});
