/*
 * `deno task chaos:agents [--kills 30] [--clients 2] [--life 1500] [--seed 1]`: agents of every kind under kill -9. Each ends
 * right, and no tool that may run once runs twice. Prints what it saw; ends with 1 if anything went otherwise.
 */
import { conclude, killsOf } from "../long_run.ts";
import { missedBy, runAgentsChaos } from "./agents.ts";

const options = killsOf({ clients: 2, maxLifeMs: 1_500 });
const report = await runAgentsChaos(options);
const { failures: wrong, ...seen } = report;
const failures = [...wrong, ...missedBy(report)];
console.log(JSON.stringify({ seed: options.seed, ...seen, failed: failures.length }));
conclude(failures, "each ended right, and nothing ran twice");
