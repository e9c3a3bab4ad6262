import assert from "node:assert/strict";
import { runChaos } from "./chaos.ts";

Deno.test("kill -9: nothing acknowledged is lost, no stream has a gap or a repeat, no once step runs twice", async () => {
  const report = await runChaos({ clients: 12, kills: 4, maxLifeMs: 700, seed: 7 });
  assert.deepEqual(report.failures, []);
  assert.equal(report.kills, 4);
  assert.ok(report.tasks >= 12, `only ${report.tasks} tasks`);
  assert.ok(report.approved > 0, "no call waited for a yes");
  assert.ok(report.resumed > 0, "no stream was cut: the test tested nothing");
});
