import assert from "node:assert/strict";
import { A2AError, type ErrorReason, ERRORS } from "../../src/a2a/errors.ts";
import { loadCodec } from "../../src/a2a/proto/codec.ts";
import { openLive } from "./scenarios/live_server.ts";
import { framed, grpcLine, http, socketLine } from "./scenarios/raw.ts";

/* How each error reads on each binding in each version (A2A v1 §5.4, A2A 0.3 §8), written down a second time. */

interface Row {
  readonly reason: ErrorReason;
  /** JSON-RPC's code, and the HTTP status beside it. */
  readonly rpc: readonly [code: number, status: number];
  readonly rest: number;
  /** gRPC's code, and its name in REST. */
  readonly grpc: readonly [code: number, name: string];
  /** What 0.3 has otherwise. */
  readonly legacyCode?: number;
  readonly legacyRest?: number;
}

const INVALID = [3, "INVALID_ARGUMENT"] as const;
const PRECONDITION = [9, "FAILED_PRECONDITION"] as const;
const NOT_FOUND = [5, "NOT_FOUND"] as const;

const ROWS: readonly Row[] = [
  { reason: "TASK_NOT_FOUND", rpc: [-32001, 200], rest: 404, grpc: NOT_FOUND },
  { reason: "TASK_NOT_CANCELABLE", rpc: [-32002, 200], rest: 400, grpc: PRECONDITION, legacyRest: 409 },
  { reason: "PUSH_NOTIFICATION_NOT_SUPPORTED", rpc: [-32003, 200], rest: 400, grpc: PRECONDITION },
  { reason: "UNSUPPORTED_OPERATION", rpc: [-32004, 200], rest: 400, grpc: PRECONDITION },
  { reason: "CONTENT_TYPE_NOT_SUPPORTED", rpc: [-32005, 200], rest: 400, grpc: INVALID },
  { reason: "INVALID_AGENT_RESPONSE", rpc: [-32006, 200], rest: 500, grpc: [13, "INTERNAL"] },
  { reason: "EXTENDED_AGENT_CARD_NOT_CONFIGURED", rpc: [-32007, 200], rest: 400, grpc: PRECONDITION },
  { reason: "EXTENSION_SUPPORT_REQUIRED", rpc: [-32008, 200], rest: 400, grpc: PRECONDITION, legacyCode: -32004 },
  { reason: "VERSION_NOT_SUPPORTED", rpc: [-32009, 200], rest: 400, grpc: PRECONDITION, legacyCode: -32004 },
  { reason: "PARSE_ERROR", rpc: [-32700, 200], rest: 400, grpc: INVALID },
  { reason: "INVALID_REQUEST", rpc: [-32600, 200], rest: 400, grpc: INVALID },
  { reason: "METHOD_NOT_FOUND", rpc: [-32601, 200], rest: 404, grpc: [12, "UNIMPLEMENTED"] },
  { reason: "INVALID_PARAMS", rpc: [-32602, 200], rest: 400, grpc: INVALID },
  { reason: "INTERNAL", rpc: [-32603, 200], rest: 500, grpc: [13, "INTERNAL"] },
  { reason: "AGENT_NOT_FOUND", rpc: [-32602, 404], rest: 404, grpc: NOT_FOUND },
  { reason: "SESSION_NOT_FOUND", rpc: [-32001, 200], rest: 404, grpc: NOT_FOUND },
  { reason: "UNSUPPORTED_MEDIA_TYPE", rpc: [-32005, 415], rest: 415, grpc: INVALID },
  { reason: "METHOD_NOT_ALLOWED", rpc: [-32601, 405], rest: 405, grpc: [12, "UNIMPLEMENTED"] },
  { reason: "REQUEST_TIMEOUT", rpc: [-32600, 408], rest: 408, grpc: [4, "DEADLINE_EXCEEDED"] },
  { reason: "PAYLOAD_TOO_LARGE", rpc: [-32600, 413], rest: 413, grpc: [8, "RESOURCE_EXHAUSTED"] },
  { reason: "UNAUTHENTICATED", rpc: [-32600, 401], rest: 401, grpc: [16, "UNAUTHENTICATED"] },
  { reason: "PERMISSION_DENIED", rpc: [-32600, 403], rest: 403, grpc: [7, "PERMISSION_DENIED"] },
  { reason: "RATE_LIMITED", rpc: [-32603, 429], rest: 429, grpc: [8, "RESOURCE_EXHAUSTED"] },
  { reason: "UNAVAILABLE", rpc: [-32603, 503], rest: 503, grpc: [14, "UNAVAILABLE"] },
];

