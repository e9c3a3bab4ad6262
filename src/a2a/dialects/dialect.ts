import type { A2AError } from "../errors.ts";
import type { Operation, Reply } from "../operations.ts";
import type { StreamResponse } from "../types.ts";

export type DialectName = "a2a_v1" | "a2a_v0_3";
export type Binding = "jsonrpc" | "rest";

/** A peer's request in the core's spelling, not validated yet. */
export interface Reading {
  /** ProtoJSON of the core request: what `OPERATIONS.get(operation).invoke` validates. */
  readonly request: unknown;
  /** The peer named no message id, so this reading made one: a retry cannot be recognised by it. */
  readonly messageIdGenerated: boolean;
}

/**
 * One spelling of the protocol over one binding's frames: pure functions to and from the core objects of types.ts. A
 * binding carries what they give and knows none of their fields.
 */
export interface Dialect {
  readonly name: DialectName;
  readonly binding: Binding;
  /** Media type of a unary answer, of an error, or of a webhook body in this spelling. */
  readonly mediaType: string;
  /**
   * `raw` is a JSON-RPC `params` (absent or null is an empty object), or for REST the JSON body, or else the query (values
   * are strings, arrays where a name repeats), with the path's parameters written over it under the core's names: `id`
   * of a task; `taskId` and `id` of a push configuration; `tenant`.
   * Throws A2AError INVALID_PARAMS with the peer's own path for what this spelling does not know.
   */
  read(operation: Operation, raw: unknown): Reading;
  /** The JSON payload that answers a unary operation: the `result` of JSON-RPC, the body of REST. */
  write(reply: Reply): unknown;
  /** The JSON payload of one stream event. `last` tells that the stream ends behind it. */
  writeEvent(event: StreamResponse, last: boolean): unknown;
  /** The JSON payload of an error: `{ code, message, data? }` for JSON-RPC, the whole body for REST. */
  writeError(error: A2AError): unknown;
  /** The HTTP status that goes with `writeError`; 200 over JSON-RPC unless HTTP itself refuses the request. */
  errorStatus(error: A2AError): number;
}
