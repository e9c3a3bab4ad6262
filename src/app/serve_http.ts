import type { BindingDeps } from "../a2a/bindings/binding.ts";
import { dialectTable } from "../a2a/dialects/dialect_table.ts";
import type { ServerConfig } from "../config/config.ts";
import { shortRevision } from "../config/revision.ts";
import { ByteBudget } from "../lib/byte_budget.ts";
import { createHeartbeat } from "../lib/heartbeat.ts";
import { SettingError } from "../lib/setting_error.ts";
import { VERSION } from "../lib/version.ts";
import { PLUGINS } from "../plugins.ts";
import { createHostCheck, isLoopback } from "../server/host_check.ts";
import type { ConfigDesk } from "../server/config_desk.ts";
import { createHttpApp } from "../server/http_app.ts";
import type { GrpcFaceOptions } from "../server/grpc_face.ts";
import type { Health } from "../server/health.ts";
import type { MetricsRouteOptions } from "../server/metrics_route.ts";
import { createGrpcServer, type GrpcServer } from "../server/grpc_server.ts";
import { openPorts } from "../server/ports.ts";
import { createOriginCheck } from "../server/origin_check.ts";
import { PROCESS_TIMERS } from "../server/timers.ts";
import { createWebSockets } from "../server/websocket.ts";
import { createSessions } from "../task/sessions.ts";
import type { Metrics } from "../telemetry/metrics.ts";
import type { House } from "./house.ts";
import { createAuth } from "./create_auth.ts";
import type { Auth } from "./guarded_by.ts";
import { openTls } from "./open_tls.ts";
import { processState } from "./process_state.ts";
import type { Reloader } from "./reloader.ts";
import type { Runtime } from "./runtime.ts";

/** How often an idle stream says that it is alive: below the 30–60 s after which proxies cut. */
const HEARTBEAT_MS = 15_000;
/** A reader that has taken nothing for this long is cut off, and may resume. */
const STALL_MS = 60_000;
/** A stream whose first event is late begins without it. */
const OPEN_AFTER_MS = 10_000;

export interface HttpOptions {
  readonly house: House;
  readonly runtime: Runtime;
  readonly unreadyBecause: () => string | undefined;
  /** Absent for a configuration that stands nowhere. */
  readonly reloader?: Reloader | undefined;
  /** Absent likewise. */
  readonly desk?: ConfigDesk | undefined;
  /** Absent where nothing is counted. */
  readonly metrics?: Metrics | undefined;
}

/** A running configuration on its port. */
export interface HttpServer {
  /** Where peers reach it, without a trailing slash. */
  readonly publicUrl: string;
  /** `host:port` of gRPC, if it is served. */
  readonly grpcAddress: string | undefined;
  /** Asks gRPC's peers to go elsewhere; HTTP goes on. */
  drainGrpc(): void;
  /** Stops accepting and waits for what is under way; what is left of gRPC is cut when `deadline` aborts. */
  stop(deadline: AbortSignal): Promise<void>;
}

/**
 * Serves a running configuration over HTTP and gRPC. Throws ListenError if its address cannot be bound, SettingError if
 * there is no such address or its TLS files cannot be used.
 */
export async function serveHttp(options: HttpOptions): Promise<HttpServer> {
  const { house, runtime, unreadyBecause, desk } = options;
  const { server } = house.config;
  const secure = await openTls(house.config, runtime);
  let publicUrl = server.public_url?.replace(/\/+$/, "") ?? "";
  const baseUrl = () => publicUrl;
  const place = { listensOn: server.host, publicUrl: server.public_url };
  const bindings = createBindings(server, runtime);
  const auth = await createAuth(server.auth, { ...runtime, timers: PROCESS_TIMERS });
  const checkOrigin = createOriginCheck(place);
  const studio = studioOf(server, auth);
  const sockets = createWebSockets({ bindings, checkOrigin });
  let schema: Promise<object> | undefined;
  const fetch = createHttpApp({
    directory: () => house.directory,
    bindings,
    sockets,
    sessions: createSessions({ ...runtime, services: house.services }),
    configSchema: () => schema ??= readSchema(),
    health: { ...healthOf(options), auth: auth.notice, studio: desk && studio },
    guard: auth.guard,
    config: { studio: studio && desk && { desk, roles: studio.allowedRoles }, body: bindings, checkOrigin },
    metrics: metricsOf(options, auth),
    measure: runtime.measure,
    checkHost: createHostCheck(place),
    cardForm: server.card,
    cardsSince: () => new Date(house.sinceMs),
    baseUrl,
  });
  const ports = openPorts({
    hostname: server.host,
    port: server.port,
    grpcPort: server.grpc_port,
    legacyPorts: server.legacy_ports,
    fetch,
    grpc: createGrpc({ house, runtime, unreadyBecause }, { baseUrl, guard: auth.guard, body: bindings.body }),
    ...rim(server, runtime),
    tls: secure?.tls,
  });
  if (publicUrl === "") publicUrl = `${secure ? "https" : "http"}://${hostForPeople(server.host)}:${ports.http}`;
  const grpcAddress = ports.grpc === undefined ? undefined : `${new URL(publicUrl).hostname}:${ports.grpc}`;
  house.announceUrl(publicUrl);
  if (grpcAddress !== undefined) house.announceGrpc(grpcAddress);
  if (auth.notice === undefined) warnOfStrangers(server, runtime);
  return {
    publicUrl,
    grpcAddress,
    drainGrpc: ports.drainGrpc,
    stop: async (deadline) => {
      // The listener cuts the sockets that are left: they have to be told before.
      await sockets.drain();
      await ports.stop(deadline);
      secure?.close();
    },
  };
}

