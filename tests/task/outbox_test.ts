import assert from "node:assert/strict";
import { setImmediate } from "node:timers";
import type { Timers } from "../../src/lib/timers.ts";
import { Conflict, type Draft, type Journal, type StoredTask } from "../../src/store/store.ts";
import { Outbox } from "../../src/task/outbox.ts";

const draftOf = (id: string): Draft => ({ at: "", step: { id, phase: "begin" } });
const idsOf = (drafts: readonly Draft[]) => drafts.map((draft) => "step" in draft ? draft.step.id : "").join();
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

/** An outbox over a journal whose appends end when the test says so. */
function boxOf(maxBytes = 1_000_000, timers?: Pick<Timers, "after">) {
  const stored: StoredTask = {
    ref: { tenant: "t", owner: "o", id: "x" },
    agent: "a",
    task: { id: "x", status: { state: "TASK_STATE_WORKING" } },
    seq: 1,
  };
  const appends: string[] = [];
  const seqs: number[] = [];
  const ends: PromiseWithResolvers<void>[] = [];
  const failures: unknown[] = [];
  const unused = () => assert.fail("an outbox only appends");
  const journal: Journal = {
    create: unused,
    acquire: unused,
    read: unused,
    follow: unused,
    orphans: unused,
    deadlines: unused,
    append: async (_ref, drafts, { seq }) => {
      appends.push(idsOf(drafts));
      seqs.push(seq);
      const end = Promise.withResolvers<void>();
      ends.push(end);
      await end.promise;
      return { ...stored, seq: seq + drafts.length };
    },
  };
  const lease = { holder: "h", fence: 1 };
  const outbox = new Outbox({ journal, stored, lease, maxBytes, onFailure: (cause) => failures.push(cause), timers });
  return { outbox, appends, seqs, failures, end: (at: number) => ends[at]?.resolve(), ends };
}

Deno.test("Outbox gathers what comes in one turn of the event loop into one append", async () => {
  const { outbox, appends } = boxOf();
  outbox.add([draftOf("1")]);
  await Promise.resolve();
  outbox.add([draftOf("2"), draftOf("3")]);
  assert.deepEqual(appends, []);
  await turn();
  assert.deepEqual(appends, ["1,2,3"]);
});

Deno.test("Outbox has one append in flight, and the next begins with all that came meanwhile", async () => {
  const { outbox, appends, seqs, end } = boxOf();
  outbox.add([draftOf("1")]);
  await turn();
  outbox.add([draftOf("2")]);
  await turn();
  outbox.add([draftOf("3")]);
  await turn();
  assert.deepEqual(appends, ["1"]);
  end(0);
  await turn();
  assert.deepEqual(appends, ["1", "2,3"]);
  assert.deepEqual(seqs, [1, 2]);
});

Deno.test("flush() writes at once and resolves with the task when what was added before is durable", async () => {
  const { outbox, appends, end } = boxOf();
  assert.equal((await outbox.flush()).seq, 1);
  outbox.add([draftOf("1")]);
  const first = outbox.flush();
  assert.deepEqual(appends, ["1"]);
  outbox.add([draftOf("2")]);
  const second = outbox.flush();
  end(0);
  assert.equal((await first).seq, 2);
  await turn();
  end(1);
  assert.equal((await second).seq, 3);
  await turn();
  assert.deepEqual(appends, ["1", "2"]);
});

Deno.test("room() waits while more than the bound is not durable, whether it waits or is being written", async () => {
  const { outbox, end } = boxOf(100);
  await outbox.room();
  outbox.add([draftOf("x".repeat(200))]);
  let free = false;
  const room = outbox.room().then(() => free = true);
  await turn();
  assert.equal(free, false);
  end(0);
  await room;
  assert.equal(free, true);
});

Deno.test("Outbox tells of a failed append once, lets everybody go, and writes nothing more", async () => {
  const { outbox, appends, failures, ends } = boxOf(10);
  const cause = new Conflict("the end moved");
  outbox.add([draftOf("1")]);
  const flushed = outbox.flush();
  const room = outbox.room();
  ends[0]?.reject(cause);
  await assert.rejects(flushed, cause);
  await room;
  outbox.add([draftOf("2")]);
  await turn();
  await outbox.room();
  await assert.rejects(outbox.flush(), cause);
  assert.deepEqual([appends, failures], [["1"], [cause]]);
});

const result = (id: string): Draft => ({ at: "", step: { id, phase: "end", result: {} } });
const statusOf = (state: "TASK_STATE_WORKING" | "TASK_STATE_COMPLETED"): Draft => ({
  at: "",
  event: { statusUpdate: { taskId: "x", contextId: "c", status: { state } } },
});
const text: Draft = {
  at: "",
  event: { artifactUpdate: { taskId: "x", contextId: "c", artifact: { artifactId: "a", parts: [{ text: "hi" }] } } },
};

/** Timers that a test fires by hand. */
function heldTimers() {
  const waiting = new Set<() => void>();
  const after = (_delayMs: number, act: () => void) => {
    waiting.add(act);
    return () => void waiting.delete(act);
  };
  return { after, waiting, fire: () => [...waiting].forEach((act) => act()) };
}

Deno.test("Outbox lets what nobody waits for wait for company", async () => {
  const timers = heldTimers();
  const { outbox, seqs } = boxOf(undefined, timers);
  outbox.add([statusOf("TASK_STATE_WORKING")]);
  outbox.add([result("start")]);
  await turn();
  assert.deepEqual(seqs, []);
  assert.equal(timers.waiting.size, 1);
  outbox.add([text]);
  await turn();
  assert.deepEqual(seqs, [1]);
  assert.equal(timers.waiting.size, 0);
});

Deno.test("Outbox does not let it wait for ever", async () => {
  const timers = heldTimers();
  const { outbox, appends } = boxOf(undefined, timers);
  outbox.add([result("start")]);
  await turn();
  timers.fire();
  assert.deepEqual(appends, ["start"]);
});

for (
  const [what, draft] of [
    ["text", text],
    ["an end", statusOf("TASK_STATE_COMPLETED")],
    ["a beginning", draftOf("tool")],
  ] as const
) {
  Deno.test(`Outbox writes ${what} without waiting`, async () => {
    const timers = heldTimers();
    const { outbox, seqs } = boxOf(undefined, timers);
    outbox.add([draft]);
    await turn();
    assert.deepEqual(seqs, [1]);
    assert.equal(timers.waiting.size, 0);
  });
}

Deno.test("Outbox calls the wait off when it is flushed", async () => {
  const timers = heldTimers();
  const { outbox, appends, end } = boxOf(undefined, timers);
  outbox.add([result("start")]);
  const flushed = outbox.flush();
  assert.equal(timers.waiting.size, 0);
  assert.deepEqual(appends, ["start"]);
  end(0);
  await flushed;
});
