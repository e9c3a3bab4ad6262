import type { FindGrpcTarget } from "../a2a/bindings/grpc_target.ts";
import { requestedExtensions } from "../a2a/extensions.ts";
import { limitedStreams } from "../guard/limited_streams.ts";
import { isRecord } from "../lib/json.ts";
import type { Timers } from "../lib/timers.ts";
import { type AgentDirectory, findAgent } from "./directory.ts";
import type { GrpcDoor } from "./grpc_door.ts";

export interface GrpcTargetDeps {
  /** The agents of the revision that serves now. */
  readonly directory: () => AgentDirectory;
  /** Where peers reach the HTTP side, without a trailing slash: cards name it. */
  readonly baseUrl: () => string;
  readonly door: GrpcDoor;
  readonly timers: Timers;
}

/** Finds the agent of a call: by its `tenant` (A2A v1 §3.10), by the metadata `agent-name`, else the one that serves all. */
export function grpcTarget({ directory, baseUrl, door, timers }: GrpcTargetDeps): FindGrpcTarget {
  return async (payload, { metadata, signal }, wanted) => {
    const identity = await (wanted === "card" ? door.identify(metadata) : door.admit(metadata));
    const { caller } = identity;
    const tenant = isRecord(payload) && typeof payload.tenant === "string" ? payload.tenant : undefined;
    const agent = findAgent(directory(), [tenant, metadata.get("agent-name")], caller);
    const { signer } = directory();
    const card = () => agent.card(baseUrl());
    return {
      service: limitedStreams(agent.service, identity, timers),
      call: { signal, caller, extensions: requestedExtensions(metadata) },
      capabilities: () => card().capabilities,
      // What 0.3 has in place of the extended card (A2A 0.3 §7.10).
      card: () => agent.extendedCard?.(caller) ?? card(),
      signCard: async (form) => await signer?.sign(form, baseUrl()) ?? form,
    };
  };
}
