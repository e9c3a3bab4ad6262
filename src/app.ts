import { buildCard } from "./a2a/card.ts";
import type { BindingDeps } from "./a2a/bindings/binding.ts";
import { a2aV03JsonRpc } from "./a2a/dialects/a2a_v0_3.ts";
import { a2aV1Rest } from "./a2a/dialects/a2a_v1.ts";
import { dialectTable } from "./a2a/dialects/dialect_table.ts";
import type { Agent } from "./agent/agent.ts";
import type { AgentConfig, Config, ServerConfig } from "./config/config.ts";
import { configJsonSchema } from "./config/json_schema.ts";
import type { PluginTables } from "./config/plugin_tables.ts";
import { EgressRules } from "./lib/egress_rules.ts";
import { createHeartbeat } from "./lib/heartbeat.ts";
import type { Log } from "./lib/log.ts";
import { createSafeFetch } from "./lib/safe_fetch.ts";
import { VERSION } from "./lib/version.ts";
import type { Model } from "./model/model.ts";
import { EPHEMERAL_STORE, PLUGINS } from "./plugins.ts";
import type { DocumentStore } from "./rag/document_store.ts";
import { searchStores } from "./rag/search_stores.ts";
import type { AgentDirectory, ServedAgent } from "./server/directory.ts";
import { createEgress } from "./server/egress.ts";
import { createHostCheck, isLoopback } from "./server/host_check.ts";
import { createHttpApp } from "./server/http_app.ts";
import { createGrpcServer, type GrpcServer } from "./server/grpc_server.ts";
import { openPorts } from "./server/ports.ts";
import { createOriginCheck } from "./server/origin_check.ts";
import { PROCESS_TIMERS } from "./server/timers.ts";
import { createWebSockets } from "./server/websocket.ts";
import type { Store, StoreDeps } from "./store/store.ts";
import { failAbandoned } from "./task/fail_abandoned.ts";
import { Push } from "./task/push/push.ts";
import { createTaskService, type TaskService } from "./task/service.ts";
import { createSessions } from "./task/sessions.ts";
import type { Tool } from "./tool/tool.ts";

/** What the configuration may name. */
export const PLUGIN_TABLES: PluginTables = PLUGINS;

/** How often an idle stream says that it is alive: below the 30–60 s after which proxies cut. */
const HEARTBEAT_MS = 15_000;
/** A reader that has taken nothing for this long is cut off, and may resume. */
const STALL_MS = 60_000;
/** A stream whose first event is late begins without it. */
const OPEN_AFTER_MS = 10_000;

/** What lives as long as the process and is shared by every revision of the configuration. */
export interface Runtime {
  readonly store: Store;
  /** This process, as the store's leases know it. */
  readonly holder: string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** UUIDv7. */
  readonly newId: () => string;
  readonly env: (name: string) => string | undefined;
  readonly log: Log;
  /** Absent where no push notifications are sent. */
  readonly push?: Push | undefined;
  /** Absolute paths of our own files, which no tool touches. */
  readonly protectedPaths: readonly string[];
}

/** One configuration, running. */
export interface App {
  readonly config: Config;
  /** By agent id, private ones too: for callers inside the process. */
  readonly services: ReadonlyMap<string, TaskService>;
  readonly directory: AgentDirectory;
  /** Takes up what an earlier process left open. Resolves with the number of tasks when the last of them has ended. */
  recover(): Promise<number>;
  /** Takes nothing new; what is under way may end until `deadline` aborts, then it stays open for recovery. */
  drain(deadline: AbortSignal): Promise<void>;
  /** Tells where the agents are reached over gRPC: their cards name it from then on. */
  announceGrpc(address: string): void;
  /** Frees what the agents held. */
  close(): void;
}

/** Opens the store that the configuration names. Throws an Error that says why it cannot be used, such as a second process. */
export function openStore({ server }: Config, deps: StoreDeps): Promise<Store> {
  return pick(PLUGINS.stores, server.store.type).create(server.store.options, deps);
}

/** Opens a store that ends with the process. */
export function openEphemeralStore(deps: StoreDeps): Promise<Store> {
  return pick(PLUGINS.stores, EPHEMERAL_STORE).create({}, deps);
}

/** Webhooks under way at one time: one slow host must not hold up the others, nor all of them use up our sockets. */
const PUSH_CONCURRENCY = { perHost: 4, inAll: 64 };
const PUSH_BACKOFF = { baseMs: 1000, maxDelayMs: 600_000 };

