import assert from "node:assert/strict";
import { A2AError, type ErrorReason, ERRORS, GRPC_CODES, isErrorReason, rowOf } from "../../src/a2a/errors.ts";
import { SendMessageRequest } from "../../src/a2a/types.ts";

/** A2A v1 §5.4 as it stands there: [error, JSON-RPC, gRPC, HTTP, in 1.0.0 gRPC, in 1.0.0 HTTP]. */
const TABLE: readonly (readonly [string, number, string, number, string?, number?])[] = [
  ["TaskNotFoundError", -32001, "NOT_FOUND", 404],
  ["TaskNotCancelableError", -32002, "FAILED_PRECONDITION", 400, "FAILED_PRECONDITION", 409],
  ["PushNotificationNotSupportedError", -32003, "FAILED_PRECONDITION", 400, "UNIMPLEMENTED", 400],
  ["UnsupportedOperationError", -32004, "FAILED_PRECONDITION", 400, "UNIMPLEMENTED", 400],
  ["ContentTypeNotSupportedError", -32005, "INVALID_ARGUMENT", 400, "INVALID_ARGUMENT", 415],
  ["InvalidAgentResponseError", -32006, "INTERNAL", 500, "INTERNAL", 502],
  ["ExtendedAgentCardNotConfiguredError", -32007, "FAILED_PRECONDITION", 400],
  ["ExtensionSupportRequiredError", -32008, "FAILED_PRECONDITION", 400],
  ["VersionNotSupportedError", -32009, "FAILED_PRECONDITION", 400, "UNIMPLEMENTED", 400],
];

/** The rest of the table: [reason, JSON-RPC, gRPC, HTTP]. */
const STANDARD: readonly (readonly [ErrorReason, number, string, number])[] = [
  ["PARSE_ERROR", -32700, "INVALID_ARGUMENT", 400],
  ["INVALID_REQUEST", -32600, "INVALID_ARGUMENT", 400],
  ["METHOD_NOT_FOUND", -32601, "UNIMPLEMENTED", 404],
  ["METHOD_NOT_ALLOWED", -32601, "UNIMPLEMENTED", 405],
  ["INVALID_PARAMS", -32602, "INVALID_ARGUMENT", 400],
  ["INTERNAL", -32603, "INTERNAL", 500],
  ["UNAUTHENTICATED", -32600, "UNAUTHENTICATED", 401],
  ["PERMISSION_DENIED", -32600, "PERMISSION_DENIED", 403],
  ["RATE_LIMITED", -32603, "RESOURCE_EXHAUSTED", 429],
  ["UNAVAILABLE", -32603, "UNAVAILABLE", 503],
  ["AGENT_NOT_FOUND", -32602, "NOT_FOUND", 404],
  ["SESSION_NOT_FOUND", -32001, "NOT_FOUND", 404],
  ["UNSUPPORTED_MEDIA_TYPE", -32005, "INVALID_ARGUMENT", 415],
  ["REQUEST_TIMEOUT", -32600, "DEADLINE_EXCEEDED", 408],
  ["PAYLOAD_TOO_LARGE", -32600, "RESOURCE_EXHAUSTED", 413],
];

/** The reason is the error's name in UPPER_SNAKE_CASE without "Error". */
function reasonOf(error: string): string {
  return error.replace(/Error$/, "").replace(/(?<=[a-z])[A-Z]/g, "_$&").toUpperCase();
}

for (const [error, jsonRpc, grpc, http, grpc100, http100] of TABLE) {
  Deno.test(`ERRORS has ${error} as A2A §5.4 has it`, () => {
    const reason = reasonOf(error);
    assert.ok(isErrorReason(reason), reason);
    const row = rowOf(reason);
    assert.deepEqual([row.jsonRpc, row.grpc, row.http], [jsonRpc, grpc, http]);
    assert.deepEqual([row.v1_0_0?.grpc ?? row.grpc, row.v1_0_0?.http ?? row.http], [grpc100 ?? grpc, http100 ?? http]);
    assert.equal(row.refusal, undefined, "A2A's own errors travel as 200 over JSON-RPC");
  });
}

for (const [reason, jsonRpc, grpc, http] of STANDARD) {
  Deno.test(`ERRORS has ${reason}`, () => {
    const row = rowOf(reason);
    assert.deepEqual([row.jsonRpc, row.grpc, row.http], [jsonRpc, grpc, http]);
    assert.ok(row.grpc in GRPC_CODES);
  });
}

Deno.test("ERRORS holds nothing that these tables do not name", () => {
  const named = [...TABLE.map(([error]) => reasonOf(error)), ...STANDARD.map(([reason]) => reason)];
  assert.deepEqual(Object.keys(ERRORS).sort(), named.sort());
});

Deno.test("isErrorReason() knows no inherited names", () => {
  assert.equal(isErrorReason("INTERNAL"), true);
  for (const name of ["constructor", "__proto__", "toString", "internal", ""]) assert.equal(isErrorReason(name), false);
});

Deno.test("A2AError.from() leaves an A2AError as it is", () => {
  const error = new A2AError("TASK_NOT_FOUND", "No such task");
  assert.equal(A2AError.from(error), error);
});

Deno.test("A2AError.from() tells strangers nothing of what it does not know", () => {
  const cause = new Error("password is hunter2");
  const error = A2AError.from(cause);
  assert.deepEqual([error.reason, error.message, error.cause], ["INTERNAL", "Internal error", cause]);
  assert.equal(A2AError.from("thrown text").reason, "INTERNAL");
});

Deno.test("A2AError.from() makes a schema's complaint INVALID_PARAMS with every field", () => {
  const { error: complaint } = SendMessageRequest.safeParse({ message: { role: "boss", parts: [{ text: 1 }] } });
  const error = A2AError.from(complaint);
  assert.equal(error.reason, "INVALID_PARAMS");
  assert.deepEqual(error.violations, [
    { field: "message.messageId", description: "is required" },
    { field: "message.role", description: "expected one of ROLE_USER, ROLE_AGENT" },
    { field: "message.parts.0.text", description: "expected string, received number" },
  ]);
  assert.equal(
    error.message,
    "Invalid parameters: message.messageId: is required; message.role: expected one of ROLE_USER, ROLE_AGENT; " +
      "message.parts.0.text: expected string, received number",
  );
});
