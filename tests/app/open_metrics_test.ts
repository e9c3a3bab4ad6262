import assert from "node:assert/strict";
import { NO_METRICS, openMetrics } from "../../src/app/open_metrics.ts";
import { SILENT } from "../../src/lib/log.ts";
import { samplesOf, stateOf } from "../telemetry/states.ts";
import { configOf, wordAgents } from "./configurations.ts";

const AGENTS = wordAgents({ a: "1" });
const OFF = configOf(`${AGENTS}observability: { metrics: { enabled: false } }`);
const ON = configOf(AGENTS);

Deno.test("openMetrics() counts while the configuration of the day wants it to", async () => {
  let config = OFF;
  const { measure, metrics } = openMetrics(() => config, SILENT);
  for (const next of [OFF, ON, ON, OFF]) {
    config = next;
    measure({ kind: "reload", outcome: "applied", seconds: 0.1 });
  }
  const samples = samplesOf(await metrics?.text(stateOf()) ?? "");
  assert.equal(samples.get('hector_config_reload_duration_seconds_count{outcome="applied"}'), 2);
});

Deno.test("NO_METRICS takes everything and tells nothing", () => {
  NO_METRICS.measure({ kind: "reload", outcome: "applied", seconds: 0.1 });
  assert.equal(NO_METRICS.metrics, undefined);
});
