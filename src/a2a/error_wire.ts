import type { GrpcStatus } from "../lib/grpc/grpc_status.ts";
import { isRecord } from "../lib/json.ts";
import { A2AError, type ErrorReason, ERRORS, type FieldViolation, GRPC_CODES, isErrorReason, rowOf } from "./errors.ts";

/** A2A 1.0.1 moved some HTTP statuses and gRPC codes; peers made for 1.0.0 still expect the older table. */
export type Profile = "1.0.0" | "1.0.1";

/** The error object of JSON-RPC 2.0 §5.1. */
export interface JsonRpcError {
  readonly code: number;
  readonly message: string;
  readonly data?: unknown;
}

const ERROR_DOMAIN = "a2a-protocol.org";
const ERROR_INFO = "type.googleapis.com/google.rpc.ErrorInfo";
const BAD_REQUEST = "type.googleapis.com/google.rpc.BadRequest";
const RETRY_INFO = "type.googleapis.com/google.rpc.RetryInfo";

/** google.rpc detail messages (A2A v1 §9.5, §11.6): always ErrorInfo, and what else is known. */
function detailsOf({ reason, metadata, violations, retryAfterSeconds }: A2AError): Record<string, unknown>[] {
  const details: Record<string, unknown>[] = [{ "@type": ERROR_INFO, reason, domain: ERROR_DOMAIN, metadata }];
  if (violations.length > 0) details.push({ "@type": BAD_REQUEST, fieldViolations: violations });
  if (retryAfterSeconds !== undefined) details.push({ "@type": RETRY_INFO, retryDelay: `${retryAfterSeconds}s` });
  return details;
}

/** A2A v1 §9.5: `data` is an array of typed objects. */
export function toJsonRpcError(error: A2AError): JsonRpcError {
  return { code: ERRORS[error.reason].jsonRpc, message: error.message, data: detailsOf(error) };
}

/** A2A v1 §11.6: google.rpc.Status as JSON. */
export function toRestError(error: A2AError, profile: Profile): unknown {
  return {
    error: {
      code: httpStatus(error.reason, profile),
      status: grpcStatus(error.reason, profile),
      message: error.message,
      details: detailsOf(error),
    },
  };
}

/** A2A v1 §10.6: google.rpc.Status, whose bytes are the trailer `grpc-status-details-bin`. */
export function toGrpcDetails(error: A2AError): unknown[] {
  return detailsOf(error);
}

/** The HTTP status of an error in A2A 1.0's REST binding. */
export function httpStatus(reason: ErrorReason, profile: Profile): number {
  const { http, v1_0_0 } = rowOf(reason);
  return profile === "1.0.0" ? v1_0_0?.http ?? http : http;
}

/** The gRPC status name of an error in A2A 1.0. */
export function grpcStatus(reason: ErrorReason, profile: Profile): keyof typeof GRPC_CODES {
  const { grpc, v1_0_0 } = rowOf(reason);
  return profile === "1.0.0" ? v1_0_0?.grpc ?? grpc : grpc;
}

/** The HTTP status of an answer that holds a JSON-RPC error: 200, unless HTTP itself refuses (401, 413, 429 …). */
export function jsonRpcStatus(reason: ErrorReason): number {
  const { http, refusal } = rowOf(reason);
  return refusal === true ? http : 200;
}

/** A2A 0.3 §8: the two errors that only 1.0 knows are unsupported operations there. */
function legacyCode(reason: ErrorReason): number {
  switch (reason) {
    case "EXTENSION_SUPPORT_REQUIRED":
    case "VERSION_NOT_SUPPORTED":
      return ERRORS.UNSUPPORTED_OPERATION.jsonRpc;
    default:
      return ERRORS[reason].jsonRpc;
  }
}

/** A2A 0.3 §8: `{ code, message, data }` over JSON-RPC and as a REST body. `data` is free-form; ours names the reason. */
export function toLegacyError(error: A2AError): JsonRpcError {
  const { reason, message, metadata, violations, retryAfterSeconds } = error;
  return {
    code: legacyCode(reason),
    message,
    data: {
      reason,
      ...(Object.keys(metadata).length === 0 ? {} : { metadata }),
      ...(violations.length === 0 ? {} : { fieldViolations: violations }),
      ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
    },
  };
}

