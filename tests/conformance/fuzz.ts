import { runFuzz } from "./fuzz/run_fuzz.ts";

/*
 * Requests that were changed at random, over every binding, for as long as one likes:
 * deno run -A tests/conformance/fuzz.ts, with FUZZ_TIMES (100,000 for each binding), FUZZ_SEED, FUZZ_ONLY (a binding).
 */

const seed = Number(Deno.env.get("FUZZ_SEED") ?? Date.now() % 1e9);
const times = Number(Deno.env.get("FUZZ_TIMES") ?? 100_000);
const only = Deno.env.get("FUZZ_ONLY");
console.log(`FUZZ_SEED=${seed} FUZZ_TIMES=${times}`);
await runFuzz({ seed, times, ...(only === undefined ? {} : { only }) });
console.log("Every answer was one that a peer may see");
Deno.exit(0);
