import type { OperationRequest, Reply } from "../operations.ts";
import type { StreamResponse } from "../types.ts";
import type { Binding, DialectName } from "./dialect.ts";

/** The dialects that a client speaks: those of A2A. */
export type PeerDialectName = Extract<DialectName, "a2a_v1" | "a2a_v0_3">;

/**
 * The client's half of a dialect: what a server's half reads is written here, and the other way round. Errors are read
 * by error_wire.ts, whose readers know every generation.
 */
export interface PeerDialect {
  readonly name: PeerDialectName;
  readonly binding: Binding;
  /** Value of the A2A-Version header that goes with every request. */
  readonly version: string;
  /**
   * The `params` of JSON-RPC; for REST all that path, query and body carry together. Throws A2AError
   * UNSUPPORTED_OPERATION for what this generation of peers cannot do.
   */
  writeRequest(request: OperationRequest): Record<string, unknown>;
  /** The answer to a unary operation. Throws A2AError INVALID_AGENT_RESPONSE, as does `readEvent`. */
  readReply(operation: Reply["operation"], raw: unknown): Reply;
  readEvent(raw: unknown): StreamResponse;
}
