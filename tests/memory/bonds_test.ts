import assert from "node:assert/strict";
import type { Message } from "../../src/a2a/types.ts";
import { bondsOf, withoutOrphans } from "../../src/memory/bonds.ts";
import { agent, calls, outcome, user } from "./conversations.ts";

/** [what, history, lengths of its pieces] */
const ROWS: [name: string, history: Message[], pieces: number[]][] = [
  ["nothing", [], []],
  ["talk", [user("a"), agent("b"), user("c")], [1, 1, 1]],
  ["a call and its outcome", [user("a"), calls("1"), outcome("1"), agent("b")], [1, 2, 1]],
  ["parallel calls, outcomes in another order", [calls("1", "2"), outcome("2"), outcome("1"), agent("b")], [3, 1]],
  ["a call without an outcome", [calls("1"), user("a"), calls("2"), outcome("2")], [1, 1, 2]],
  ["talk between a call and its outcome", [calls("1"), user("wait"), agent("yes"), outcome("1"), user("a")], [4, 1]],
  ["calls that overlap", [calls("1"), calls("2"), outcome("1"), outcome("2"), user("a")], [4, 1]],
  ["ids that come again", [calls("1"), outcome("1"), user("a"), calls("1"), outcome("1")], [2, 1, 2]],
];
for (const [name, history, pieces] of ROWS) {
  Deno.test(`bondsOf() parts ${name} into pieces of ${pieces.join(", ") || "nothing"}`, () => {
    const bonds = bondsOf(history);
    assert.deepEqual(bonds.map(({ from, to }) => to - from), pieces);
    assert.deepEqual(bonds.map(({ from }) => from), [0, ...bonds.map(({ to }) => to)].slice(0, bonds.length));
  });
}

Deno.test("withoutOrphans() leaves out outcomes whose call is not there, or comes later", () => {
  const [lost, call, kept, early] = [outcome("0"), calls("1"), outcome("1"), outcome("2")];
  assert.deepEqual(withoutOrphans([lost, call, kept, early, calls("2")]).slice(0, 2), [call, kept]);
  assert.equal(withoutOrphans([lost, call, kept, early, calls("2")]).length, 3);
});

Deno.test("withoutOrphans() gives back what has none", () => {
  const history = [user("a"), calls("1"), outcome("1")];
  assert.equal(withoutOrphans(history), history);
});
