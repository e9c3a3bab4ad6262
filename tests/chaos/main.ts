/*
 * `deno task chaos [--kills 30] [--clients 50] [--life 2000] [--seed 1]`: the guarantee that nothing acknowledged is
 * lost, under kill -9. Prints what it saw; ends with 1 if anything was lost, doubled or otherwise.
 */
import { conclude, killsOf } from "../long_run.ts";
import { runChaos } from "./chaos.ts";

const options = killsOf({ clients: 50, maxLifeMs: 2_000 });
console.log(`kill -9: ${options.clients} clients, ${options.kills} kills, seed ${options.seed}`);
const { failures, ...seen } = await runChaos(options);
console.log(JSON.stringify(seen));
conclude(failures, "nothing lost, nothing doubled");
