/*
 * `deno task chaos [--kills 30] [--clients 50] [--life 2000] [--seed 1]`: the guarantee that nothing acknowledged is
 * lost, under kill -9. Prints what it saw; ends with 1 if anything was lost, doubled or otherwise.
 */
import { parseArgs } from "node:util";
import { runChaos } from "./chaos.ts";

const { values } = parseArgs({
  options: {
    kills: { type: "string", default: "30" },
    clients: { type: "string", default: "50" },
    life: { type: "string", default: "2000" },
    seed: { type: "string", default: String(Date.now() % 100_000) },
  },
});
const options = {
  kills: Number(values.kills),
  clients: Number(values.clients),
  maxLifeMs: Number(values.life),
  seed: Number(values.seed),
};
console.log(`kill -9: ${options.clients} clients, ${options.kills} kills, seed ${options.seed}`);
const { failures, ...seen } = await runChaos(options);
console.log(JSON.stringify(seen));
for (const failure of failures.slice(0, 20)) console.error(`FAILED: ${failure}`);
console.log(failures.length === 0 ? "nothing lost, nothing doubled" : `${failures.length} failures`);
Deno.exit(failures.length === 0 ? 0 : 1);
