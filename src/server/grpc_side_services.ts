import type { GrpcMethod } from "../lib/grpc/grpc_server.ts";
import { grpcHealth, type GrpcHealthOptions, HEALTH_SERVICE } from "./grpc_health.ts";
import { grpcReflection, REFLECTION_SERVICES } from "./grpc_reflection.ts";

/** What tools of gRPC expect beside the services that are `named`: whether they are well, and what they are. */
export function grpcSideServices(
  named: readonly string[],
  options: Omit<GrpcHealthOptions, "services">,
): Map<string, GrpcMethod> {
  const services = [...named, HEALTH_SERVICE, ...REFLECTION_SERVICES];
  return new Map([
    ...grpcHealth({ ...options, services: new Set(services) }),
    ...grpcReflection(options.codec, services),
  ]);
}
