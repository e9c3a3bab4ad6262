import assert from "node:assert/strict";
import { ConnectionSlots } from "../../../src/server/door/connection_slots.ts";

Deno.test("ConnectionSlots.take() gives as many places as there are, and a place again when one is given back", () => {
  const slots = new ConnectionSlots({ maxConnections: 2, maxConnectionsPerAddress: 2 });
  const first = slots.take("192.0.2.1");
  assert.ok(first && slots.take("192.0.2.2"));
  assert.equal(slots.take("192.0.2.3"), undefined);
  assert.equal(slots.open, 2);
  first();
  first();
  assert.equal(slots.open, 1, "a place is given back once");
  assert.ok(slots.take("192.0.2.3"));
});

/** [one address, another, whether both count as one] */
const SOURCES: readonly [one: string, other: string, same: boolean][] = [
  ["192.0.2.1", "192.0.2.1", true],
  ["192.0.2.1", "192.0.2.2", false],
  ["192.0.2.1", "::ffff:192.0.2.1", true],
  ["2001:db8::1", "2001:db8::ffff:2", true],
  ["2001:db8::1", "2001:db8:0:1::1", false],
  ["fe80::1%eth0", "fe80::2%eth0", true],
  ["unknown", "unknown", true],
];
for (const [one, other, same] of SOURCES) {
  Deno.test(`ConnectionSlots.take() takes ${one} and ${other} for ${same ? "one source" : "two sources"}`, () => {
    const slots = new ConnectionSlots({ maxConnections: 9, maxConnectionsPerAddress: 1 });
    const giveBack = slots.take(one);
    assert.equal(slots.take(other) === undefined, same);
    giveBack?.();
    assert.ok(slots.take(one));
  });
}

for (const address of ["127.0.0.1", "127.8.9.1", "::1", "::ffff:127.0.0.1"]) {
  Deno.test(`ConnectionSlots.take() counts ${address} against the whole only`, () => {
    const slots = new ConnectionSlots({ maxConnections: 3, maxConnectionsPerAddress: 1 });
    for (let at = 0; at < 3; at++) assert.ok(slots.take(address));
    assert.equal(slots.take(address), undefined);
  });
}
