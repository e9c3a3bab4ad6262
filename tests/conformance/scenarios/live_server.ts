import { EgressRules } from "../../../src/lib/egress_rules.ts";
import type { EgressRequest } from "../../../src/lib/safe_fetch.ts";
import { createIds } from "../../../src/lib/ids.ts";
import { Http2Connection } from "../../../src/lib/http2/http2_connection.ts";
import type { Http2Stream } from "../../../src/lib/http2/http2_stream.ts";
import { SILENT } from "../../../src/lib/log.ts";
import { a2aV03JsonRpc } from "../../../src/a2a/dialects/a2a_v0_3.ts";
import { a2aV1Rest } from "../../../src/a2a/dialects/a2a_v1.ts";
import type { A2AService } from "../../../src/a2a/service.ts";
import type { BindingDeps } from "../../../src/a2a/bindings/binding.ts";
import { OPEN } from "../../../src/guard/open.ts";
import { createGrpcFace } from "../../../src/server/grpc_face.ts";
import { tcpBytes } from "../../../src/server/tcp_bytes.ts";
import { PROCESS_TIMERS } from "../../../src/server/timers.ts";
import { createWebSockets } from "../../../src/server/websocket.ts";
import { MemoryRecords, MemoryStore } from "../../../src/store/memory_store.ts";
import { Push } from "../../../src/task/push/push.ts";
import { createTaskService } from "../../../src/task/service.ts";
import { bindings, faceUnderTest } from "../../server/app_under_test.ts";
import { servedAgent } from "../../server/served_agent.ts";
import { alwaysThis, START_MS } from "../../task/house.ts";
import type { Address } from "./http_peers.ts";
import { createGate, type Gate, scriptedDesk, WAITS_AT } from "./scripted_desk.ts";

