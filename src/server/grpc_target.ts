import type { FindGrpcTarget } from "../a2a/bindings/grpc.ts";
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
    const listed = metadata.get("a2a-extensions") ?? metadata.get("x-a2a-extensions") ?? "";
    const extensions = listed.split(",").map((uri) => uri.trim()).filter((uri) => uri !== "");
    return {
      service: limitedStreams(agent.service, identity, timers),
      call: { signal, caller, extensions },
      card: () => agent.card(baseUrl()),
    };
  };
}
