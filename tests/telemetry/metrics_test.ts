import assert from "node:assert/strict";
import { SILENT } from "../../src/lib/log.ts";
import { MEASURE_NOTHING, type Measurement } from "../../src/telemetry/measurement.ts";
import { createMetrics } from "../../src/telemetry/metrics.ts";
import type { Prometheus } from "../../src/telemetry/prometheus.ts";
import { samplesOf, stateOf } from "./states.ts";

const RELOAD: Measurement = { kind: "reload", outcome: "applied", seconds: 0.1 };

/** Something to count with that loads when it is told to. */
function slowPrometheus() {
  const measured: Measurement[] = [];
  const loaded = Promise.withResolvers<Prometheus>();
  let loads = 0;
  return {
    measured,
    loads: () => loads,
    load: () => {
      loads++;
      return loaded.promise;
    },
    arrive: () =>
      loaded.resolve({ measure: (one) => void measured.push(one), text: () => Promise.resolve(`${measured.length}`) }),
    fail: (error: Error) => loaded.reject(error),
  };
}

Deno.test("createMetrics() loads nothing before there is something to count, and then once", async () => {
  const { load, loads, arrive, measured } = slowPrometheus();
  const metrics = createMetrics({ load, isOn: () => true, log: SILENT });
  assert.equal(loads(), 0);
  metrics.measure(RELOAD);
  metrics.measure(RELOAD);
  assert.deepEqual([loads(), measured.length], [1, 0]);
  const text = metrics.text(stateOf());
  arrive();
  assert.equal(await text, "2", "what came while it loaded is counted");
  metrics.measure(RELOAD);
  assert.deepEqual([loads(), measured.length], [1, 3]);
});

Deno.test("createMetrics() loads for a reader before anything is measured, and counts from then on", async () => {
  const { load, loads, arrive } = slowPrometheus();
  const metrics = createMetrics({ load, isOn: () => true, log: SILENT });
  arrive();
  assert.equal(await metrics.text(stateOf()), "0");
  metrics.measure(RELOAD);
  assert.equal(await metrics.text(stateOf()), "1");
  assert.equal(loads(), 1);
});

Deno.test("createMetrics() counts nothing while it is off", async () => {
  const { load, loads, arrive } = slowPrometheus();
  let isOn = false;
  const metrics = createMetrics({ load, isOn: () => isOn, log: SILENT });
  metrics.measure(RELOAD);
  assert.equal(loads(), 0);
  isOn = true;
  metrics.measure(RELOAD);
  arrive();
  assert.equal(await metrics.text(stateOf()), "1");
});

Deno.test("createMetrics() that cannot be loaded says so once, and keeps nothing", async () => {
  const { load, fail, measured } = slowPrometheus();
  const errors: string[] = [];
  const told = Promise.withResolvers<void>();
  const log = {
    ...SILENT,
    error: (message: string) => {
      errors.push(message);
      told.resolve();
    },
  };
  const metrics = createMetrics({ load, isOn: () => true, log });
  metrics.measure(RELOAD);
  fail(new Error("broken"));
  await told.promise;
  metrics.measure(RELOAD);
  await assert.rejects(metrics.text(stateOf()), /broken/);
  assert.deepEqual([errors.length, measured.length], [1, 0]);
});

Deno.test("createMetrics() counts with OpenTelemetry's SDK", async () => {
  const metrics = createMetrics({ isOn: () => true, log: SILENT });
  metrics.measure(RELOAD);
  const samples = samplesOf(await metrics.text(stateOf()));
  assert.equal(samples.get('hector_config_reload_duration_seconds_count{outcome="applied"}'), 1);
});

Deno.test("MEASURE_NOTHING takes everything", () => MEASURE_NOTHING(RELOAD));
