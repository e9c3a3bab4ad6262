import type { BodyLimits } from "../a2a/bindings/binding.ts";
import type { ServerConfig } from "../config/config.ts";
import { shortRevision } from "../config/revision.ts";
import { ByteBudget } from "../lib/byte_budget.ts";
import { late } from "../lib/late.ts";
import { SettingError } from "../lib/setting_error.ts";
import { VERSION } from "../lib/version.ts";
import { earlyFace } from "../server/early_face.ts";
import { createHostCheck, isLoopback } from "../server/host_check.ts";
import type { GrpcFaceOptions } from "../server/grpc_face.ts";
import type { Health } from "../server/health.ts";
import { createGrpcServer, type GrpcServer } from "../server/grpc_server.ts";
import { openPorts } from "../server/ports.ts";
import { PROCESS_TIMERS } from "../server/timers.ts";
import type { House } from "./house.ts";
import { createAuth } from "./create_auth.ts";
import type { Auth } from "./guarded_by.ts";
import { openTls } from "./open_tls.ts";
import type { Reloader } from "./reloader.ts";
import type { FaceOptions } from "./create_face.ts";
import type { Runtime } from "./runtime.ts";

/** After the first have asked whether it is ready: loading holds up whoever asks meanwhile. */
const LOAD_AFTER_MS = 20;

export interface HttpOptions extends Pick<FaceOptions, "house" | "runtime" | "reloader" | "desk" | "metrics"> {
  readonly unreadyBecause: () => string | undefined;
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
  const { house, runtime, desk } = options;
  const { server } = house.config;
  const secure = await openTls(house.config, runtime);
  let publicUrl = server.public_url?.replace(/\/+$/, "") ?? "";
  const baseUrl = () => publicUrl;
  const body = bodyLimits(server);
  const auth = await createAuth(server.auth, { ...runtime, timers: PROCESS_TIMERS });
  const studio = studioOf(server, auth);
  const health: Health = { ...healthOf(options), auth: auth.notice, studio: desk && studio };
  const checkHost = createHostCheck({ listensOn: server.host, publicUrl: server.public_url });
  const face = late(async () => {
    const { createFace } = await import("./create_face.ts");
    return createFace({ ...options, auth, body, health, checkHost, studio, baseUrl });
  });
  const early = earlyFace({ open: async () => (await face()).fetch, health, checkHost });
  const ports = openPorts({
    hostname: server.host,
    port: server.port,
    grpcPort: server.grpc_port,
    legacyPorts: server.legacy_ports,
    fetch: early.fetch,
    grpc: createGrpc(options, { baseUrl, guard: auth.guard, body }),
    ...rim(server, runtime),
    tls: secure?.tls,
  });
  if (publicUrl === "") publicUrl = `${secure ? "https" : "http"}://${hostForPeople(server.host)}:${ports.http}`;
  const grpcAddress = ports.grpc === undefined ? undefined : `${new URL(publicUrl).hostname}:${ports.grpc}`;
  house.announceUrl(publicUrl);
  if (grpcAddress !== undefined) house.announceGrpc(grpcAddress);
  if (auth.notice === undefined) warnOfStrangers(server, runtime);
  // The first request finds what it needs; if that cannot be loaded, it is told.
  PROCESS_TIMERS.after(LOAD_AFTER_MS, () => {
    Promise.all([early.load(), import("./open_service.ts")]).catch(() => {});
  });
  return {
    publicUrl,
    grpcAddress,
    drainGrpc: ports.drainGrpc,
    stop: async (deadline) => {
      // The listener cuts the sockets that are left: they have to be told before.
      await face().then((opened) => opened.drain(), () => {});
      await ports.stop(deadline);
      secure?.close();
    },
  };
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
      const [{ createGrpcFace }, { directoryOf }] = await Promise.all([
        import("../server/grpc_face.ts"),
        import("./create_directory.ts"),
      ]);
      return await createGrpcFace({
        directory: directoryOf(house),
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

function bodyLimits({ limits }: ServerConfig): BodyLimits {
  return {
    maxBytes: limits.max_body_bytes,
    timeoutMs: limits.body_timeout_seconds * 1000,
    budget: new ByteBudget(limits.max_arriving_bytes),
  };
}

/** A wildcard address is no place to go to. */
function hostForPeople(host: string): string {
  if (isLoopback(host) || host === "0.0.0.0" || host === "::") return "localhost";
  return host.includes(":") ? `[${host}]` : host;
}

/** Whoever may write the configuration may run what it names: that is no offer to strangers. Throws SettingError. */
function studioOf({ studio, host }: ServerConfig, { notice }: Auth) {
  if (!studio.enabled) return undefined;
  if (notice !== undefined) return { allowedRoles: studio.allowed_roles };
  if (isLoopback(host)) return { allowedRoles: undefined };
  throw new SettingError(`Cannot open the studio on ${host}: beyond this machine it needs server.auth`);
}
