import assert from "node:assert/strict";
import { JuteError, JuteReader, JuteWriter } from "../../../../src/config/sources/zookeeper_client/jute.ts";

Deno.test("JuteWriter.frame() is the length and the values, big endian", () => {
  const frame = new JuteWriter().int(-2).long(258n).bool(true).text("é").buffer(new Uint8Array()).frame();
  assert.equal(frame.toHex(), "00000017" + "fffffffe" + "0000000000000102" + "01" + "00000002c3a9" + "00000000");
});

Deno.test("JuteReader reads what JuteWriter wrote, also from the middle of other bytes", () => {
  const long = "x".repeat(10_000);
  const frame = new JuteWriter().int(7).long(-1n).text(long).buffer(new Uint8Array([1, 2])).frame();
  const around = new Uint8Array(frame.length + 3);
  around.set(frame, 3);
  const reader = new JuteReader(around.subarray(7));
  assert.deepEqual([reader.int(), reader.long(), reader.text(), reader.buffer()], [
    7,
    -1n,
    long,
    new Uint8Array([1, 2]),
  ]);
});

Deno.test("JuteReader reads a buffer that is not there as an empty one", () => {
  assert.deepEqual(new JuteReader(Uint8Array.fromHex("ffffffff")).buffer(), new Uint8Array());
});

for (
  const [name, hex] of [["an int", "0000"], ["a buffer", "00000005" + "01"], ["a huge buffer", "7fffffff"]] as const
) {
  Deno.test(`JuteReader refuses ${name} that is cut`, () => {
    assert.throws(() => new JuteReader(Uint8Array.fromHex(hex)).buffer(), JuteError);
  });
}
