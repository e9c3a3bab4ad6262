import { PrometheusSerializer } from "@opentelemetry/exporter-prometheus";
import {
  AggregationTemporality,
  InstrumentType,
  MeterProvider,
  MetricReader,
  type ResourceMetrics,
} from "@opentelemetry/sdk-metrics";
import { observeState } from "./gauges.ts";
import { createInstruments } from "./instruments.ts";
import type { Measure } from "./measurement.ts";
import type { ProcessState } from "./process_state.ts";

/** What was measured so far, to be read as text. */
export interface Prometheus {
  readonly measure: Measure;
  /** In the text format of Prometheus, version 0.0.4. */
  text(state: ProcessState): Promise<string>;
}

/**
 * Reads when it is asked to; the SDK has readers by inheritance alone. What was observed before and is not any more, such
 * as an earlier revision, is forgotten, which the reader for Prometheus that the SDK brings does not do.
 */
class TextReader extends MetricReader {
  constructor() {
    super({
      aggregationTemporalitySelector: (type) =>
        type === InstrumentType.OBSERVABLE_GAUGE ? AggregationTemporality.DELTA : AggregationTemporality.CUMULATIVE,
    });
  }

  protected override async onForceFlush(): Promise<void> {}

  protected override async onShutdown(): Promise<void> {}
}

/** OpenTelemetry's SDK, without a server of its own. */
export function createPrometheus(): Prometheus {
  const reader = new TextReader();
  const provider = new MeterProvider({ readers: [reader] });
  const serializer = new PrometheusSerializer(undefined, false, undefined, true, true);
  let asked: ProcessState | undefined;
  const meter = provider.getMeter("hector");
  const measure = createInstruments(meter);
  observeState(meter, () => asked);
  return {
    measure,
    text: async (state) => {
      asked = state;
      const { resourceMetrics, errors: [error] } = await reader.collect();
      if (error !== undefined) throw new Error("Cannot collect the metrics: one cannot be read", { cause: error });
      return serializer.serialize(namedWithUnits(resourceMetrics));
    },
  };
}

const SUFFIXES: ReadonlyMap<string, string> = new Map([["s", "_seconds"], ["By", "_bytes"], ["USD", "_usd"]]);

/** Prometheus has units in names (OpenTelemetry's compatibility rules, §Metric Metadata), which the serializer leaves out. */
function namedWithUnits({ resource, scopeMetrics }: ResourceMetrics): ResourceMetrics {
  return {
    resource,
    scopeMetrics: scopeMetrics.map(({ scope, metrics }) => ({
      scope,
      metrics: metrics.map((metric) => {
        const { name, unit } = metric.descriptor;
        return {
          ...metric,
          descriptor: { ...metric.descriptor, name: `${name}${SUFFIXES.get(unit) ?? ""}`, unit: "" },
        };
      }),
    })),
  };
}
