import type { FindGrpcTarget } from "../a2a/bindings/grpc.ts";
import { ANONYMOUS } from "../a2a/service.ts";
import { isRecord } from "../lib/json.ts";
import { type AgentDirectory, findAgent } from "./directory.ts";

export interface GrpcTargetDeps {
  /** The agents of the revision that serves now. */
  readonly directory: () => AgentDirectory;
  /** Where peers reach the HTTP side, without a trailing slash: cards name it. */
  readonly baseUrl: () => string;
}

/** Finds the agent of a call: by its `tenant` (A2A v1 §3.10), by the metadata `agent-name`, else the one that serves all. */
export function grpcTarget({ directory, baseUrl }: GrpcTargetDeps): FindGrpcTarget {
  return (payload, { metadata, signal }) => {
    const tenant = isRecord(payload) && typeof payload.tenant === "string" ? payload.tenant : undefined;
    const agent = findAgent(directory(), [tenant, metadata.get("agent-name")], ANONYMOUS);
    const listed = metadata.get("a2a-extensions") ?? metadata.get("x-a2a-extensions") ?? "";
    const extensions = listed.split(",").map((uri) => uri.trim()).filter((uri) => uri !== "");
    return {
      service: agent.service,
      call: { signal, caller: ANONYMOUS, extensions },
      card: () => agent.card(baseUrl()),
    };
  };
}