Deno.test("every error has its row", () => {
  assert.deepEqual(ROWS.map(({ reason }) => reason).sort(), Object.keys(ERRORS).sort());
});

/** What no header may hold as it stands. */
const MESSAGE = 'Cannot read "käse" 漢字:\r\n50 % of it';
const FIELDS = [{ field: "message.parts.0", description: "at least one part" }];
const METADATA = { limit: "5", words: "two words" };

function openRefusing(reason: ErrorReason) {
  const error = new A2AError(reason, MESSAGE, { violations: FIELDS, metadata: METADATA, retryAfterSeconds: 2.5 });
  return openLive({ over: { getTask: () => Promise.reject(error) } });
}

const TYPE = "type.googleapis.com/google.rpc";

function detailsOf(reason: string) {
  return [
    { "@type": `${TYPE}.ErrorInfo`, reason, domain: "a2a-protocol.org", metadata: METADATA },
    { "@type": `${TYPE}.BadRequest`, fieldViolations: FIELDS },
    { "@type": `${TYPE}.RetryInfo`, retryDelay: "2.5s" },
  ];
}

function legacyOf({ reason, rpc: [code], legacyCode = code }: Row) {
  const data = { reason, metadata: METADATA, fieldViolations: FIELDS, retryAfterSeconds: 2.5 };
  return { code: legacyCode, message: MESSAGE, data };
}

const rpc = (method: string) => JSON.stringify({ jsonrpc: "2.0", id: "a", method, params: { id: "t" } });

for (const row of ROWS) {
  const { reason, rpc: [code, status], rest, grpc: [grpcCode, grpcName], legacyRest = rest } = row;
  const error = { code, message: MESSAGE, data: detailsOf(reason) };

  Deno.test(`${reason} over JSON-RPC`, async () => {
    await using live = openRefusing(reason);
    const current = await http(live, { version: "1.0", body: rpc("GetTask") });
    assert.deepEqual([current.status, current.json], [status, { jsonrpc: "2.0", id: "a", error }]);
    assert.equal(current.headers.get("retry-after"), "3");
    const legacy = await http(live, { version: "0.3", body: rpc("tasks/get") });
    assert.deepEqual([legacy.status, legacy.json], [status, { jsonrpc: "2.0", id: "a", error: legacyOf(row) }]);
  });

  Deno.test(`${reason} over REST`, async () => {
    await using live = openRefusing(reason);
    const current = await http(live, { method: "GET", version: "1.0", path: "/tasks/t" });
    const told = { code: rest, status: grpcName, message: MESSAGE, details: detailsOf(reason) };
    assert.deepEqual([current.status, current.json], [rest, { error: told }]);
    assert.equal(current.headers.get("content-type"), "application/a2a+json");
    assert.equal(current.headers.get("retry-after"), "3");
    const legacy = await http(live, { method: "GET", version: "0.3", path: "/v1/tasks/t" });
    assert.deepEqual([legacy.status, legacy.json], [legacyRest, legacyOf(row)]);
  });

  Deno.test(`${reason} over gRPC`, async () => {
    await using live = openRefusing(reason);
    await using line = await grpcLine(live);
    for (const service of ["lf.a2a.v1.A2AService", "a2a.v1.A2AService"]) {
      const method = (await loadCodec()).methods(service).find(({ name }) => name === "GetTask");
      assert.ok(method);
      const data = framed(method.input.encode(service.startsWith("lf") ? { id: "t" } : { name: "tasks/t" }));
      const told = await line.call({ path: `/${service}/GetTask`, data });
      assert.deepEqual([told.http, told.status, told.message], ["200", `${grpcCode}`, MESSAGE]);
      assert.deepEqual(told.details, { code: grpcCode, message: MESSAGE, details: grpcDetails(reason) });
    }
  });

  Deno.test(`${reason} over a WebSocket`, async () => {
    await using live = openRefusing(reason);
    await using line = await socketLine(live, "1.0");
    line.send(rpc("GetTask"));
    assert.deepEqual(await line.next(), { jsonrpc: "2.0", id: "a", error });
    await using legacy = await socketLine(live, "0.3");
    legacy.send(rpc("tasks/get"));
    assert.deepEqual(await legacy.next(), { jsonrpc: "2.0", id: "a", error: legacyOf(row) });
  });
}

/** ProtoJSON prints three decimals of a duration's second. */
function grpcDetails(reason: string) {
  return detailsOf(reason).map((detail) => "retryDelay" in detail ? { ...detail, retryDelay: "2.500s" } : detail);
}
