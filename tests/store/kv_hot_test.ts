import assert from "node:assert/strict";
import { type HotTask, HotTasks, joinRecent, recentAfter } from "../../src/store/kv_hot.ts";
import type { Entry } from "../../src/store/store.ts";
import { OWNER, step } from "./drafts.ts";

function entries(from: number, to: number): Entry[] {
  return Array.from({ length: to - from + 1 }, (_, at) => ({ ...step(`${from + at}`), seq: from + at }));
}

function hotTask(key: string, more: Partial<HotTask> = {}): HotTask {
  return {
    ref: { ...OWNER, id: key },
    agent: "a",
    key,
    scope: "s",
    task: { id: key, status: { state: "TASK_STATE_WORKING" } },
    seq: 1,
    lease: undefined,
    fence: 1,
    unfolded: { rows: 0, bytes: 0, foldBytes: 0 },
    recent: [],
    recentBytes: 0,
    ...more,
  };
}

Deno.test("recentAfter() answers only what it knows without a hole", () => {
  const hot = hotTask("a", { seq: 9, recent: entries(5, 9) });
  const seqs = (seq: number) => recentAfter(hot, seq)?.map((entry) => entry.seq);
  assert.deepEqual([0, 3].map(seqs), [undefined, undefined]);
  assert.deepEqual(seqs(4), [5, 6, 7, 8, 9]);
  assert.deepEqual(seqs(8), [9]);
  assert.deepEqual([9, 12].map(seqs), [[], []]);
});

Deno.test("joinRecent() keeps the newest within bounds, always without a hole", () => {
  let hot = { recent: entries(1, 1), recentBytes: 10 };
  for (let seq = 2; seq <= 2_000; seq++) {
    hot = joinRecent(hot, entries(seq, seq), 10) as typeof hot;
    assert.ok(hot.recent.length <= 256);
    assert.equal(hot.recent.at(-1)?.seq, seq);
    assert.equal(hot.recent[0]?.seq, seq - hot.recent.length + 1);
  }
  assert.deepEqual(
    joinRecent(hot, entries(2_001, 2_001), 1e6).recent.map(({ seq }) => seq),
    [2_001],
    "large ones alone",
  );
  assert.equal(joinRecent(hot, entries(2_001, 3_000), 10).recent[0]?.seq, 2_745);
});

Deno.test("HotTasks sheds the oldest within its bound, but nobody who is pinned", () => {
  const pinned = new Set(["1"]);
  const tasks = new HotTasks((key) => pinned.has(key), 20_000);
  for (let at = 0; at < 50; at++) tasks.set(hotTask(`${at}`));
  const kept = Array.from({ length: 50 }, (_, at) => at).filter((at) => tasks.get(`${at}`) !== undefined);
  assert.deepEqual(kept, [1, 41, 42, 43, 44, 45, 46, 47, 48, 49]);
  tasks.set(hotTask("large", { unfolded: { rows: 0, bytes: 0, foldBytes: 1e6 } }));
  assert.equal(tasks.get("large"), undefined, "what is larger than all room passes through");
  pinned.clear();
  tasks.set(hotTask("1"));
  tasks.delete("1");
  tasks.delete("1");
  assert.equal(tasks.get("1"), undefined);
  for (let at = 0; at < 10; at++) tasks.set(hotTask(`again ${at}`));
  assert.ok(
    Array.from({ length: 10 }, (_, at) => tasks.get(`again ${at}`)).every((hot) => hot !== undefined),
    "the sum is right",
  );
});
