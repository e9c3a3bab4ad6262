/*
 * `deno task chaos:agents [--kills 30] [--clients 2] [--life 1500] [--seed 1]`: agents of every kind under kill -9. Each ends
 * right, and no tool that may run once runs twice. Prints what it saw; ends with 1 if anything went otherwise.
 */
import { parseArgs } from "node:util";
import { missedBy, runAgentsChaos } from "./agents.ts";

const { values } = parseArgs({
  options: {
    kills: { type: "string", default: "30" },
    clients: { type: "string", default: "2" },
    life: { type: "string", default: "1500" },
    seed: { type: "string", default: String(Date.now() % 100_000) },
  },
});
const options = {
  kills: Number(values.kills),
  clients: Number(values.clients),
  maxLifeMs: Number(values.life),
  seed: Number(values.seed),
};
const report = await runAgentsChaos(options);
const { failures: wrong, ...seen } = report;
const failures = [...wrong, ...missedBy(report)];
console.log(JSON.stringify({ seed: options.seed, ...seen, failed: failures.length }));
for (const failure of failures.slice(0, 20)) console.error(`FAILED: ${failure}`);
Deno.exit(failures.length === 0 ? 0 : 1);
