import type { A2AError } from "../errors.ts";
import type { Operation, Reply } from "../operations.ts";
import type { StreamResponse } from "../types.ts";

export type DialectName = "a2a_v1" | "a2a_v0_3";
export type Binding = "jsonrpc" | "rest";

/**
 * One spelling of the protocol over one binding's frames: pure functions to and from the core objects of types.ts. A
 * binding carries what they give and knows none of their fields.
 */
export interface Dialect {
  readonly name: DialectName;
  readonly binding: Binding;
  /** Media type of a REST answer or of a webhook body in this spelling. */
  readonly mediaType: string;
  /**
   * A peer's params or body → ProtoJSON of the core request, not validated yet. Throws A2AError INVALID_PARAMS (with the
   * peer's own path) for what this spelling does not know.
   */
  read(operation: Operation, raw: unknown): unknown;
  /** The JSON payload that answers a unary operation. */
  write(reply: Reply): unknown;
  /** The JSON payload of one stream event. `last` tells that the stream ends behind it. */
  writeEvent(event: StreamResponse, last: boolean): unknown;
  /** The JSON payload of an error: `{ code, message, data? }` for JSON-RPC, the whole body for REST. */
  writeError(error: A2AError): unknown;
}
