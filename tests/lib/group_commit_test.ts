import assert from "node:assert/strict";
import { setImmediate } from "node:timers/promises";
import { GroupCommit, PIPELINED_ITEMS } from "../../src/lib/group_commit.ts";

interface Commit {
  readonly batch: readonly string[];
  finish(error?: unknown): void;
}

/** A database whose commits end when the test says so. */
function slowDatabase(options: { fit?: number; isolates?: boolean } = {}) {
  const commits: Commit[] = [];
  let announce: () => void = () => {};
  const group = new GroupCommit<string>({
    commit: (batch) => {
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      commits.push({ batch, finish: (error) => error === undefined ? resolve() : reject(error) });
      announce();
      return promise;
    },
    fit: (waiting) => Math.min(waiting.length, options.fit ?? Infinity),
    isolates: () => options.isolates ?? false,
  });
  const begun = async (count: number) => {
    while (commits.length < count) await new Promise<void>((resolve) => announce = resolve);
  };
  return { group, commits, begun };
}

/** A database that takes everything but the items called "bad". */
function pickyDatabase() {
  const commits: string[][] = [];
  const written: string[] = [];
  const group = new GroupCommit<string>({
    commit: (batch) => {
      commits.push([...batch]);
      if (batch.some((item) => item.startsWith("bad"))) return Promise.reject(new RangeError(`in ${batch.length}`));
      written.push(...batch);
      return Promise.resolve();
    },
    fit: (waiting) => waiting.length,
    isolates: (error) => error instanceof RangeError,
  });
  return { group, commits, written };
}

Deno.test("submit() commits together what comes in one turn of the event loop", async () => {
  const { group, commits, begun } = slowDatabase();
  const all = [group.submit("a"), group.submit("b")];
  await Promise.resolve();
  all.push(group.submit("c"));
  await begun(1);
  assert.deepEqual(commits[0]?.batch, ["a", "b", "c"]);
  commits[0]?.finish();
  await Promise.all(all);
});

Deno.test("submit() gathers the next batch while a commit is under way", async () => {
  const { group, commits, begun } = slowDatabase();
  const first = group.submit("a");
  await begun(1);
  const rest = Promise.all(["b", "c", "d"].map((item) => group.submit(item)));
  await setImmediate();
  assert.equal(commits.length, 1);
  commits[0]?.finish();
  await first;
  const again = group.submit("e");
  await begun(2);
  assert.deepEqual(commits[1]?.batch, ["b", "c", "d", "e"], "who was just answered comes along");
  commits[1]?.finish();
  await Promise.all([rest, again]);
});

Deno.test("submit() runs two commits under load, and never three", async () => {
  const { group, commits, begun } = slowDatabase();
  const items = Array.from({ length: 4 * PIPELINED_ITEMS }, (_, at) => `${at}`);
  const all = Promise.all(items.map((item) => group.submit(item)));
  await begun(2);
  for (let turn = 0; turn < 5; turn++) await setImmediate();
  assert.equal(commits.length, 2);
  assert.deepEqual(commits[0]?.batch, items.slice(0, 2 * PIPELINED_ITEMS), "half of what waits");
  commits[1]?.finish();
  for (let turn = 0; turn < 5; turn++) await setImmediate();
  const late = group.submit("late");
  assert.equal(commits.length, 2, "too few wait for a second commit");
  commits[0]?.finish();
  await begun(3);
  commits[2]?.finish();
  await Promise.all([all, late]);
  assert.deepEqual(commits.flatMap(({ batch }) => batch), [...items, "late"]);
});

Deno.test("submit() is never forgotten, whenever it comes", async () => {
  const { group, written } = pickyDatabase();
  const writers = Array.from({ length: 3 * PIPELINED_ITEMS }, async (_, writer) => {
    for (let at = 0; at < 20; at++) {
      await group.submit(`${writer}.${at}`);
      for (let turn = 0; turn < (writer + at) % 7; turn++) await Promise.resolve();
    }
  });
  await Promise.all(writers);
  assert.equal(new Set(written).size, 60 * PIPELINED_ITEMS);
});

Deno.test("submit() is not answered before its commit has ended", async () => {
  const { group, commits, begun } = slowDatabase();
  let durable = false;
  const submitted = group.submit("a").then(() => durable = true);
  await begun(1);
  await setImmediate();
  assert.equal(durable, false);
  commits[0]?.finish();
  await submitted;
});

Deno.test("submit() splits what does not fit, in order, and one item always fits", async () => {
  for (
    const [fit, expected] of [[2, [["a", "b"], ["c", "d"], ["e"]]], [0, [["a"], ["b"], ["c"], ["d"], ["e"]]]] as const
  ) {
    const { group, commits, begun } = slowDatabase({ fit });
    const all = Promise.all(["a", "b", "c", "d", "e"].map((item) => group.submit(item)));
    for (const at of expected.keys()) {
      await begun(at + 1);
      commits[at]?.finish();
    }
    await all;
    assert.deepEqual(commits.map(({ batch }) => batch), expected);
  }
});

Deno.test("submit() rejects the whole batch, and no later one, when the database fails", async () => {
  const { group, commits, begun } = slowDatabase();
  const failed = Promise.allSettled([group.submit("a"), group.submit("b")]);
  await begun(1);
  const later = group.submit("c");
  const cause = new Error("disk on fire");
  commits[0]?.finish(cause);
  for (const result of await failed) assert.equal(result.status === "rejected" && result.reason, cause);
  await begun(2);
  assert.deepEqual(commits[1]?.batch, ["c"]);
  commits[1]?.finish();
  await later;
});

Deno.test("submit() rejects the guilty alone, keeps the order, and finds them without trying each", async () => {
  const { group, commits, written } = pickyDatabase();
  const items = Array.from({ length: 64 }, (_, at) => at === 17 || at === 40 ? `bad${at}` : `${at}`);
  const settled = await Promise.allSettled(items.map((item) => group.submit(item)));
  assert.deepEqual(settled.map(({ status }) => status === "rejected"), items.map((item) => item.startsWith("bad")));
  assert.deepEqual(written, items.filter((item) => !item.startsWith("bad")));
  assert.ok(commits.length < 28, `${commits.length} commits`);
});

Deno.test("drain() waits for all that was submitted, failures included", async () => {
  const { group, written } = pickyDatabase();
  await group.drain();
  const settled = Promise.allSettled(["a", "bad", "b"].map((item) => group.submit(item)));
  await group.drain();
  assert.deepEqual(written, ["a", "b"]);
  assert.deepEqual((await settled).map(({ status }) => status), ["fulfilled", "rejected", "fulfilled"]);
});
