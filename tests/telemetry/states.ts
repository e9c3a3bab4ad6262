import type { ProcessState } from "../../src/telemetry/process_state.ts";

/** How a process that serves one configuration stands. */
export function stateOf(config: Partial<ProcessState["config"]> = {}): ProcessState {
  return {
    version: "1.2.3",
    residentBytes: 1000,
    config: { revision: "abc", sinceSeconds: 5, isCurrent: true, lastReloadSucceeded: true, ...config },
  };
}

/** The samples of a text: name and labels → value. Throws for a line that is none. */
export function samplesOf(text: string): ReadonlyMap<string, number> {
  const lines = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  return new Map(lines.map((line) => {
    const found = /^([a-z_]+(?:\{(?:[a-z_]+="(?:[^"\\\n]|\\.)*",?)*\})?) ([+-]?[\d.e+-]+)$/.exec(line);
    if (found === null) throw new TypeError(`No sample: ${line}`);
    return [found[1] ?? "", Number(found[2])];
  }));
}
