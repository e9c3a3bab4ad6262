import type { Log } from "../lib/log.ts";
import type { Timers } from "../lib/timers.ts";
import { acceptLoop } from "./accept_loop.ts";
import type { GrpcServer } from "./grpc_server.ts";
import { bind, listen, ListenError, type ListenOptions } from "./listener.ts";
import { listenShared } from "./shared_port.ts";
import { tcpBytes } from "./tcp_bytes.ts";

/** The port that gRPC servers have by custom. */
const DEFAULT_GRPC_PORT = 50_051;

export interface PortsOptions extends ListenOptions {
  /** The same as `port`: one for both. 0: any free one. true: the usual one. false: none. undefined: the usual one, if it is free. */
  readonly grpcPort: number | boolean | undefined;
  readonly grpc: GrpcServer;
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
  const { port, grpcPort, grpc } = options;
  if (grpcPort !== undefined && grpcPort === port && port !== 0) {
    const shared = listenShared({ ...options, http2: (bytes, first) => void grpc.serve(bytes, first) });
    return {
      http: shared.port,
      grpc: shared.port,
      drainGrpc: () => grpc.drain(),
      stop: async (deadline) => {
        await Promise.all([shared.stop(), grpc.stop(deadline)]);
      },
    };
  }
  const grpcListener = bindGrpc(options);
  const http = listenOr(options, () => grpcListener?.close());
  if (grpcListener !== undefined) acceptLoop(grpcListener, (taken) => void grpc.serve(tcpBytes(taken)), options.timers);
  const drainGrpc = once(() => {
    grpcListener?.close();
    grpc.drain();
  });
  return {
    http: http.port,
    grpc: grpcListener?.addr.port,
    drainGrpc,
    stop: async (deadline) => {
      drainGrpc();
      await Promise.all([http.stop(), grpc.stop(deadline)]);
    },
  };
}

function listenOr(options: ListenOptions, undo: () => void) {
  try {
    return listen(options);
  } catch (thrown) {
    undo();
    throw thrown;
  }
}

/** Nobody chose the usual port, so that it is taken keeps nobody from starting a second server. */
function bindGrpc({ hostname, grpcPort, log }: PortsOptions): Deno.TcpListener | undefined {
  if (grpcPort === false) return undefined;
  const port = typeof grpcPort === "number" ? grpcPort : DEFAULT_GRPC_PORT;
  try {
    return bind({ hostname, port, setting: "server.grpc_port" });
  } catch (thrown) {
    if (grpcPort !== undefined || !(thrown instanceof ListenError)) throw thrown;
    log.warn("gRPC is not served", { because: thrown.message });
    return undefined;
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
