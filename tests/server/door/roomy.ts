import type { DoorLimits } from "../../../src/server/door/doorkeeper.ts";

/** Limits that no test meets by accident. */
export const ROOMY: DoorLimits = {
  maxConnections: 10_000,
  maxConnectionsPerAddress: 10_000,
  headMs: 600_000,
  idleMs: 600_000,
  minBytesPerSecond: 1,
};