/** The HTTP status of an A2A 0.3 REST error: 0.3 has no table, its SDKs answer 409 for a task that cannot be cancelled. */
export function legacyHttpStatus(reason: ErrorReason): number {
  return httpStatus(reason, reason === "TASK_NOT_CANCELABLE" ? "1.0.0" : "1.0.1");
}

/** A peer's JSON-RPC error, of either generation. What is no error object at all is INVALID_AGENT_RESPONSE. */
export function fromJsonRpcError(raw: unknown): A2AError {
  if (!isRecord(raw) || typeof raw.code !== "number") {
    return new A2AError("INVALID_AGENT_RESPONSE", "Cannot read a peer's error: it is no JSON-RPC error object");
  }
  const known = readDetails(raw.data);
  return new A2AError(known.reason ?? reasonOfCode(raw.code), textOf(raw.message, `code ${raw.code}`), known);
}

/** A peer's REST error of either generation: google.rpc.Status JSON, `{ code, message, data }`, or a bare HTTP status. */
export function fromRestError(status: number, body: unknown): A2AError {
  const error = isRecord(body) && isRecord(body.error) ? body.error : body;
  if (!isRecord(error)) {
    // Without a word of A2A, 404 is not about a task: there is nobody at this URL.
    const reason = status === 404 ? "AGENT_NOT_FOUND" : reasonOfHttp(status);
    return new A2AError(reason, `The peer answered HTTP ${status}`);
  }
  const known = readDetails(error.details ?? error.data);
  const reason = known.reason ?? (isA2ACode(error.code) ? reasonOfCode(error.code) : reasonOfHttp(status));
  return new A2AError(reason, textOf(error.message, `HTTP ${status}`), known);
}

/** How a call of gRPC failed; `details` are those of google.rpc.Status as ProtoJSON. */
export interface GrpcFailure {
  readonly status: GrpcStatus;
  readonly message: string;
  readonly details: unknown;
}

/** A peer's gRPC error of either generation. */
export function fromGrpcError({ status, message, details }: GrpcFailure): A2AError {
  const known = readDetails(details);
  const reason = known.reason ?? reasonInText(message) ?? REASON_OF_GRPC[status];
  return new A2AError(reason, textOf(message, `gRPC ${status}`), known);
}

/** Servers of 0.3 have no details; that of the Python SDK begins its messages with the error's name. */
function reasonInText(message: string): ErrorReason | undefined {
  const [, name = ""] = /^([A-Za-z]+)Error\b/.exec(message) ?? [];
  const reason = name.replace(/(?<=[a-z])(?=[A-Z])/g, "_").toUpperCase();
  return isErrorReason(reason) ? reason : undefined;
}

/** The statuses that A2A gives to many errors say the one that a client can best act on. */
const REASON_OF_GRPC: Readonly<Record<GrpcStatus, ErrorReason>> = {
  OK: "INVALID_AGENT_RESPONSE",
  CANCELLED: "UNAVAILABLE",
  UNKNOWN: "INTERNAL",
  INVALID_ARGUMENT: "INVALID_PARAMS",
  DEADLINE_EXCEEDED: "REQUEST_TIMEOUT",
  NOT_FOUND: "TASK_NOT_FOUND",
  ALREADY_EXISTS: "INVALID_REQUEST",
  PERMISSION_DENIED: "PERMISSION_DENIED",
  RESOURCE_EXHAUSTED: "RATE_LIMITED",
  FAILED_PRECONDITION: "UNSUPPORTED_OPERATION",
  ABORTED: "INTERNAL",
  OUT_OF_RANGE: "INVALID_PARAMS",
  UNIMPLEMENTED: "UNSUPPORTED_OPERATION",
  INTERNAL: "INTERNAL",
  UNAVAILABLE: "UNAVAILABLE",
  DATA_LOSS: "INTERNAL",
  UNAUTHENTICATED: "UNAUTHENTICATED",
};

