import assert from "node:assert/strict";
import { compareCursors, cursorOf, isBehind, toPage } from "../../src/store/task_order.ts";
import type { StoredTask } from "../../src/store/store.ts";
import { idOf, OWNER, time } from "./drafts.ts";

function stored(number: number, atMs: number | undefined): StoredTask {
  const id = idOf(number);
  const timestamp = atMs === undefined ? {} : { timestamp: time(atMs) };
  return {
    ref: { ...OWNER, id },
    agent: "a",
    seq: 1,
    task: { id, status: { state: "TASK_STATE_WORKING", ...timestamp } },
  };
}

Deno.test("compareCursors() puts the newest first, then the higher id, and whoever has no time last", () => {
  const tasks = [stored(1, 5), stored(2, undefined), stored(3, 9), stored(4, 5), stored(5, undefined)];
  const sorted = tasks.map(({ task }) => cursorOf(task)).sort(compareCursors).map(({ id }) => id);
  assert.deepEqual(sorted, [3, 4, 1, 5, 2].map(idOf));
  assert.equal(compareCursors({ timestamp: "a", id: "b" }, { timestamp: "a", id: "b" }), 0);
});

Deno.test("isBehind() excludes the cursor itself", () => {
  const cursor = { timestamp: time(5), id: idOf(4) };
  assert.equal(isBehind(cursor, undefined), true);
  assert.equal(isBehind(cursor, cursor), false);
  assert.equal(isBehind({ timestamp: time(5), id: idOf(3) }, cursor), true);
  assert.equal(isBehind({ timestamp: time(6), id: idOf(3) }, cursor), false);
});

Deno.test("toPage() goes on behind a task that has moved away", () => {
  const tasks = [1, 2, 3, 4, 5].map((number) => stored(number, number));
  const first = toPage(tasks, { limit: 2 });
  assert.deepEqual(first.next, { timestamp: time(4), id: idOf(4) });
  const moved = [...tasks.filter(({ ref }) => ref.id !== idOf(4)), stored(4, 100)];
  const second = toPage(moved, { limit: 2, ...(first.next ? { after: first.next } : {}) });
  assert.deepEqual(second.tasks.map(({ ref }) => ref.id), [idOf(3), idOf(2)]);
});
