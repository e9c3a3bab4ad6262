/*
 * `deno task soak:grpc [--calls 1000000] [--connections 10000] [--shared]`: gRPC of a real server under calls of every
 * kind, and visitors that leave in every way. Prints what it saw; ends with 1 if a call failed or the process grew.
 */
import { parseArgs } from "node:util";
import { conclude } from "../long_run.ts";
import { runGrpcSoak } from "./grpc_soak.ts";

/** What a heap may breathe, and what comes and goes, between two looks. */
const ALLOWED = { rssMb: 64, handles: 0 };

const { values } = parseArgs({
  options: {
    calls: { type: "string", default: "1000000" },
    connections: { type: "string", default: "10000" },
    shared: { type: "boolean", default: false },
  },
});
const { failures, grown: { first, last }, ...seen } = await runGrpcSoak({
  calls: Number(values.calls),
  connections: Number(values.connections),
  shared: values.shared,
  tell: console.log,
});
console.log(JSON.stringify(seen));
const found = [
  ...[...failures].map(([what, times]) => `${what}, ${times} times`),
  ...(last.rssMb - first.rssMb > ALLOWED.rssMb ? [`memory grew from ${first.rssMb} to ${last.rssMb} MB`] : []),
  ...(last.handles - first.handles > ALLOWED.handles ? [`handles grew from ${first.handles} to ${last.handles}`] : []),
];
conclude(found, "no call failed, and nothing grew");
