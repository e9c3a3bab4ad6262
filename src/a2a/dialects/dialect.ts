import type { A2AError } from "../errors.ts";
import type { Operation, Reply } from "../operations.ts";
import type { StreamResponse } from "../types.ts";

/** The two generations of A2A, and the three spellings of hector's own earlier documents. */
export type DialectName = "a2a_v1" | "a2a_v0_3" | "hector_v1" | "hector_v1_rest" | "hector_v2";
export type Binding = "jsonrpc" | "rest";

/** What 0.3 leaves to its servers. */
export interface LegacyHabits {
  /** Whether a send waits for its task if its caller does not say. Default: it does. */
  readonly blocking?: boolean;
  /** A message to a task that names another context: refused (the default), or it goes by the task's own. */
  readonly context?: "check" | "task";
  /** A message that its peer did not name: named here (the default), or refused. */
  readonly message_ids?: "made" | "required";
}

/** How what its peers do not say is read in the dialects of 0.3. */
export interface LegacyOptions {
  /** Names a message whose peer did not. */
  readonly newId: () => string;
  readonly habits?: LegacyHabits | undefined;
}

/** A peer's request in the core's spelling, not validated yet. */
export interface Reading {
  /** ProtoJSON of the core request: what `OPERATIONS.get(operation).invoke` validates. */
  readonly request: unknown;
  /** The peer named no message id, so this reading made one: a retry cannot be recognised by it. */
  readonly messageIdGenerated: boolean;
  /** The number of the last event that the peer has, where this spelling has a place of its own for it. */
  readonly lastEventId?: string;
}

/**
 * One spelling of the protocol over one binding's frames: functions to and from the core objects of types.ts. A binding
 * carries what they give and knows none of their fields.
 */
export type Dialect = EventDialect | StreamDialect;

interface Spelling {
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
  /** The JSON payload of an error: `{ code, message, data? }` for JSON-RPC, the whole body for REST. */
  writeError(error: A2AError): unknown;
  /** The HTTP status that goes with `writeError`; 200 over JSON-RPC unless HTTP itself refuses the request. */
  errorStatus(error: A2AError): number;
}

/** A spelling in which every stream event is told by itself. */
export interface EventDialect extends Spelling {
  /** The JSON payload of one stream event. `last` tells that the stream ends behind it. */
  writeEvent(event: StreamResponse, last: boolean): unknown;
}

/** A spelling in which what is told of an event depends on the events before it, so that it needs all of them. */
export interface StreamDialect extends Spelling {
  /** Whether a frame over JSON-RPC is the `result` of a whole response, as A2A has it, or stands alone. */
  readonly inEnvelope: boolean;
  /** Begins one stream. */
  openStream(): StreamWriter;
}

/** What one event more is on the wire; nothing, where this spelling has no word for it. */
export type StreamWriter = (event: StreamResponse, last: boolean) => readonly StreamFrame[];

export interface StreamFrame {
  /** The name of the server-sent event. */
  readonly event?: string;
  /** A JSON payload; a text is sent as it stands. */
  readonly data: unknown;
}
