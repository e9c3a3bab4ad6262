import type { Log } from "../lib/log.ts";
import type { Measure, Measurement } from "./measurement.ts";
import type { ProcessState } from "./process_state.ts";
import type { Prometheus } from "./prometheus.ts";

/** What a process counts. */
export interface Metrics {
  readonly measure: Measure;
  /** In the text format of Prometheus. */
  text(state: ProcessState): Promise<string>;
}

export interface MetricsDeps {
  /** Default: OpenTelemetry's SDK. */
  readonly load?: () => Promise<Prometheus>;
  /** Whether anything is counted at this moment. */
  readonly isOn: () => boolean;
  readonly log: Log;
}

const loadPrometheus = async () => (await import("./prometheus.ts")).createPrometheus();

/**
 * Counts from the first measurement on, and loads what it counts with no sooner: a server is ready before, and one that
 * nobody asks never pays for it. What comes while that loads is kept and counted then.
 */
export function createMetrics({ load = loadPrometheus, isOn, log }: MetricsDeps): Metrics {
  const early: Measurement[] = [];
  let prometheus: Prometheus | undefined;
  let loading: Promise<Prometheus> | undefined;
  let isBroken = false;
  const open = () =>
    loading ??= load().then((loaded) => {
      prometheus = loaded;
      for (const measurement of early.splice(0)) loaded.measure(measurement);
      return loaded;
    });
  return {
    measure: (measurement) => {
      if (isBroken || !isOn()) return;
      if (prometheus !== undefined) return prometheus.measure(measurement);
      early.push(measurement);
      if (early.length > 1) return;
      open().catch((error) => {
        isBroken = true;
        early.length = 0;
        log.error("nothing is counted: the metrics cannot be loaded", { error });
      });
    },
    text: async (state) => await (await open()).text(state),
  };
}
