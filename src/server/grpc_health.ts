import { type GrpcMethod } from "../lib/grpc/grpc_server.ts";
import { GrpcError } from "../lib/grpc/grpc_status.ts";
import { isRecord } from "../lib/json.ts";
import type { Timers } from "../lib/timers.ts";
import type { Codec } from "../a2a/proto/codec.ts";

export const HEALTH_SERVICE = "grpc.health.v1.Health";
/** How often a watcher's answer is looked at again. */
const WATCH_MS = 1000;

export interface GrpcHealthOptions {
  readonly codec: Codec;
  readonly timers: Timers;
  /** Full names of the services that are served. */
  readonly services: ReadonlySet<string>;
  /** Why no traffic should come now; undefined when it may. */
  readonly unreadyBecause: () => string | undefined;
}

/** The health protocol of gRPC (https://github.com/grpc/grpc/blob/master/doc/health-checking.md). */
export function grpcHealth({ codec, timers, services, unreadyBecause }: GrpcHealthOptions): Map<string, GrpcMethod> {
  const request = codec.message("grpc.health.v1.HealthCheckRequest");
  const response = codec.message("grpc.health.v1.HealthCheckResponse");
  const statusOf = (bytes: Uint8Array) => {
    const asked = request.decode(bytes);
    const service = isRecord(asked) && typeof asked.service === "string" ? asked.service : "";
    const isKnown = service === "" || services.has(service);
    return () => isKnown ? (unreadyBecause() === undefined ? "SERVING" : "NOT_SERVING") : "SERVICE_UNKNOWN";
  };
  return new Map<string, GrpcMethod>([
    [`/${HEALTH_SERVICE}/Check`, {
      kind: "unary",
      answer: (bytes) => {
        const status = statusOf(bytes)();
        if (status !== "SERVICE_UNKNOWN") return Promise.resolve(response.encode({ status }));
        return Promise.reject(new GrpcError("NOT_FOUND", "There is no such service"));
      },
    }],
    [`/${HEALTH_SERVICE}/Watch`, {
      kind: "server_stream",
      answer: async function* (bytes, { signal }) {
        const now = statusOf(bytes);
        for (let told = ""; !signal.aborted; await nextLook(timers, signal)) {
          const status = now();
          if (status !== told) yield response.encode({ status });
          told = status;
        }
      },
    }],
  ]);
}

/** Resolves when it is time, or when the watcher has gone. */
function nextLook(timers: Timers, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      stopTimer();
      signal.removeEventListener("abort", done);
      resolve();
    };
    const stopTimer = timers.after(WATCH_MS, done);
    signal.addEventListener("abort", done);
  });
}
