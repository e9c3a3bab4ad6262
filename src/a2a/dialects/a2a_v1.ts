import { isRecord } from "../../lib/json.ts";
import { httpStatus, jsonRpcStatus, type Profile, toJsonRpcError, toRestError } from "../error_wire.ts";
import type { Operation } from "../operations.ts";
import type { EventDialect } from "./dialect.ts";

/*
 * A2A 1.0. The core speaks it, so almost nothing is left to do: the schemas of types.ts read both spellings of a name and
 * ignore what they do not know (A2A v1 §5.7), and what the core holds is what goes on the wire.
 */

/** A2A 1.0 over JSON-RPC (A2A v1 §9). */
export const A2A_V1_JSONRPC: EventDialect = {
  name: "a2a_v1",
  binding: "jsonrpc",
  mediaType: "application/json",
  read: (_operation, raw) => ({ request: raw ?? {}, messageIdGenerated: false }),
  write: ({ response }) => response,
  writeEvent: (event) => event,
  writeError: toJsonRpcError,
  errorStatus: ({ reason }) => jsonRpcStatus(reason),
};

/** A2A 1.0 over HTTP+JSON (A2A v1 §11). `profile` decides the error table and the media type. */
export function a2aV1Rest(profile: Profile): EventDialect {
  return {
    name: "a2a_v1",
    binding: "rest",
    mediaType: profile === "1.0.0" ? "application/json" : "application/a2a+json",
    read: (operation, raw) => ({ request: readQuery(operation, raw ?? {}), messageIdGenerated: false }),
    // google.protobuf.Empty is `{}` in ProtoJSON; JSON-RPC peers expect null instead.
    write: ({ response }) => response ?? {},
    writeEvent: (event) => event,
    writeError: (error) => toRestError(error, profile),
    errorStatus: ({ reason }) => httpStatus(reason, profile),
  };
}

/** A query carries text only. Numbers and timestamps are read from text by the schemas; booleans are not (A2A v1 §11.5). */
function readQuery(operation: Operation, raw: unknown): unknown {
  if (operation !== "ListTasks" || !isRecord(raw)) return raw;
  const { includeArtifacts, include_artifacts, ...rest } = raw;
  const value = includeArtifacts ?? include_artifacts;
  return value === undefined ? raw : { ...rest, includeArtifacts: value === "true" || (value !== "false" && value) };
}
