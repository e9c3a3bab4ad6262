import { runFuzz } from "./fuzz/run_fuzz.ts";

/** Each run tries others; a failure says how it is had again. */
const seed = Number(Deno.env.get("FUZZ_SEED") ?? Date.now() % 1e9);
const times = Number(Deno.env.get("FUZZ_TIMES") ?? 2000);

for (const only of ["JSON-RPC", "REST", "gRPC", "WebSocket", "HTTP/2 server", "HTTP/2 client"]) {
  Deno.test(`${only} answers ${times} requests that were changed at random, and none as its own failure`, async () => {
    await runFuzz({ seed, times, only });
  });
}
