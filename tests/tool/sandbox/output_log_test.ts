import assert from "node:assert/strict";
import { middleCut, OutputLog, startOf, TooLong } from "../../../src/tool/sandbox/output_log.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

function log(limits: Partial<OutputLog["limits"]> = {}) {
  const told: string[] = [];
  const say = (delta: string) => Promise.resolve(void told.push(delta));
  return { log: new OutputLog({ maxBytes: 1000, maxSaid: 1000, ...limits }, say), told };
}

Deno.test("OutputLog keeps the streams apart and tells both as they come", async () => {
  const { log: kept, told } = log();
  await kept.take("output", bytes("a"));
  await kept.take("errors", bytes("b"));
  await kept.take("output", bytes("c"));
  assert.deepEqual(told, ["a", "b", "c"]);
  assert.deepEqual(kept.end(), { output: "ac", errors: "b" });
});

Deno.test("OutputLog never tells half a character, wherever the bytes are cut", async () => {
  const text = "ä漢🙂!";
  const all = bytes(text);
  for (let at = 0; at <= all.length; at++) {
    const { log: kept, told } = log();
    await kept.take("output", all.subarray(0, at));
    await kept.take("output", all.subarray(at));
    assert.equal(told.join(""), text);
    assert.ok(told.every((delta) => delta.isWellFormed()));
    assert.equal(kept.end().output, text);
  }
});

Deno.test("OutputLog replaces what is no UTF-8, and what was begun of a character at the end", async () => {
  const { log: kept } = log();
  await kept.take("output", new Uint8Array([0x61, 0xff, 0x62, 0xf0, 0x9f]));
  assert.equal(kept.end().output, "a\ufffdb\ufffd");
});

Deno.test("OutputLog keeps what fits, then throws TooLong, both streams counted together", async () => {
  const { log: kept } = log({ maxBytes: 5 });
  await kept.take("output", bytes("abc"));
  await assert.rejects(kept.take("errors", bytes("def")), TooLong);
  assert.deepEqual(kept.end(), { output: "abc", errors: "de" });
});

Deno.test("OutputLog tells no more than its limit, and still keeps the rest", async () => {
  const { log: kept, told } = log({ maxSaid: 4 });
  await kept.take("output", bytes("abc"));
  await kept.take("output", bytes("🙂🙂"));
  await kept.take("output", bytes("z"));
  assert.equal(told.join(""), "abcz");
  assert.equal(kept.end().output, "abc🙂🙂z");
});

Deno.test("OutputLog waits for whoever is told", async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const kept = new OutputLog({ maxBytes: 10, maxSaid: 10 }, () => promise);
  let isTaken = false;
  const taking = kept.take("output", bytes("a")).then(() => isTaken = true);
  await Promise.resolve();
  assert.equal(isTaken, false);
  resolve();
  await taking;
});

const STARTS: [text: string, maxChars: number, start: string][] = [
  ["abc", 3, "abc"],
  ["abc", 2, "ab"],
  ["a🙂b", 2, "a"],
  ["a🙂b", 3, "a🙂"],
  ["🙂", 1, ""],
  ["abc", 0, ""],
  ["abc", -1, ""],
];
for (const [text, maxChars, start] of STARTS) {
  Deno.test(`startOf(${JSON.stringify(text)}, ${maxChars}) ends between two characters`, () =>
    assert.equal(startOf(text, maxChars), start));
}

Deno.test("middleCut() keeps the beginning and the end, and says how much is gone", () => {
  assert.equal(middleCut("abcdef", 6), "abcdef");
  assert.equal(middleCut("abcdefgh", 4), "ab\n[… 4 characters are left out …]\ngh");
  for (let maxChars = 1; maxChars < 12; maxChars++) assert.ok(middleCut("🙂🙂🙂🙂🙂🙂", maxChars).isWellFormed());
});
