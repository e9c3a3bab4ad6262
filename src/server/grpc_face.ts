import type { BodyLimits } from "../a2a/bindings/binding.ts";
import { grpcMethods } from "../a2a/bindings/grpc.ts";
import { grpcV03, grpcV1 } from "../a2a/bindings/grpc_spelling.ts";
import type { DialectTableOptions } from "../a2a/dialects/dialect_table.ts";
import { loadCodec } from "../a2a/proto/codec.ts";
import { grpcHandler } from "../lib/grpc/grpc_server.ts";
import type { Http2Stream } from "../lib/http2/http2_stream.ts";
import type { Log } from "../lib/log.ts";
import type { Timers } from "../lib/timers.ts";
import { grpcDoor, type GrpcDoorOptions } from "./grpc_door.ts";
import { grpcSideServices } from "./grpc_side_services.ts";
import { grpcTarget, type GrpcTargetDeps } from "./grpc_target.ts";

export interface GrpcFaceOptions extends Omit<GrpcTargetDeps, "door">, GrpcDoorOptions, DialectTableOptions {
  /** What one message may come to, and all that are still arriving. */
  readonly body: BodyLimits;
  /** Why no traffic should come now; undefined when it may. */
  readonly unreadyBecause: () => string | undefined;
  readonly timers: Timers;
  readonly log: Log;
}

/** The gRPC face: both generations of A2A, health and reflection. Answers one stream of HTTP/2. */
export async function createGrpcFace(options: GrpcFaceOptions): Promise<(stream: Http2Stream) => Promise<void>> {
  const { profile, body, unreadyBecause, timers, log } = options;
  const codec = await loadCodec();
  const spellings = [grpcV1(profile), grpcV03(options)];
  const door = grpcDoor(options, { codec, profile, log });
  const find = grpcTarget({ ...options, door });
  const services = spellings.map(({ service }) => service);
  return grpcHandler({
    admit: door.open,
    methods: new Map([
      ...spellings.flatMap((spelling) => [...grpcMethods(spelling, { codec, profile, log, find })]),
      ...grpcSideServices(services, { codec, timers, unreadyBecause }),
    ]),
    maxMessageBytes: body.maxBytes,
    requestTimeoutMs: body.timeoutMs,
    budget: body.budget,
    timers,
    onError: (error) => log.error("gRPC call failed", { error }),
  });
}
