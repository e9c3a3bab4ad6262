import { z } from "zod";

/** The status codes of gRPC that hector answers with (https://grpc.github.io/grpc/core/md_doc_statuscodes.html). */
export const GRPC_CODES = {
  CANCELLED: 1,
  INVALID_ARGUMENT: 3,
  DEADLINE_EXCEEDED: 4,
  NOT_FOUND: 5,
  PERMISSION_DENIED: 7,
  RESOURCE_EXHAUSTED: 8,
  FAILED_PRECONDITION: 9,
  UNIMPLEMENTED: 12,
  INTERNAL: 13,
  UNAVAILABLE: 14,
  UNAUTHENTICATED: 16,
} as const;
export type GrpcCode = keyof typeof GRPC_CODES;

/** How one error reads on each binding. */
export interface ErrorRow {
  readonly jsonRpc: number;
  readonly grpc: GrpcCode;
  readonly http: number;
  /** What the table of A2A 1.0.0 said where 1.0.1 differs. */
  readonly v1_0_0?: { readonly grpc?: GrpcCode; readonly http?: number };
  /** HTTP itself refuses the request: the status stands over JSON-RPC, too, where errors otherwise travel as 200. */
  readonly refusal?: true;
}

/** A2A v1 §5.4, and below it what JSON-RPC 2.0 and HTTP add. The key is the `reason` of google.rpc.ErrorInfo. */
export const ERRORS = {
  TASK_NOT_FOUND: { jsonRpc: -32001, grpc: "NOT_FOUND", http: 404 },
  TASK_NOT_CANCELABLE: { jsonRpc: -32002, grpc: "FAILED_PRECONDITION", http: 400, v1_0_0: { http: 409 } },
  PUSH_NOTIFICATION_NOT_SUPPORTED: {
    jsonRpc: -32003,
    grpc: "FAILED_PRECONDITION",
    http: 400,
    v1_0_0: { grpc: "UNIMPLEMENTED" },
  },
  UNSUPPORTED_OPERATION: {
    jsonRpc: -32004,
    grpc: "FAILED_PRECONDITION",
    http: 400,
    v1_0_0: { grpc: "UNIMPLEMENTED" },
  },
  CONTENT_TYPE_NOT_SUPPORTED: { jsonRpc: -32005, grpc: "INVALID_ARGUMENT", http: 400, v1_0_0: { http: 415 } },
  INVALID_AGENT_RESPONSE: { jsonRpc: -32006, grpc: "INTERNAL", http: 500, v1_0_0: { http: 502 } },
  EXTENDED_AGENT_CARD_NOT_CONFIGURED: { jsonRpc: -32007, grpc: "FAILED_PRECONDITION", http: 400 },
  EXTENSION_SUPPORT_REQUIRED: { jsonRpc: -32008, grpc: "FAILED_PRECONDITION", http: 400 },
  VERSION_NOT_SUPPORTED: {
    jsonRpc: -32009,
    grpc: "FAILED_PRECONDITION",
    http: 400,
    v1_0_0: { grpc: "UNIMPLEMENTED" },
  },
  PARSE_ERROR: { jsonRpc: -32700, grpc: "INVALID_ARGUMENT", http: 400 },
  INVALID_REQUEST: { jsonRpc: -32600, grpc: "INVALID_ARGUMENT", http: 400 },
  METHOD_NOT_FOUND: { jsonRpc: -32601, grpc: "UNIMPLEMENTED", http: 404 },
  INVALID_PARAMS: { jsonRpc: -32602, grpc: "INVALID_ARGUMENT", http: 400 },
  INTERNAL: { jsonRpc: -32603, grpc: "INTERNAL", http: 500 },
  AGENT_NOT_FOUND: { jsonRpc: -32602, grpc: "NOT_FOUND", http: 404, refusal: true },
  SESSION_NOT_FOUND: { jsonRpc: -32001, grpc: "NOT_FOUND", http: 404 },
  UNSUPPORTED_MEDIA_TYPE: { jsonRpc: -32005, grpc: "INVALID_ARGUMENT", http: 415, refusal: true },
  METHOD_NOT_ALLOWED: { jsonRpc: -32601, grpc: "UNIMPLEMENTED", http: 405, refusal: true },
  REQUEST_TIMEOUT: { jsonRpc: -32600, grpc: "DEADLINE_EXCEEDED", http: 408, refusal: true },
  PAYLOAD_TOO_LARGE: { jsonRpc: -32600, grpc: "RESOURCE_EXHAUSTED", http: 413, refusal: true },
  UNAUTHENTICATED: { jsonRpc: -32600, grpc: "UNAUTHENTICATED", http: 401, refusal: true },
  PERMISSION_DENIED: { jsonRpc: -32600, grpc: "PERMISSION_DENIED", http: 403, refusal: true },
  RATE_LIMITED: { jsonRpc: -32603, grpc: "RESOURCE_EXHAUSTED", http: 429, refusal: true },
  UNAVAILABLE: { jsonRpc: -32603, grpc: "UNAVAILABLE", http: 503, refusal: true },
} as const satisfies Record<string, ErrorRow>;
export type ErrorReason = keyof typeof ERRORS;

export function isErrorReason(text: string): text is ErrorReason {
  return Object.hasOwn(ERRORS, text);
}

/** A reason's row with the columns that only some rows have. */
export function rowOf(reason: ErrorReason): ErrorRow {
  return ERRORS[reason];
}

/** One broken field: its path in A2A's own camelCase names (`message.parts.0.text`) and what is wrong with it. */
export interface FieldViolation {
  readonly field: string;
  readonly description: string;
}

export interface A2AErrorOptions {
  readonly cause?: unknown;
  /** For INVALID_PARAMS: becomes google.rpc.BadRequest. */
  readonly violations?: readonly FieldViolation[];
  /** Facts for the peer, as google.rpc.ErrorInfo.metadata. Never secrets, never paths of this machine. */
  readonly metadata?: Readonly<Record<string, string>>;
  readonly retryAfterSeconds?: number;
}

/** The one error that leaves hector over A2A. `message` is for the peer; `cause` is for the log. */
export class A2AError extends Error {
  override readonly name = "A2AError";
  readonly violations: readonly FieldViolation[];
  readonly metadata: Readonly<Record<string, string>>;
  readonly retryAfterSeconds: number | undefined;

  constructor(readonly reason: ErrorReason, message: string, options: A2AErrorOptions = {}) {
    super(message, { cause: options.cause });
    this.violations = options.violations ?? [];
    this.metadata = options.metadata ?? {};
    this.retryAfterSeconds = options.retryAfterSeconds;
  }

  /** What a stranger may know of `thrown`: an A2AError as it is, a schema's complaint as INVALID_PARAMS, else INTERNAL. */
  static from(thrown: unknown): A2AError {
    if (thrown instanceof A2AError) return thrown;
    if (thrown instanceof z.ZodError) return invalidParams(thrown);
    return new A2AError("INTERNAL", "Internal error", { cause: thrown });
  }
}

function invalidParams(error: z.ZodError): A2AError {
  const violations = error.issues.map((issue) => ({ field: issue.path.join("."), description: describe(issue) }));
  const text = violations.map(({ field, description }) => field === "" ? description : `${field}: ${description}`);
  return new A2AError("INVALID_PARAMS", `Invalid parameters: ${text.join("; ")}`, { cause: error, violations });
}

function describe(issue: z.core.$ZodIssue): string {
  if (issue.code === "invalid_type" && issue.message.endsWith("received undefined")) return "is required";
  return issue.message.replace(/^Invalid (input|option): /, "");
}
