/*
 * Where the server's time goes under a load: a CPU profile over the inspector, by function, file and room.
 *
 *     deno run -A tests/bench/profile.ts [SendMessage | SendStreamingMessage] [CONNECTIONS] [SECONDS]
 */
import { z } from "zod";
import { freePort } from "../lib/free_port.ts";
import { ANSWER, ask, SCRIPTED_CONFIG, startHectorBench } from "./bench_server.ts";
import { type CallFrame, CpuProfile, selfTimes, type Share, totalTimes } from "./cpu_profile.ts";
import { connectInspector } from "./inspector.ts";
import { type Load, type LoadResult, runLoad } from "./load.ts";
import { threadTimes } from "./thread_times.ts";

const ROWS = 40;
const WARM_UP_SECONDS = 3;
const SAMPLE_MICROSECONDS = 200;
const ROOT = new URL("../../", import.meta.url).href;
const IDLE = "(idle)";

const Stopped = z.object({ profile: CpuProfile });

/** Paths from the repository's root; packages by their name; what the engine does by its own words. */
function fileOf({ url, functionName }: CallFrame): string {
  if (url === "") return functionName;
  return url.replace(ROOT, "").replace(/^.*\/node_modules\/(?:\.deno\/[^/]+\/node_modules\/)?/, "npm:");
}

/** Without its line: V8 counts those of what TypeScript was turned into. */
function functionOf(frame: CallFrame): string {
  return frame.url === "" ? frame.functionName : `${frame.functionName || "(anonymous)"} ${fileOf(frame)}`;
}

function roomOf(frame: CallFrame): string {
  const file = fileOf(frame);
  if (file.startsWith("npm:")) return file.split("/").slice(0, file.startsWith("npm:@") ? 2 : 1).join("/");
  return file.startsWith("src/") ? file.split("/").slice(0, 2).join("/") : file.split("/")[0] ?? file;
}

function print(title: string, shares: readonly Share[], { busyMs, count }: { busyMs: number; count: number }): void {
  console.log(`\n${title}`);
  for (const { name, ms } of shares.filter(({ name }) => name !== IDLE && name !== "(root)").slice(0, ROWS)) {
    const share = `${(100 * ms / busyMs).toFixed(1).padStart(5)} %`;
    console.log(`${share}  ${(1000 * ms / count).toFixed(1).padStart(6)} µs a request  ${name}`);
  }
}

async function profileUnder(load: Load, inspectorPort: number): Promise<{ profile: CpuProfile; result: LoadResult }> {
  const inspector = await connectInspector(inspectorPort);
  await inspector.call("Profiler.enable");
  await inspector.call("Profiler.setSamplingInterval", { interval: SAMPLE_MICROSECONDS });
  await inspector.call("Profiler.start");
  const result = await runLoad(load);
  const stopped = await inspector.call("Profiler.stop");
  inspector.close();
  return { profile: Stopped.parse(stopped).profile, result };
}

const [method = "SendMessage", connections = "64", seconds = "5"] = Deno.args;
if (method !== "SendMessage" && method !== "SendStreamingMessage") throw new Error(`No load for "${method}"`);
const inspectorPort = freePort();
await using server = await startHectorBench({
  config: SCRIPTED_CONFIG,
  denoFlags: [`--inspect=127.0.0.1:${inspectorPort}`],
});
const load = {
  ...ask(method),
  port: server.port,
  connections: Number(connections),
  warmUpSeconds: 0,
  expect: ANSWER,
};
await runLoad({ ...load, seconds: WARM_UP_SECONDS });
const before = await threadTimes(server.pid);
const { profile, result } = await profileUnder({ ...load, seconds: Number(seconds) }, inspectorPort);
const byRoom = selfTimes(profile, roomOf);
const idleMs = byRoom.find(({ name }) => name === IDLE)?.ms ?? 0;
const busyMs = byRoom.reduce((sum, { ms }) => sum + ms, -idleMs);
const of = { busyMs, count: result.count };
console.log(
  `${method}, ${connections} connections: ${Math.round(result.perSecond)}/s while profiled, ${result.errors} failed;`,
  `p50 ${result.ms.p50.toFixed(1)} ms, p99 ${result.ms.p99.toFixed(1)} ms;`,
  `the thread was busy for ${Math.round(busyMs)} ms and idle for ${Math.round(idleMs)} ms`,
);
console.log("\nProcessor time by thread (the program is the one called deno)");
for (const [thread, ms] of await threadTimes(server.pid)) {
  const spent = ms - (before.get(thread) ?? 0);
  if (spent >= 50) console.log(`${(1000 * spent / result.count).toFixed(1).padStart(8)} µs a request  ${thread}`);
}
print("Self time by room", byRoom, of);
print("Self time by file", selfTimes(profile, fileOf), of);
print("Self time by function", selfTimes(profile, functionOf), of);
print("Time with callees", totalTimes(profile, functionOf), of);
