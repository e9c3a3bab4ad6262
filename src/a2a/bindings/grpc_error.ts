import { binaryValue } from "../../lib/grpc/grpc_metadata.ts";
import { GRPC_STATUS, GrpcError } from "../../lib/grpc/grpc_status.ts";
import type { Log } from "../../lib/log.ts";
import { grpcStatus, type Profile, toGrpcDetails } from "../error_wire.ts";
import type { Codec } from "../proto/codec.ts";
import { reported } from "./binding.ts";

/** Many clients refuse header lists over 8 KiB; details that do not fit are worth less than a status that arrives. */
const MAX_DETAILS_BYTES = 4096;

export interface GrpcErrorOptions {
  readonly codec: Codec;
  readonly profile: Profile;
  readonly log: Log;
}

/** An error as gRPC tells it: code, message and google.rpc.Status with ErrorInfo and what else is known (A2A v1 §10.6). */
export function toGrpcError(thrown: unknown, { codec, profile, log }: GrpcErrorOptions): GrpcError {
  if (thrown instanceof GrpcError) return thrown;
  const error = reported(thrown, log);
  const name = grpcStatus(error.reason, profile);
  const status = codec.message("google.rpc.Status");
  const encode = (details: unknown[]) => status.encode({ code: GRPC_STATUS[name], message: error.message, details });
  const details = toGrpcDetails(error);
  const whole = encode(details);
  const bytes = whole.length <= MAX_DETAILS_BYTES ? whole : encode(details.slice(0, 1));
  return new GrpcError(name, error.message, {
    cause: error,
    trailers: bytes.length <= MAX_DETAILS_BYTES ? [["grpc-status-details-bin", binaryValue(bytes)]] : [],
  });
}