async function readSchema(): Promise<object> {
  return (await import("../config/json_schema.ts")).configJsonSchema(PLUGINS);
}

function healthOf({ house, runtime, unreadyBecause, reloader }: HttpOptions): Health {
  const startedMs = runtime.now();
  return {
    version: VERSION,
    uptimeSeconds: () => Math.floor((runtime.now() - startedMs) / 1000),
    unreadyBecause,
    config: () => configState(house, reloader),
  };
}

function metricsOf({ house, reloader, metrics }: HttpOptions, { notice }: Auth): MetricsRouteOptions {
  const section = () => house.config.observability.metrics;
  return {
    text: () => section().enabled ? metrics?.text(processState(house, reloader)) : undefined,
    roles: () => notice === undefined ? undefined : section().allowed_roles,
  };
}

function configState(house: House, reloader: Reloader | undefined) {
  const { revision, state } = reloader?.health ?? { revision: house.revision, state: "current" as const };
  return { revision: shortRevision(revision), state };
}

function rim({ limits }: ServerConfig, { log }: Runtime) {
  return {
    onError: (error: unknown) => {
      log.error("request failed outside of every handler", { error });
      return new Response(null, { status: 500 });
    },
    limits: {
      maxConnections: limits.max_connections,
      maxConnectionsPerAddress: limits.max_connections_per_address,
      headMs: limits.header_timeout_seconds * 1000,
      idleMs: limits.idle_timeout_seconds * 1000,
      minBytesPerSecond: limits.min_bytes_per_second,
    },
    timers: PROCESS_TIMERS,
    log,
  };
}

function warnOfStrangers({ host }: ServerConfig, { log }: Runtime): void {
  if (isLoopback(host)) return;
  log.warn("listening beyond this machine without authentication: anybody who reaches it may call its agents", {
    host,
  });
}

type GrpcRim = Pick<GrpcFaceOptions, "baseUrl" | "guard" | "body">;

/** The codec of protobuf is loaded by the first call: most servers never see one. */
function createGrpc({ house, runtime, unreadyBecause }: HttpOptions, rim: GrpcRim): GrpcServer {
  const { a2a } = house.config.server;
  const { log, newId } = runtime;
  const timers = PROCESS_TIMERS;
  return createGrpcServer({
    face: async () => {
      const { createGrpcFace } = await import("../server/grpc_face.ts");
      return await createGrpcFace({
        directory: () => house.directory,
        profile: a2a.profile,
        newId,
        habits: a2a.v0_3,
        unreadyBecause,
        ...rim,
        timers,
        log,
      });
    },
    timers,
    random: Math.random,
    log,
  });
}

/** A wildcard address is no place to go to. */
function hostForPeople(host: string): string {
  if (isLoopback(host) || host === "0.0.0.0" || host === "::") return "localhost";
  return host.includes(":") ? `[${host}]` : host;
}

function createBindings({ limits, a2a }: ServerConfig, { newId, log }: Runtime): BindingDeps {
  return {
    dialects: dialectTable({ profile: a2a.profile, newId, habits: a2a.v0_3 }),
    timers: PROCESS_TIMERS,
    body: {
      maxBytes: limits.max_body_bytes,
      timeoutMs: limits.body_timeout_seconds * 1000,
      budget: new ByteBudget(limits.max_arriving_bytes),
    },
    streams: {
      heartbeat: createHeartbeat({ intervalMs: HEARTBEAT_MS, timers: PROCESS_TIMERS }),
      stallMs: STALL_MS,
      openAfterMs: OPEN_AFTER_MS,
    },
    log,
  };
}

/** Whoever may write the configuration may run what it names: that is no offer to strangers. Throws SettingError. */
function studioOf({ studio, host }: ServerConfig, { notice }: Auth) {
  if (!studio.enabled) return undefined;
  if (notice !== undefined) return { allowedRoles: studio.allowed_roles };
  if (isLoopback(host)) return { allowedRoles: undefined };
  throw new SettingError(`Cannot open the studio on ${host}: beyond this machine it needs server.auth`);
}
