/*
 * Speed, as ratios of one run: against a bare server, against the reference SDK, against the model asked directly.
 *
 *     deno task bench [--quick] [--only NAME]
 */
import { parseArgs } from "node:util";
import { VERSION } from "../../src/lib/version.ts";
import { growthCase } from "./growth_case.ts";
import { latencyCase } from "./latency_case.ts";
import { withOthersShare } from "./processor_time.ts";
import { reloadCase } from "./reload_case.ts";
import { type Effort, formatReport, type Report } from "./report.ts";
import { startCase } from "./start_case.ts";
import { throughputCase } from "./throughput_case.ts";

const CASES: ReadonlyMap<string, (effort: Effort) => Promise<Report>> = new Map([
  ["tasks", (effort) => throughputCase("SendMessage", effort)],
  ["streams", (effort) => throughputCase("SendStreamingMessage", effort)],
  ["latency", latencyCase],
  ["start", startCase],
  ["reload", reloadCase],
  ["growth", growthCase],
]);

const THOROUGH: Effort = { rounds: 3, seconds: 2, warmUpSeconds: 1, stored: [100, 1_000, 10_000, 100_000] };
const QUICK: Effort = { rounds: 1, seconds: 0.5, warmUpSeconds: 0.25, stored: [100, 1_000] };

const { values: { quick, only } } = parseArgs({
  options: { quick: { type: "boolean", default: false }, only: { type: "string" } },
});
if (only !== undefined && !CASES.has(only)) {
  throw new Error(`No case "${only}": there are ${[...CASES.keys()].join(", ")}`);
}

const surroundings = {
  hector: VERSION,
  deno: Deno.version.deno,
  cores: navigator.hardwareConcurrency,
  quick,
};
console.log("# hector bench", JSON.stringify(surroundings));
const reports: Record<string, Report & { readonly others: number }> = {};
for (const [name, run] of CASES) {
  if (only !== undefined && only !== name) continue;
  const { result, others } = await withOthersShare(() => run(quick ? QUICK : THOROUGH));
  reports[name] = { ...result, others };
  const noise = `Meanwhile others took ${Math.round(100 * others)} % of the processors.`;
  console.log(formatReport({ ...result, notes: [...result.notes, noise] }));
}
console.log(`\n${JSON.stringify({ ...surroundings, reports })}`);
