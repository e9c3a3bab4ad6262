import assert from "node:assert/strict";
import { processState } from "../../src/app/process_state.ts";
import { Reloader } from "../../src/app/reloader.ts";
import { shortRevision } from "../../src/config/revision.ts";
import { VERSION } from "../../src/lib/version.ts";
import { MEASURE_NOTHING } from "../../src/telemetry/measurement.ts";
import { candidateOf, openTestHouse, reread, wordAgents } from "./configurations.ts";

Deno.test("processState() tells what is served, and whether that is what should be", async () => {
  const { house, close } = await openTestHouse(candidateOf(wordAgents({ a: "1" })));
  const { version, residentBytes, config } = processState(house, undefined);
  assert.equal(version, VERSION);
  assert.ok(residentBytes > 1_000_000);
  assert.deepEqual(config, {
    revision: shortRevision(house.revision),
    sinceSeconds: house.sinceMs / 1000,
    isCurrent: true,
    lastReloadSucceeded: true,
    sourceIsReadable: undefined,
  });
  const log = { info: () => {}, warn: () => {}, error: () => {} };
  const reloader = new Reloader({ house, reread, now: () => 0, log, measure: MEASURE_NOTHING });
  await reloader.reload({ text: "agents: [" });
  const refused = processState(house, reloader).config;
  assert.deepEqual([refused.isCurrent, refused.lastReloadSucceeded], [false, false]);
  await reloader.reload({ text: wordAgents({ a: "2" }) });
  const better = processState(house, reloader).config;
  assert.deepEqual([better.isCurrent, better.lastReloadSucceeded], [true, true]);
  assert.notEqual(better.revision, config.revision);
  await close();
});
