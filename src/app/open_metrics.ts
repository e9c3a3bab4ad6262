import type { Config } from "../config/config.ts";
import type { Log } from "../lib/log.ts";
import { type Measure, MEASURE_NOTHING } from "../telemetry/measurement.ts";
import { createMetrics, type Metrics } from "../telemetry/metrics.ts";

export interface OpenMetrics {
  readonly measure: Measure;
  /** Absent where nothing is counted. */
  readonly metrics?: Metrics;
}

/** What a server counts, while the configuration of the day wants it to. */
export function openMetrics(config: () => Config, log: Log): OpenMetrics {
  const metrics = createMetrics({ isOn: () => config().observability.metrics.enabled, log });
  return { metrics, measure: metrics.measure };
}

/** For a process that serves nobody. */
export const NO_METRICS: OpenMetrics = { measure: MEASURE_NOTHING };