/** One notice that a webhook was sent. */
export interface Delivery {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface LiveOptions {
  /** Whether webhooks are told of tasks. */
  readonly push?: boolean;
  /** What stands in for the service's own operations. */
  readonly over?: Partial<A2AService>;
  readonly bindings?: Partial<BindingDeps>;
}

/** A server on loopback ports over a store that outlives it. */
export interface Live extends AsyncDisposable {
  /** Resolves when an agent waits, and all that it said is durable. */
  waiting(): Promise<void>;
  /** Lets agents go on that wait, now or later. */
  letGo(): void;
  /** The only task of a context. */
  taskIn(contextId: string): Promise<string>;
  readonly service: () => A2AService;
  readonly address: () => Address;
  readonly deliveries: readonly Delivery[];
  /** Resolves when a webhook has been told so many things. */
  delivered(count: number): Promise<void>;
  /** What was logged as an error. */
  readonly logged: readonly unknown[];
  /** Ends the process, as far as its peers can tell, and starts another one over the same store. */
  restart(): Promise<void>;
}

const newId = createIds({ now: () => START_MS, random: (bytes) => crypto.getRandomValues(bytes) });

function createReceiver() {
  const deliveries: Delivery[] = [];
  let told = Promise.withResolvers<void>();
  return {
    deliveries,
    fetch: ({ url, headers = {}, body = "" }: EgressRequest) => {
      deliveries.push({ url, headers, body });
      told.resolve();
      told = Promise.withResolvers();
      return Promise.resolve(new Response());
    },
    delivered: async (count: number) => {
      while (deliveries.length < count) await told.promise;
    },
  };
}

interface Kept {
  readonly records: MemoryRecords;
  readonly now: () => number;
  readonly gate: Gate;
  readonly receiver: ReturnType<typeof createReceiver>;
  readonly logged: unknown[];
}

function openTasks({ records, now, gate, receiver }: Kept, holder: string, { push: hasPush = false }: LiveOptions) {
  const store = new MemoryStore({ holder, now }, records);
  const push = !hasPush ? undefined : new Push({
    journal: store.journal,
    webhooks: store.webhooks,
    rules: new EgressRules([]),
    dialects: { "1.0": a2aV1Rest("1.0.1"), "0.3": a2aV03JsonRpc({ newId }) },
    timeoutMs: 1000,
    limits: { maxAttempts: 1, giveUpAfterMs: 1e9, baseMs: 1, maxDelayMs: 1 },
    concurrency: { perHost: 4, inAll: 64 },
    now,
    random: () => 0.5,
    sleep: () => Promise.resolve(),
    log: SILENT,
    fetch: receiver.fetch,
  });
  const agent = { run: scriptedDesk(gate) };
  const service = createTaskService({ agentId: "desk", agents: alwaysThis(agent), store, now, newId, holder, push });
  return { service, store };
}

/** A port for gRPC, and its connections. */
function listenGrpc(face: () => ReturnType<typeof createGrpcFace>) {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const open = new Map<Http2Connection, Promise<void>>();
  const answer = face();
  const accepting = (async () => {
    for await (const connection of listener) {
      connection.setNoDelay(true);
      const onStream = async (stream: Http2Stream) => await (await answer)(stream);
      const server = new Http2Connection({ role: "server", onStream }, tcpBytes(connection), {
        timers: PROCESS_TIMERS,
      });
      open.set(server, server.run().finally(() => open.delete(server)));
    }
  })();
  return {
    port: listener.addr.port,
    /** Politely, or at once. */
    async stop(isCut: boolean) {
      listener.close();
      await accepting;
      for (const connection of open.keys()) {
        if (isCut) connection.close("NO_ERROR", "The server stops");
        else connection.drain();
      }
      await Promise.all(open.values());
    },
  };
}

function serve(service: A2AService, { logged }: Kept, over: Partial<BindingDeps> = {}) {
  const log = { ...SILENT, error: (message: string, fields = {}) => void logged.push([message, fields]) };
  const deps = { ...bindings(), log, ...over };
  const agent = servedAgent("desk", "public", service);
  const sockets = createWebSockets({ bindings: deps, checkOrigin: () => {} });
  const onError = (error: unknown) => {
    logged.push(["a throw reached the listener", error]);
    return new Response(null, { status: 500 });
  };
  const options = { hostname: "127.0.0.1", port: 0, onListen: () => {}, onError };
  const http = Deno.serve(options, faceUnderTest([agent], { bindings: deps, sockets }));
  const grpc = listenGrpc(() =>
    createGrpcFace({
      directory: () => ({ agents: new Map([[agent.id, agent]]), defaultAgent: undefined }),
      baseUrl: () => "http://agents.example",
      profile: "1.0.1",
      newId,
      body: deps.body,
      unreadyBecause: () => undefined,
      guard: OPEN,
      timers: PROCESS_TIMERS,
      log,
    })
  );
  return {
    address: { http: `http://127.0.0.1:${http.addr.port}/agents/desk`, grpc: grpc.port },
    stop: async (isCut: boolean) => {
      await sockets.drain();
      await Promise.all([http.shutdown(), grpc.stop(isCut)]);
    },
  };
}

export function openLive(options: LiveOptions = {}): Live {
  const clock = { ms: START_MS };
  const gate = createGate();
  const receiver = createReceiver();
  const kept: Kept = { records: new MemoryRecords(), now: () => clock.ms++, gate, receiver, logged: [] };
  const start = (holder: string) => {
    const { service: tasks, store } = openTasks(kept, holder, options);
    const service = { ...tasks, ...options.over };
    return { tasks, store, service, ...serve(service, kept, options.bindings) };
  };
  let process = start("first");
  const end = async (isCut: boolean) => {
    await process.tasks.drain(AbortSignal.abort());
    await process.stop(isCut);
  };
  const waiting = async () => {
    const ref = { tenant: "default", owner: "anonymous", id: await gate.reached() };
    const stop = new AbortController();
    for await (const { seq } of process.store.journal.follow(ref, 0, stop.signal)) if (seq >= WAITS_AT) break;
    stop.abort();
  };
  return {
    waiting,
    letGo: gate.open,
    taskIn: async (contextId) => {
      const scope = { tenant: "default", owner: "anonymous", agent: "desk" };
      const [stored] = await Array.fromAsync(process.store.contexts.tasks(scope, contextId));
      return stored?.ref.id ?? "";
    },
    service: () => process.service,
    address: () => process.address,
    deliveries: receiver.deliveries,
    delivered: receiver.delivered,
    logged: kept.logged,
    restart: async () => {
      // Politely: its readers are told that their streams are cut.
      await end(false);
      process = start("second");
      process.tasks.recover();
    },
    [Symbol.asyncDispose]: () => end(true),
  };
}
