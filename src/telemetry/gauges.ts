import type { Attributes, Meter } from "@opentelemetry/api";
import type { ProcessState } from "./process_state.ts";

/** One column of the state: its name, its unit, what it is, its value and its attributes. */
type Gauge = readonly [
  name: string,
  unit: string,
  description: string,
  read: (state: ProcessState) => number | undefined,
  attributes?: (state: ProcessState) => Attributes,
];

const GAUGES: readonly Gauge[] = [
  ["hector.build.info", "", "Always 1; which version this is", () => 1, ({ version }) => ({ version })],
  ["process.memory.usage", "By", "Memory that is resident", ({ residentBytes }) => residentBytes],
  [
    "hector.config.info",
    "",
    "Always 1; which revision of the configuration is served",
    () => 1,
    ({ config }) => ({ revision: config.revision }),
  ],
  [
    "hector.config.since.timestamp",
    "s",
    "When the configuration that is served began to be, in seconds since the epoch",
    ({ config }) => config.sinceSeconds,
  ],
  [
    "hector.config.current",
    "",
    "1: what is served is what stands in the source. 0: the source holds another one, or cannot be read",
    ({ config }) => Number(config.isCurrent),
  ],
  [
    "hector.config.last_reload_successful",
    "",
    "1: the last new configuration is served. 0: it was refused",
    ({ config }) => Number(config.lastReloadSucceeded),
  ],
  [
    "hector.config.source.readable",
    "",
    "Whether the source of the configuration can be read, where one is watched",
    ({ config: { sourceIsReadable } }) => sourceIsReadable === undefined ? undefined : Number(sourceIsReadable),
  ],
];

/** What is only a state is asked of `state` when somebody reads; undefined: nothing is known of it. */
export function observeState(meter: Meter, state: () => ProcessState | undefined): void {
  for (const [name, unit, description, read, attributes] of GAUGES) {
    meter.createObservableGauge(name, { unit, description }).addCallback((result) => {
      const now = state();
      const value = now === undefined ? undefined : read(now);
      if (now !== undefined && value !== undefined) result.observe(value, attributes?.(now) ?? {});
    });
  }
}
