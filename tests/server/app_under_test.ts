import type { BindingDeps } from "../../src/a2a/bindings/binding.ts";
import { dialectTable } from "../../src/a2a/dialects/dialect_table.ts";
import { createHeartbeat } from "../../src/lib/heartbeat.ts";
import { OPEN } from "../../src/guard/open.ts";
import { SILENT } from "../../src/lib/log.ts";
import type { ServedAgent } from "../../src/server/directory.ts";
import { createHttpApp, type HttpAppOptions } from "../../src/server/http_app.ts";
import { PROCESS_TIMERS } from "../../src/server/timers.ts";
import { MEASURE_NOTHING } from "../../src/telemetry/measurement.ts";
import { keptSessions } from "./kept_sessions.ts";
import { createWebSockets } from "../../src/server/websocket.ts";

let lastId = 0;

export function bindings(): BindingDeps {
  return {
    dialects: dialectTable({ profile: "1.0.1", newId: () => `generated-${++lastId}` }),
    timers: PROCESS_TIMERS,
    body: { maxBytes: 10_000, timeoutMs: 60_000 },
    streams: {
      heartbeat: createHeartbeat({ intervalMs: 60_000, timers: PROCESS_TIMERS }),
      stallMs: 60_000,
      openAfterMs: 60_000,
    },
    log: SILENT,
  };
}

/** The HTTP face over `agents`. */
export function faceUnderTest(agents: readonly ServedAgent[], options: Partial<HttpAppOptions> = {}) {
  const deps = bindings();
  return createHttpApp({
    config: { studio: undefined, body: bindings(), checkOrigin: () => {} },
    directory: () => ({ agents: new Map(agents.map((agent) => [agent.id, agent])), defaultAgent: undefined }),
    bindings: deps,
    sockets: createWebSockets({ bindings: deps, checkOrigin: () => {} }),
    health: { version: "9.9.9", uptimeSeconds: () => 7, unreadyBecause: () => undefined },
    sessions: keptSessions(),
    configSchema: () => ({ $schema: "http://json-schema.org/draft-07/schema#", type: "object" }),
    checkHost: () => {},
    guard: OPEN,
    metrics: { text: () => undefined, roles: () => undefined },
    measure: MEASURE_NOTHING,
    cardForm: "negotiated",
    cardsSince: () => new Date("2026-01-02T03:04:05Z"),
    baseUrl: () => "http://agents.example",
    ...options,
  });
}

/** The HTTP face over `agents`, without a port. It is asked with a path or a whole URL. */
export function appUnderTest(agents: readonly ServedAgent[], options: Partial<HttpAppOptions> = {}) {
  const fetch = faceUnderTest(agents, options);
  return async (path: string, init: RequestInit = {}) =>
    await fetch(new Request(new URL(path, "http://agents.example"), init));
}
