import assert from "node:assert/strict";
import { AnswerTurns } from "../../src/a2a/answer_turns.ts";

const words = (artifactId: string) => ({ artifactId, parts: [{ text: artifactId }] });

/** [what, who goes on and whether that is the end, who is due then] */
const ROWS: [what: string, said: [id: string, isLast: boolean][], due: string[][]][] = [
  ["one after the other", [["a", false], ["a", true], ["b", false]], [["a"], ["a"], ["b"]]],
  ["who came first first", [["a", false], ["b", false], ["a", false], ["b", true]], [["a"], [], ["a"], []]],
  ["those who are at their end, then who goes on", [
    ["a", false],
    ["b", true],
    ["c", false],
    ["d", true],
    ["a", true],
    ["c", true],
  ], [["a"], [], [], [], ["a", "b", "c"], ["c", "d"]]],
];
for (const [what, said, due] of ROWS) {
  Deno.test(`AnswerTurns lets answers be told ${what}`, () => {
    const turns = new AnswerTurns();
    assert.deepEqual(said.map(([id, isLast]) => turns.next(words(id), isLast)), due);
  });
}

Deno.test("AnswerTurns lets files through at once", () => {
  const turns = new AnswerTurns();
  turns.next(words("a"), false);
  assert.deepEqual(turns.next({ artifactId: "f", parts: [{ url: "https://a.example/f" }] }, true), ["f"]);
});

Deno.test("AnswerTurns.all() names who waits, and lets whoever comes next begin", () => {
  const turns = new AnswerTurns();
  for (const id of ["a", "b", "c", "b"]) turns.next(words(id), false);
  assert.deepEqual(turns.all(), ["b", "c"]);
  assert.deepEqual(turns.all(), []);
  assert.deepEqual(turns.next(words("c"), false), ["c"]);
});