/** Opens the push notifications of the process, if the configuration has any. */
export function openPush(
  { server: { push, a2a } }: Config,
  { store, now, log }: Pick<Runtime, "store" | "now" | "log">,
) {
  if (!push.enabled) return undefined;
  return new Push({
    journal: store.journal,
    webhooks: store.webhooks,
    fetch: createSafeFetch(createEgress({ timers: PROCESS_TIMERS })),
    rules: new EgressRules(push.allow),
    dialects: { "1.0": a2aV1Rest(a2a.profile), "0.3": a2aV03JsonRpc({ newId: () => "" }) },
    timeoutMs: push.timeout_seconds * 1000,
    limits: {
      ...PUSH_BACKOFF,
      maxAttempts: push.max_attempts,
      giveUpAfterMs: push.give_up_after_seconds * 1000,
    },
    concurrency: PUSH_CONCURRENCY,
    now,
    random: Math.random,
    sleep,
    log,
  });
}

/** Config → App. Throws ModelError for a model that cannot be used, such as one without its key. */
export function buildApp(config: Config, runtime: Runtime): App {
  const models = new Map([...config.llms].map(([name, llm]) => [name, createModel(name, llm, runtime)]));
  const stores = new Map(
    [...config.document_stores].map(([name, { source, options }]) => [
      name,
      pick(PLUGINS.documentSources, source).create(options, {
        name,
        baseDir: config.base_dir,
        protectedPaths: runtime.protectedPaths,
      }),
    ]),
  );
  const services = new Map<string, TaskService>();
  for (const [id, agent] of config.agents) {
    const parts = { config, model: pick(models, agent.llm), stores, runtime };
    services.set(
      id,
      createTaskService({
        ...runtime,
        timers: PROCESS_TIMERS,
        agentId: id,
        agent: createAgent(agent, parts),
        repeatedMessages: config.server.a2a.repeated_messages,
      }),
    );
  }
  let grpcAddress: string | undefined;
  return {
    config,
    services,
    directory: createDirectory(config, services, { push: runtime.push, grpcAddress: () => grpcAddress }),
    recover: () => recover(services, runtime),
    drain: async (deadline) => {
      await Promise.all([...services.values()].map((service) => service.drain(deadline)));
    },
    announceGrpc: (address) => grpcAddress = address,
    close: () => {
      for (const store of stores.values()) store.close();
    },
  };
}

async function recover(services: ReadonlyMap<string, TaskService>, { store, holder, now, log, push }: Runtime) {
  const [, ...counts] = await Promise.all([
    push?.resume(),
    failAbandoned({ store, holder, now, log, agents: new Set(services.keys()) }),
    ...[...services.values()].map((service) => service.recover()),
  ]);
  return counts.reduce((sum, count) => sum + count, 0);
}

/** A row of a table whose names the configuration has checked. */
function pick<T>(table: ReadonlyMap<string, T>, name: string): T {
  const row = table.get(name);
  if (row === undefined) throw new TypeError(`"${name}" passed the configuration, but there is no such thing`);
  return row;
}

function createModel(
  name: string,
  { provider, options }: { readonly provider: string; readonly options: unknown },
  { env }: Runtime,
): Model {
  return pick(PLUGINS.models, provider).create(options, { name, env, fetch, random: Math.random, sleep });
}

interface AgentParts {
  readonly config: Config;
  readonly model: Model;
  readonly stores: ReadonlyMap<string, DocumentStore>;
  readonly runtime: Runtime;
}

function createAgent(agent: AgentConfig, { config, model, stores, runtime }: AgentParts): Agent {
  const { reasoning, context, prompt, instruction } = agent;
  return pick(PLUGINS.engines, reasoning.engine).create(reasoning.options, {
    model,
    tools: createTools(agent, { config, stores, runtime }),
    memory: pick(PLUGINS.memories, context.strategy).create(context.options),
    prompt: { instruction, systemPrompt: prompt.system_prompt },
    limits: {
      maxIterations: reasoning.max_iterations,
      timeoutSeconds: reasoning.timeout_seconds,
      contextTokens: context.budget,
    },
    now: runtime.now,
    sleep,
    log: runtime.log,
  });
}

function createTools(agent: AgentConfig, { config, stores, runtime }: Omit<AgentParts, "model">): Tool[] {
  const own = new Map(agent.document_stores.map((name) => [name, pick(stores, name)]));
  const deps = {
    baseDir: config.base_dir,
    protectedPaths: runtime.protectedPaths,
    documents: searchStores(own),
  };
  return agent.tools.map((name) => {
    const { type, options } = pick(config.tools, name);
    return { ...pick(PLUGINS.tools, type).create(options, deps), name };
  });
}

