import { type GrpcErrorOptions, toGrpcError } from "../a2a/bindings/grpc_error.ts";
import type { Guard } from "../guard/guard.ts";
import type { Identity } from "../guard/identity.ts";
import type { Metadata } from "../lib/grpc/grpc_metadata.ts";
import { showingIn } from "./showing.ts";

/** Who calls over gRPC. */
export interface GrpcDoor {
  /** Looks at the credential of a call once, however often it is asked. Throws as `Guard.identify`. */
  identify(metadata: Metadata): Promise<Identity>;
  /** Throws also for strangers to a server that asks for a credential. */
  admit(metadata: Metadata): Promise<Identity>;
  /** Before the message of a call is read: throws GrpcError for a call that is not to be answered. */
  open(metadata: Metadata): Promise<void>;
}

export interface GrpcDoorOptions {
  readonly guard: Guard;
}

/** The methods of both generations, of which the public card alone is for everybody. */
const CLOSED = /^\/(?:lf\.)?a2a\.v1\.(?!.*\/GetAgentCard$)/;

export function grpcDoor({ guard }: GrpcDoorOptions, errors: GrpcErrorOptions): GrpcDoor {
  const known = new WeakMap<Metadata, Promise<Identity>>();
  const identify = (metadata: Metadata) => {
    const found = known.get(metadata) ?? guard.identify(showingIn(metadata));
    known.set(metadata, found);
    return found;
  };
  const admit = async (metadata: Metadata) => {
    const identity = await identify(metadata);
    guard.admit(identity);
    return identity;
  };
  return {
    identify,
    admit,
    open: async (metadata) => {
      try {
        if (CLOSED.test(metadata.get(":path") ?? "")) await admit(metadata);
      } catch (thrown) {
        throw toGrpcError(thrown, errors);
      }
    },
  };
}