interface Details {
  reason?: ErrorReason;
  violations?: FieldViolation[];
  metadata?: Record<string, string>;
  retryAfterSeconds?: number;
}

function readDetails(data: unknown): Details {
  if (isRecord(data)) return { ...readInfo(data), ...readBadRequest(data), ...readSeconds(data.retryAfterSeconds) };
  if (!Array.isArray(data)) return {};
  return data.filter(isRecord).reduce<Details>((known, detail) => ({ ...known, ...readDetail(detail) }), {});
}

function readDetail(detail: Record<string, unknown>): Details {
  switch (detail["@type"]) {
    case ERROR_INFO:
      return readInfo(detail);
    case BAD_REQUEST:
      return readBadRequest(detail);
    case RETRY_INFO:
      return typeof detail.retryDelay === "string" ? readSeconds(parseFloat(detail.retryDelay)) : {};
    default:
      return {};
  }
}

function readInfo({ reason, metadata }: Record<string, unknown>): Details {
  return {
    ...(typeof reason === "string" && isErrorReason(reason) ? { reason } : {}),
    ...(isRecord(metadata) ? { metadata: textMembers(metadata) } : {}),
  };
}

function readBadRequest({ fieldViolations }: Record<string, unknown>): Details {
  if (!Array.isArray(fieldViolations)) return {};
  const violations = fieldViolations.filter(isRecord).map(({ field, description }) => ({
    field: typeof field === "string" ? field : "",
    description: typeof description === "string" ? description : "",
  }));
  return { violations };
}

function readSeconds(seconds: unknown): Details {
  return typeof seconds === "number" && seconds >= 0 ? { retryAfterSeconds: seconds } : {};
}

function textMembers(record: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(record).flatMap(([name, value]): [string, string][] =>
      typeof value === "string" ? [[name, value]] : []
    ),
  );
}

function textOf(message: unknown, otherwise: string): string {
  return typeof message === "string" && message !== "" ? message : `The peer answered an error: ${otherwise}`;
}

function isA2ACode(code: unknown): code is number {
  return typeof code === "number" && code < 0;
}

/** Several reasons share a JSON-RPC code; the first in the table is the one that A2A or JSON-RPC names for it. */
const REASON_OF_CODE: ReadonlyMap<number, ErrorReason> = firstOf(({ jsonRpc }) => jsonRpc);

/** HTTP 400 says no more than that the request was wrong; 401, 403, 404 … say which. */
const REASON_OF_HTTP: ReadonlyMap<number, ErrorReason> = new Map([
  [400, "INVALID_PARAMS"],
  [401, "UNAUTHENTICATED"],
  [403, "PERMISSION_DENIED"],
  [404, "TASK_NOT_FOUND"],
  [405, "METHOD_NOT_ALLOWED"],
  [408, "REQUEST_TIMEOUT"],
  [409, "TASK_NOT_CANCELABLE"],
  [413, "PAYLOAD_TOO_LARGE"],
  [415, "UNSUPPORTED_MEDIA_TYPE"],
  [429, "RATE_LIMITED"],
  [502, "INVALID_AGENT_RESPONSE"],
  [503, "UNAVAILABLE"],
  [504, "UNAVAILABLE"],
]);

function firstOf(keyOf: (row: { readonly jsonRpc: number }) => number): Map<number, ErrorReason> {
  const first = new Map<number, ErrorReason>();
  for (const reason of Object.keys(ERRORS).filter(isErrorReason)) {
    const key = keyOf(ERRORS[reason]);
    if (!first.has(key)) first.set(key, reason);
  }
  return first;
}

function reasonOfCode(code: number): ErrorReason {
  return REASON_OF_CODE.get(code) ?? "INTERNAL";
}

function reasonOfHttp(status: number): ErrorReason {
  return REASON_OF_HTTP.get(status) ?? (status >= 400 && status < 500 ? "INVALID_REQUEST" : "INTERNAL");
}
