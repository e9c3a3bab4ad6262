import assert from "node:assert/strict";
import type { BindingDeps, FindTarget } from "../../../src/a2a/bindings/binding.ts";
import { dialectTable } from "../../../src/a2a/dialects/dialect_table.ts";
import type { Profile } from "../../../src/a2a/error_wire.ts";
import { ANONYMOUS, type Call } from "../../../src/a2a/service.ts";
import { createHeartbeat } from "../../../src/lib/heartbeat.ts";
import { type LogFields, SILENT } from "../../../src/lib/log.ts";
import { parseSse, type SseMessage } from "../../../src/lib/parse_sse.ts";
import { type ManualTimers, manualTimers } from "../../lib/manual_timers.ts";
import type { FakeService } from "../fake_service.ts";

export interface TestDeps extends BindingDeps {
  readonly timers: ManualTimers;
  /** What was logged as an error. */
  readonly logged: LogFields[];
}

export const MAX_BYTES = 100_000;
export const BODY_TIMEOUT_MS = 10_000;
export const HEARTBEAT_MS = 15_000;
export const STALL_MS = 60_000;
export const OPEN_AFTER_MS = 1000;

export function testDeps(profile: Profile = "1.0.1"): TestDeps {
  const timers = manualTimers();
  const logged: LogFields[] = [];
  return {
    dialects: dialectTable({ profile, newId: () => "made-up" }),
    timers,
    body: { maxBytes: MAX_BYTES, timeoutMs: BODY_TIMEOUT_MS },
    streams: {
      heartbeat: createHeartbeat({ intervalMs: HEARTBEAT_MS, timers }),
      stallMs: STALL_MS,
      openAfterMs: OPEN_AFTER_MS,
    },
    log: { ...SILENT, error: (_message, fields = {}) => void logged.push(fields) },
    logged,
  };
}

/** Finds one service for everybody, as an anonymous caller. */
export function finding({ service }: Pick<FakeService, "service">, call: Partial<Call> = {}): FindTarget {
  return () => ({
    service,
    call: { signal: new AbortController().signal, caller: ANONYMOUS, extensions: [], ...call },
    publicCard: (dialect) => ({ name: "Echo", dialect }),
  });
}

/** The events of a stream, to its end. */
export async function eventsOf(response: Response): Promise<SseMessage[]> {
  assert.equal(response.headers.get("content-type"), "text/event-stream");
  assert.ok(response.body);
  return await Array.fromAsync(parseSse(response.body, { maxEventBytes: MAX_BYTES }));
}

/** Lets everything that is ready happen. */
export function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