function createDirectory(
  config: Config,
  services: ReadonlyMap<string, TaskService>,
  { push, grpcAddress }: Pick<Runtime, "push"> & { readonly grpcAddress: () => string | undefined },
): AgentDirectory {
  const agents = [...config.agents].map(([id, agent]): [string, ServedAgent] => [id, {
    id,
    visibility: agent.visibility,
    service: pick(services, id),
    card: (baseUrl) =>
      buildCard({
        id,
        baseUrl,
        version: VERSION,
        name: agent.name,
        description: agent.description,
        skills: agent.skills.map((skill) => ({ ...skill, tags: [...skill.tags], examples: [...skill.examples] })),
        inputModes: agent.input_modes,
        outputModes: agent.output_modes,
        pushNotifications: push !== undefined,
        grpc: { address: grpcAddress(), isDefault: id === config.server.default_agent },
      }),
  }]);
  return { agents: new Map(agents), defaultAgent: config.server.default_agent };
}

/** Resolves after `ms`, rejects with `signal.reason`. */
function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const onAbort = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", onAbort);
      resolve();
    }, ms);
    signal.addEventListener("abort", onAbort, { once: true });
  });
}

export interface HttpOptions {
  readonly app: App;
  readonly runtime: Runtime;
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

/** Serves a running configuration over HTTP and gRPC. Throws ListenError if its address cannot be bound. */
export function serveHttp({ app, runtime, unreadyBecause }: HttpOptions): HttpServer {
  const { server } = app.config;
  const startedMs = runtime.now();
  let publicUrl = server.public_url?.replace(/\/+$/, "") ?? "";
  const place = { listensOn: server.host, publicUrl: server.public_url };
  const bindings = createBindings(server, runtime);
  const sockets = createWebSockets({ bindings, checkOrigin: createOriginCheck(place) });
  let schema: object | undefined;
  const fetch = createHttpApp({
    directory: () => app.directory,
    bindings,
    sockets,
    sessions: createSessions({ ...runtime, services: app.services }),
    configSchema: () => schema ??= configJsonSchema(PLUGINS),
    health: {
      version: VERSION,
      uptimeSeconds: () => Math.floor((runtime.now() - startedMs) / 1000),
      unreadyBecause,
    },
    checkHost: createHostCheck(place),
    cardForm: server.card,
    cardsSince: new Date(startedMs),
    baseUrl: () => publicUrl,
  });
  const onError = (error: unknown) => {
    runtime.log.error("request failed outside of every handler", { error });
    return new Response(null, { status: 500 });
  };
  const ports = openPorts({
    hostname: server.host,
    port: server.port,
    grpcPort: server.grpc_port,
    fetch,
    onError,
    grpc: createGrpc({ app, runtime, unreadyBecause }, () => publicUrl),
    timers: PROCESS_TIMERS,
    log: runtime.log,
  });
  if (publicUrl === "") publicUrl = `http://${hostForPeople(server.host)}:${ports.http}`;
  const grpcAddress = ports.grpc === undefined ? undefined : `${new URL(publicUrl).hostname}:${ports.grpc}`;
  if (grpcAddress !== undefined) app.announceGrpc(grpcAddress);
  if (!isLoopback(server.host)) {
    runtime.log.warn(
      "listening beyond this machine without authentication: anybody who reaches it may call its agents",
      {
        host: server.host,
      },
    );
  }
  return {
    publicUrl,
    grpcAddress,
    drainGrpc: ports.drainGrpc,
    stop: async (deadline) => {
      // The listener cuts the sockets that are left: they have to be told before.
      await sockets.drain();
      await ports.stop(deadline);
    },
  };
}

/** The codec of protobuf is loaded by the first call: most servers never see one. */
function createGrpc({ app, runtime, unreadyBecause }: HttpOptions, baseUrl: () => string): GrpcServer {
  const { a2a, limits } = app.config.server;
  const { log, newId } = runtime;
  const timers = PROCESS_TIMERS;
  return createGrpcServer({
    face: async () => {
      const { createGrpcFace } = await import("./server/grpc_face.ts");
      return await createGrpcFace({
        directory: () => app.directory,
        profile: a2a.profile,
        newId,
        maxMessageBytes: limits.max_body_bytes,
        unreadyBecause,
        baseUrl,
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
    dialects: dialectTable({ profile: a2a.profile, newId }),
    timers: PROCESS_TIMERS,
    body: { maxBytes: limits.max_body_bytes, timeoutMs: limits.body_timeout_seconds * 1000 },
    streams: {
      heartbeat: createHeartbeat({ intervalMs: HEARTBEAT_MS, timers: PROCESS_TIMERS }),
      stallMs: STALL_MS,
      openAfterMs: OPEN_AFTER_MS,
    },
    log,
  };
}
