import type { Log } from "../lib/log.ts";
import type { Timers } from "../lib/timers.ts";
import { type Door, type DoorOptions, openDoor, type ServeHttp2 } from "./door/door.ts";
import { Doorkeeper, type DoorLimits } from "./door/doorkeeper.ts";
import { innerHttp } from "./door/inner_http.ts";
import type { Tls } from "./door/tls.ts";
import type { GrpcServer } from "./grpc_server.ts";
import { isLoopback } from "./host_check.ts";
import { listen, type Listener, ListenError, type ListenOptions } from "./listener.ts";

/** The port that gRPC servers have by custom. */
const DEFAULT_GRPC_PORT = 50_051;
/** REST, and JSON-RPC, as seen from the port of both. */
const LEGACY_OFFSETS = [1, 2];
const LAST_PORT = 65_535;

export interface PortsOptions extends ListenOptions {
  /** The same as `port`: one for both. 0: any free one. true: the usual one. false: none. undefined: the usual one, if it is free. */
  readonly grpcPort: number | boolean | undefined;
  readonly grpc: GrpcServer;
  /** Whether HTTP is also served on the two ports after `port`, where older versions had it. */
  readonly legacyPorts: boolean;
  readonly limits: DoorLimits;
  /** Everything is served over it. */
  readonly tls?: Tls | undefined;
  readonly timers: Timers;
  readonly log: Log;
}

/** Where a server can be reached. */
export interface Ports {
  readonly http: number;
  readonly grpc: number | undefined;
  /** Takes no new gRPC connections and asks the others to end; HTTP goes on. */
  drainGrpc(): void;
  /** Stops accepting and waits for what is under way; gRPC is cut when `deadline` aborts. */
  stop(deadline: AbortSignal): Promise<void>;
}

/** Binds what is to be bound. Throws ListenError. */
export function openPorts(options: PortsOptions): Ports {
  const opening: Opening = { options, keeper: new Doorkeeper(options.limits, options) };
  const ports = isShared(options) ? openShared(opening) : openApart(opening);
  return options.legacyPorts ? openLegacy(opening, ports) : ports;
}

function openLegacy({ options, keeper }: Opening, ports: Ports): Ports {
  const listeners: Listener[] = [];
  const stopAll = (deadline: AbortSignal) =>
    Promise.all([ports.stop(deadline), ...listeners.map((listener) => listener.stop())]);
  const open = () => {
    for (const port of LEGACY_OFFSETS.map((offset) => ports.http + offset)) {
      if (port > LAST_PORT) throw new ListenError(`Cannot listen on port ${port}: choose a lower one with --port`);
      listeners.push(openHttp({ options: { ...options, port, setting: "server.legacy_ports" }, keeper }));
    }
  };
  orUndo(open, () => void stopAll(AbortSignal.abort()));
  return { ...ports, stop: async (deadline) => void await stopAll(deadline) };
}

interface Opening {
  readonly options: PortsOptions;
  readonly keeper: Doorkeeper;
}

function isShared({ port, grpcPort }: PortsOptions): boolean {
  return grpcPort !== undefined && grpcPort === port && port !== 0;
}

/** Of both protocols a browser means HTTP/1, so that is preferred; clients of gRPC offer HTTP/2 alone. */
function openShared(opening: Opening): Ports {
  const { grpc } = opening.options;
  const http = openHttpDoor(opening, { http2: serveGrpc(grpc), protocols: ["http/1.1", "h2"] });
  return {
    http: http.port,
    grpc: http.port,
    drainGrpc: () => grpc.drain(),
    stop: async (deadline) => {
      await Promise.all([http.stop(), grpc.stop(deadline)]);
    },
  };
}

function openApart(opening: Opening): Ports {
  const { grpc } = opening.options;
  const grpcDoor = openGrpcDoor(opening);
  const http = orUndo(() => openHttp(opening), () => grpcDoor?.close());
  const drainGrpc = once(() => {
    grpcDoor?.close();
    grpc.drain();
  });
  return {
    http: http.port,
    grpc: grpcDoor?.port,
    drainGrpc,
    stop: async (deadline) => {
      drainGrpc();
      await Promise.all([http.stop(), grpc.stop(deadline)]);
    },
  };
}

/** Peers of this machine reach the server itself; who comes from farther away, or encrypted, comes by the door. */
function openHttp(opening: Opening): Listener {
  const { hostname, tls } = opening.options;
  if (isLoopback(hostname) && tls === undefined) return listen(opening.options);
  return openHttpDoor(opening, { protocols: ["h2", "http/1.1"] });
}

function openHttpDoor({ options, keeper }: Opening, faces: Pick<DoorOptions, "http2" | "protocols">): Listener {
  const http = innerHttp(options);
  const open = () => openDoor({ ...options, ...faces, http, keeper, setting: options.setting ?? "--port" });
  const door = orUndo(open, () => void http.stop());
  return {
    port: door.port,
    stop: async () => {
      door.close();
      await http.stop();
    },
  };
}

/** Nobody chose the usual port, so that it is taken keeps nobody from starting a second server. */
function openGrpcDoor({ options, keeper }: Opening): Door | undefined {
  const { hostname, grpcPort, grpc, tls, timers, log } = options;
  if (grpcPort === false) return undefined;
  const port = typeof grpcPort === "number" ? grpcPort : DEFAULT_GRPC_PORT;
  const address = { hostname, port, setting: "server.grpc_port" };
  try {
    return openDoor({ ...address, http2: serveGrpc(grpc), keeper, tls, protocols: ["h2"], timers });
  } catch (thrown) {
    if (grpcPort !== undefined || !(thrown instanceof ListenError)) throw thrown;
    log.warn("gRPC is not served", { because: thrown.message });
    return undefined;
  }
}

function serveGrpc(grpc: GrpcServer): ServeHttp2 {
  return (bytes, first, peer) => grpc.serve(bytes, { first, peer });
}

function orUndo<T>(act: () => T, undo: () => void): T {
  try {
    return act();
  } catch (thrown) {
    undo();
    throw thrown;
  }
}

function once(act: () => void): () => void {
  let isDone = false;
  return () => {
    if (isDone) return;
    isDone = true;
    act();
  };
}
