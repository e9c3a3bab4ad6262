import type { BindingDeps, BodyLimits } from "../a2a/bindings/binding.ts";
import { dialectTable } from "../a2a/dialects/dialect_table.ts";
import type { ServerConfig } from "../config/config.ts";
import { createHeartbeat } from "../lib/heartbeat.ts";
import { late } from "../lib/late.ts";
import type { Answer } from "../server/early_face.ts";
import type { Health } from "../server/health.ts";
import type { ConfigDesk } from "../server/config_desk.ts";
import { createHttpApp } from "../server/http_app.ts";
import type { MetricsRouteOptions } from "../server/metrics_route.ts";
import { createOriginCheck } from "../server/origin_check.ts";
import { PROCESS_TIMERS } from "../server/timers.ts";
import { createWebSockets } from "../server/websocket.ts";
import { createSessions } from "../task/sessions.ts";
import type { Metrics } from "../telemetry/metrics.ts";
import { directoryOf } from "./create_directory.ts";
import type { Auth } from "./guarded_by.ts";
import { processState } from "./process_state.ts";
import type { House } from "./house.ts";
import type { Reloader } from "./reloader.ts";
import type { Runtime } from "./runtime.ts";

/** How often an idle stream says that it is alive: below the 30–60 s after which proxies cut. */
const HEARTBEAT_MS = 15_000;
/** A reader that has taken nothing for this long is cut off, and may resume. */
const STALL_MS = 60_000;
/** A stream whose first event is late begins without it. */
const OPEN_AFTER_MS = 10_000;

export interface FaceOptions {
  readonly house: House;
  readonly runtime: Runtime;
  /** Absent for a configuration that stands nowhere. */
  readonly reloader?: Reloader | undefined;
  /** Absent likewise. */
  readonly desk?: ConfigDesk | undefined;
  /** Absent where nothing is counted. */
  readonly metrics?: Metrics | undefined;
  readonly auth: Auth;
  readonly body: BodyLimits;
  readonly health: Health;
  /** Throws A2AError for a request whose Host must not be served. */
  readonly checkHost: (request: Request) => void;
  /** Who may edit the configuration over HTTP; absent where nobody may. */
  readonly studio: { readonly allowedRoles: readonly string[] | undefined } | undefined;
  /** Where peers reach the server, without a trailing slash. */
  readonly baseUrl: () => string;
}

/** What answers everything over HTTP. */
export interface HttpFace {
  readonly fetch: Answer;
  /** Takes leave of the open WebSockets. */
  drain(): Promise<void>;
}

export function createFace(options: FaceOptions): HttpFace {
  const { house, runtime, desk, auth, body, health, checkHost, studio, baseUrl } = options;
  const { server } = house.config;
  const bindings = createBindings(server, { ...runtime, body });
  const checkOrigin = createOriginCheck({ listensOn: server.host, publicUrl: server.public_url });
  const sockets = createWebSockets({ bindings, checkOrigin });
  const fetch = createHttpApp({
    directory: directoryOf(house),
    bindings,
    sockets,
    sessions: createSessions({ ...runtime, services: house.services }),
    configSchema: late(readSchema),
    health,
    guard: auth.guard,
    config: { studio: studio && desk && { desk, roles: studio.allowedRoles }, body: bindings, checkOrigin },
    metrics: metricsOf(options),
    measure: runtime.measure,
    checkHost,
    cardForm: server.card,
    cardsSince: () => new Date(house.sinceMs),
    baseUrl,
  });
  return { fetch, drain: () => sockets.drain() };
}

async function readSchema(): Promise<object> {
  const [{ configJsonSchema }, { PLUGINS }] = await Promise.all([
    import("../config/json_schema.ts"),
    import("../plugins.ts"),
  ]);
  return configJsonSchema(PLUGINS);
}

function metricsOf({ house, reloader, metrics, auth: { notice } }: FaceOptions): MetricsRouteOptions {
  const section = () => house.config.observability.metrics;
  return {
    text: () => section().enabled ? metrics?.text(processState(house, reloader)) : undefined,
    roles: () => notice === undefined ? undefined : section().allowed_roles,
  };
}

function createBindings(
  { a2a }: ServerConfig,
  { newId, log, body }: Pick<Runtime, "newId" | "log"> & Pick<FaceOptions, "body">,
): BindingDeps {
  return {
    dialects: dialectTable({ profile: a2a.profile, newId, habits: a2a.v0_3 }),
    timers: PROCESS_TIMERS,
    body,
    streams: {
      heartbeat: createHeartbeat({ intervalMs: HEARTBEAT_MS, timers: PROCESS_TIMERS }),
      stallMs: STALL_MS,
      openAfterMs: OPEN_AFTER_MS,
    },
    log,
  };
}
