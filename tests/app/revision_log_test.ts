import assert from "node:assert/strict";
import { RevisionLog } from "../../src/app/revision_log.ts";
import { SILENT } from "../../src/lib/log.ts";
import { MemoryStore } from "../../src/store/memory_store.ts";
import type { Revisions } from "../../src/store/store.ts";
import { newTask } from "../store/drafts.ts";

function open(over: Partial<Revisions> = {}) {
  let ms = Date.parse("2026-01-01T00:00:00Z");
  const now = () => ms += 1000;
  const store = new MemoryStore({ holder: "p1", now });
  const warned: string[] = [];
  const log = { ...SILENT, warn: (message: string) => void warned.push(message) };
  const revisions = new RevisionLog({ revisions: { ...store.revisions, ...over }, now, log });
  return { revisions, store, warned };
}

Deno.test("RevisionLog tells the revisions in the order in which they were served, the latest first", async () => {
  const { revisions } = open();
  for (const id of ["a", "b", "a", "c"]) await revisions.note(id, { text: id });
  assert.deepEqual((await revisions.list()).map(({ id }) => id), ["c", "a", "b"]);
  assert.deepEqual((await revisions.get("b"))?.content, { text: "b" });
});

Deno.test("RevisionLog keeps the last fifty, and of the others those that open tasks need", async () => {
  const { revisions, store } = open();
  await revisions.note("needed", {});
  await store.journal.create(newTask(1, { revision: "needed" }));
  await revisions.note("forgotten", {});
  for (let at = 0; at < 50; at++) await revisions.note(`r${at}`, {});
  await revisions.settled();
  const ids = (await revisions.list()).map(({ id }) => id);
  assert.equal(ids.length, 51);
  assert.ok(ids.includes("needed") && ids.includes("r0") && !ids.includes("forgotten"));
});

Deno.test("RevisionLog says so when it cannot remove, and goes on", async () => {
  const { revisions, warned } = open({ inUse: () => Promise.reject(new Error("disk")) });
  for (let at = 0; at < 52; at++) await revisions.note(`r${at}`, {});
  await revisions.settled();
  assert.match(warned[0] ?? "", /could not be removed/);
  assert.equal((await revisions.list()).length, 52);
});
