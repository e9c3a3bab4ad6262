import assert from "node:assert/strict";
import { mergeSessions } from "../../src/task/merge_sessions.ts";

function listOf(name: string, ids: string) {
  const read: string[] = [];
  let isLeft = false;
  const list = async function* () {
    try {
      for (const id of ids) {
        read.push(id);
        yield await Promise.resolve({ id, name });
      }
    } finally {
      isLeft = true;
    }
  };
  return { list: list(), read, isLeft: () => isLeft };
}

const words = (rows: readonly { readonly id: string; readonly name: string }[]) =>
  rows.map(({ id, name }) => `${name}${id}`).join(" ");

/** [lists, limit, merged] */
const MERGES: [lists: readonly string[], limit: number, merged: string][] = [
  [[], 3, ""],
  [["", ""], 3, ""],
  [["dba"], 2, "0d 0b"],
  [["db", "eca"], 9, "1e 0d 1c 0b 1a"],
  [["db", "edb", "b"], 9, "1e 0d 0b"],
  [["b", "edcba"], 3, "1e 1d 1c"],
];

for (const [lists, limit, merged] of MERGES) {
  Deno.test(`mergeSessions() gives "${merged}" for ${JSON.stringify(lists)}, at most ${limit}`, async () => {
    const opened = lists.map((ids, at) => listOf(String(at), ids));
    assert.equal(words(await mergeSessions(opened.map(({ list }) => list), limit)), merged);
  });
}

Deno.test("mergeSessions() reads no list further than it has to, and leaves all of them", async () => {
  const long = listOf("0", "zyxwvutsrq");
  const other = listOf("1", "a");
  await mergeSessions([long.list, other.list], 3);
  assert.deepEqual([long.read.length, other.read.length, long.isLeft(), other.isLeft()], [4, 1, true, true]);
});

Deno.test("mergeSessions() leaves the other lists when one fails", async () => {
  const fine = listOf("0", "ab");
  const broken = async function* () {
    yield await Promise.reject(new Error("gone"));
  };
  await assert.rejects(mergeSessions([fine.list, broken()], 3), /gone/);
  assert.ok(fine.isLeft());
});
