import assert from "node:assert/strict";
import { type Log, type LogFields, SILENT } from "../../../src/lib/log.ts";
import { Doorkeeper, type DoorLimits } from "../../../src/server/door/doorkeeper.ts";
import { manualTimers } from "../../lib/manual_timers.ts";
import { ROOMY } from "./roomy.ts";

function guarded(limits: Partial<DoorLimits> = {}) {
  const timers = manualTimers();
  const warned: LogFields[] = [];
  const log: Log = { ...SILENT, warn: (_message, fields = {}) => void warned.push(fields) };
  return { keeper: new Doorkeeper({ ...ROOMY, ...limits }, { timers, log }), timers, warned };
}

Deno.test("Doorkeeper.admit() lets in as many as may be open, and tells the log of the rest, now and then", () => {
  const { keeper, timers, warned } = guarded({ maxConnections: 1 });
  const admission = keeper.admit("192.0.2.1", () => {});
  assert.ok(admission);
  for (let at = 0; at < 100; at++) assert.equal(keeper.admit("192.0.2.2", () => {}), undefined);
  assert.deepEqual(warned, [{ open: 1, turned_away: 1, latest: "192.0.2.2" }]);
  timers.advance(10_000);
  assert.equal(keeper.admit("192.0.2.3", () => {}), undefined);
  assert.deepEqual(warned.slice(1), [{ open: 1, turned_away: 100, latest: "192.0.2.3" }]);
  admission.leave();
  assert.equal(keeper.open, 0);
  assert.ok(keeper.admit("192.0.2.2", () => {}));
});

Deno.test("Doorkeeper cuts whoever is overdue, once, and keeps its place until it has left", () => {
  const { keeper, timers } = guarded({ headMs: 5000 });
  let cuts = 0;
  const admission = keeper.admit("192.0.2.1", () => cuts++);
  timers.advance(4000);
  assert.equal(cuts, 0);
  timers.advance(60_000);
  assert.deepEqual([cuts, keeper.open], [1, 1]);
  admission?.leave();
  assert.equal(keeper.open, 0);
});

Deno.test("Doorkeeper leaves to themselves those that are handed over, but counts them", () => {
  const { keeper, timers } = guarded({ headMs: 5000, maxConnections: 1 });
  const admission = keeper.admit("192.0.2.1", () => assert.fail("it was cut"));
  admission?.handOver();
  timers.advance(1_000_000);
  assert.equal(keeper.admit("192.0.2.1", () => {}), undefined);
  admission?.leave();
  assert.ok(keeper.admit("192.0.2.1", () => {}));
});

Deno.test("Doorkeeper has no timer while nobody is there to watch", () => {
  const { keeper, timers } = guarded();
  assert.equal(timers.running(), 0);
  const admissions = ["192.0.2.1", "192.0.2.2"].map((address) => keeper.admit(address, () => {}));
  assert.equal(timers.running(), 1);
  for (const admission of admissions) admission?.leave();
  assert.equal(timers.running(), 0);
});
