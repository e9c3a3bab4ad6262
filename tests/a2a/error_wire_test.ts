import assert from "node:assert/strict";
import {
  fromGrpcError,
  fromJsonRpcError,
  fromRestError,
  grpcStatus,
  httpStatus,
  jsonRpcStatus,
  legacyHttpStatus,
  type Profile,
  toGrpcDetails,
  toJsonRpcError,
  toLegacyError,
  toRestError,
} from "../../src/a2a/error_wire.ts";
import type { GrpcStatus } from "../../src/lib/grpc/grpc_status.ts";
import { A2AError, type ErrorReason, ERRORS, isErrorReason } from "../../src/a2a/errors.ts";

const REASONS = Object.keys(ERRORS).filter(isErrorReason);
const FULL = new A2AError("INVALID_PARAMS", "Invalid parameters: message.parts: at least one part", {
  violations: [{ field: "message.parts", description: "at least one part" }],
  metadata: { agent: "analyst" },
  retryAfterSeconds: 3,
});
const DETAILS = [
  {
    "@type": "type.googleapis.com/google.rpc.ErrorInfo",
    reason: "INVALID_PARAMS",
    domain: "a2a-protocol.org",
    metadata: { agent: "analyst" },
  },
  {
    "@type": "type.googleapis.com/google.rpc.BadRequest",
    fieldViolations: [{ field: "message.parts", description: "at least one part" }],
  },
  { "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay: "3s" },
];

Deno.test("toJsonRpcError() gives data as an array of typed details (A2A v1 §9.5)", () => {
  assert.deepEqual(toJsonRpcError(FULL), { code: -32602, message: FULL.message, data: DETAILS });
  assert.deepEqual(toJsonRpcError(new A2AError("TASK_NOT_FOUND", "No")), {
    code: -32001,
    message: "No",
    data: [{
      "@type": "type.googleapis.com/google.rpc.ErrorInfo",
      reason: "TASK_NOT_FOUND",
      domain: "a2a-protocol.org",
      metadata: {},
    }],
  });
});

Deno.test("toRestError() gives google.rpc.Status (A2A v1 §11.6)", () => {
  assert.deepEqual(toRestError(FULL, "1.0.1"), {
    error: { code: 400, status: "INVALID_ARGUMENT", message: FULL.message, details: DETAILS },
  });
});

/** [reason, profile, HTTP, gRPC]: where the two tables differ. */
const PROFILES: readonly (readonly [ErrorReason, Profile, number, string])[] = [
  ["TASK_NOT_CANCELABLE", "1.0.1", 400, "FAILED_PRECONDITION"],
  ["TASK_NOT_CANCELABLE", "1.0.0", 409, "FAILED_PRECONDITION"],
  ["CONTENT_TYPE_NOT_SUPPORTED", "1.0.1", 400, "INVALID_ARGUMENT"],
  ["CONTENT_TYPE_NOT_SUPPORTED", "1.0.0", 415, "INVALID_ARGUMENT"],
  ["INVALID_AGENT_RESPONSE", "1.0.0", 502, "INTERNAL"],
  ["PUSH_NOTIFICATION_NOT_SUPPORTED", "1.0.1", 400, "FAILED_PRECONDITION"],
  ["PUSH_NOTIFICATION_NOT_SUPPORTED", "1.0.0", 400, "UNIMPLEMENTED"],
  ["VERSION_NOT_SUPPORTED", "1.0.0", 400, "UNIMPLEMENTED"],
  ["TASK_NOT_FOUND", "1.0.0", 404, "NOT_FOUND"],
];

for (const [reason, profile, http, grpc] of PROFILES) {
  Deno.test(`httpStatus() and grpcStatus() say ${http} ${grpc} for ${reason} under ${profile}`, () => {
    assert.deepEqual([httpStatus(reason, profile), grpcStatus(reason, profile)], [http, grpc]);
    const body = toRestError(new A2AError(reason, "No"), profile);
    assert.match(JSON.stringify(body), new RegExp(`"code":${http},"status":"${grpc}"`));
  });
}

const RPC_STATUS: readonly (readonly [ErrorReason, number])[] = [
  ["TASK_NOT_FOUND", 200],
  ["INVALID_PARAMS", 200],
  ["PARSE_ERROR", 200],
  ["INTERNAL", 200],
  ["UNAUTHENTICATED", 401],
  ["PERMISSION_DENIED", 403],
  ["AGENT_NOT_FOUND", 404],
  ["METHOD_NOT_ALLOWED", 405],
  ["PAYLOAD_TOO_LARGE", 413],
  ["UNSUPPORTED_MEDIA_TYPE", 415],
  ["RATE_LIMITED", 429],
  ["UNAVAILABLE", 503],
];
for (const [reason, status] of RPC_STATUS) {
  Deno.test(`jsonRpcStatus() is ${status} for ${reason}`, () => assert.equal(jsonRpcStatus(reason), status));
}

Deno.test("toLegacyError() maps the errors that only 1.0 has to one that 0.3 has", () => {
  for (const reason of ["EXTENSION_SUPPORT_REQUIRED", "VERSION_NOT_SUPPORTED"] as const) {
    assert.deepEqual(toLegacyError(new A2AError(reason, "No")), { code: -32004, message: "No", data: { reason } });
  }
  for (const reason of REASONS) {
    const { code } = toLegacyError(new A2AError(reason, "No"));
    assert.ok(code >= -32007 || code <= -32600, `${reason} is ${code}, which 0.3 does not know`);
  }
});

Deno.test("legacyHttpStatus() is 409 for a task that cannot be cancelled, else 1.0.1's", () => {
  assert.equal(legacyHttpStatus("TASK_NOT_CANCELABLE"), 409);
  assert.equal(legacyHttpStatus("CONTENT_TYPE_NOT_SUPPORTED"), 400);
  assert.equal(legacyHttpStatus("UNAUTHENTICATED"), 401);
});

for (const reason of REASONS) {
  Deno.test(`${reason} comes back as itself from every form of its own`, () => {
    const error = new A2AError(reason, "No", {
      metadata: { a: "b" },
      violations: [{ field: "f", description: "d" }],
      retryAfterSeconds: 1.5,
    });
    const status = httpStatus(reason, "1.0.1");
    const forms = [
      fromJsonRpcError(JSON.parse(JSON.stringify(toJsonRpcError(error)))),
      fromJsonRpcError(JSON.parse(JSON.stringify(toLegacyError(error)))),
      fromRestError(status, JSON.parse(JSON.stringify(toRestError(error, "1.0.1")))),
      fromRestError(legacyHttpStatus(reason), JSON.parse(JSON.stringify(toLegacyError(error)))),
    ];
    for (const read of forms) {
      assert.deepEqual(
        [read.reason, read.message, read.metadata, read.violations, read.retryAfterSeconds],
        [reason, "No", { a: "b" }, [{ field: "f", description: "d" }], 1.5],
      );
    }
  });
}

/** Errors of peers that say less than ours: [raw, reason, message]. */
const BARE_RPC: readonly (readonly [unknown, ErrorReason, RegExp])[] = [
  [{ code: -32001, message: "Task not found" }, "TASK_NOT_FOUND", /^Task not found$/],
  [{ code: -32009, message: "x", data: null }, "VERSION_NOT_SUPPORTED", /x/],
  [{ code: -32602, message: "x", data: "free text" }, "INVALID_PARAMS", /x/],
  [{ code: -32600, message: "x", data: { reason: "constructor" } }, "INVALID_REQUEST", /x/],
  [{ code: -32603, message: "" }, "INTERNAL", /The peer answered an error: code -32603/],
  [{ code: -32050, message: "x" }, "INTERNAL", /x/],
  [
    { code: -32004, message: "x", data: [null, 5, { "@type": "urn:other", reason: "INTERNAL" }] },
    "UNSUPPORTED_OPERATION",
    /x/,
  ],
  [{ message: "no code" }, "INVALID_AGENT_RESPONSE", /no JSON-RPC error object/],
  ["boom", "INVALID_AGENT_RESPONSE", /no JSON-RPC error object/],
];
for (const [raw, reason, message] of BARE_RPC) {
  Deno.test(`fromJsonRpcError() reads ${JSON.stringify(raw)} as ${reason}`, () => {
    const error = fromJsonRpcError(raw);
    assert.equal(error.reason, reason);
    assert.match(error.message, message);
  });
}

const BARE_REST: readonly (readonly [number, unknown, ErrorReason, RegExp])[] = [
  [404, undefined, "AGENT_NOT_FOUND", /HTTP 404/],
  [404, { error: { status: "NOT_FOUND", message: "No task" } }, "TASK_NOT_FOUND", /^No task$/],
  [401, "<html>", "UNAUTHENTICATED", /HTTP 401/],
  [429, null, "RATE_LIMITED", /HTTP 429/],
  [418, {}, "INVALID_REQUEST", /HTTP 418/],
  [500, {}, "INTERNAL", /HTTP 500/],
  [502, "", "INVALID_AGENT_RESPONSE", /HTTP 502/],
  [400, { error: { code: 400, status: "INVALID_ARGUMENT", message: "Bad" } }, "INVALID_PARAMS", /^Bad$/],
  [400, { code: -32004, message: "Cannot" }, "UNSUPPORTED_OPERATION", /^Cannot$/],
  [409, { code: -32002, message: "Done", data: {} }, "TASK_NOT_CANCELABLE", /^Done$/],
];
for (const [status, body, reason, message] of BARE_REST) {
  Deno.test(`fromRestError() reads HTTP ${status} ${JSON.stringify(body)} as ${reason}`, () => {
    const error = fromRestError(status, body);
    assert.equal(error.reason, reason);
    assert.match(error.message, message);
  });
}

const GRPC: readonly (readonly [status: GrpcStatus, message: string, details: unknown, reason: ErrorReason])[] = [
  ["NOT_FOUND", "No", undefined, "TASK_NOT_FOUND"],
  ["FAILED_PRECONDITION", "No", undefined, "UNSUPPORTED_OPERATION"],
  ["UNIMPLEMENTED", "TaskNotCancelableError: it is over", undefined, "TASK_NOT_CANCELABLE"],
  ["INVALID_ARGUMENT", "ContentTypeNotSupportedError", [], "CONTENT_TYPE_NOT_SUPPORTED"],
  ["INTERNAL", "SomethingElseError: no", undefined, "INTERNAL"],
  ["DEADLINE_EXCEEDED", "", undefined, "REQUEST_TIMEOUT"],
  ["CANCELLED", "", undefined, "UNAVAILABLE"],
  ["RESOURCE_EXHAUSTED", "", undefined, "RATE_LIMITED"],
  ["UNAUTHENTICATED", "", undefined, "UNAUTHENTICATED"],
];
for (const [status, message, details, reason] of GRPC) {
  Deno.test(`fromGrpcError() makes ${reason} of ${status} ${JSON.stringify(message)}`, () => {
    const error = fromGrpcError({ status, message, details });
    assert.equal(error.reason, reason);
    assert.notEqual(error.message, "");
  });
}

for (const reason of Object.keys(ERRORS).filter(isErrorReason)) {
  Deno.test(`fromGrpcError() reads the details that toGrpcDetails() writes of ${reason}`, () => {
    const error = new A2AError(reason, "Because", { metadata: { a: "b" }, retryAfterSeconds: 3 });
    const read = fromGrpcError({ status: "UNKNOWN", message: "Because", details: toGrpcDetails(error) });
    assert.deepEqual([read.reason, read.metadata, read.retryAfterSeconds], [reason, { a: "b" }, 3]);
  });
}
