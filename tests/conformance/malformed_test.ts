import assert from "node:assert/strict";
import { ENVELOPE_ROWS, messageOf, methodOf, type RpcRow } from "./malformed/rpc_rows.ts";
import { PARAM_ROWS } from "./malformed/param_rows.ts";
import { REST_ROWS } from "./malformed/rest_rows.ts";
import { goodCall, GRPC_ROWS } from "./malformed/grpc_rows.ts";
import { type Live, openLive } from "./scenarios/live_server.ts";
import { isRecord, reasonIn, type Version } from "./scenarios/peer.ts";
import { grpcLine, http, type RawRequest, socketLine } from "./scenarios/raw.ts";

/* What peers send that is wrong: each is told what, nothing breaks, and the next request is answered. */

const VERSIONS: readonly Version[] = ["1.0", "0.3"];

/** One server for all: what one request did to it would show in the next. */
let live: Live;
Deno.test.beforeAll(() => {
  live = openLive({ push: true, bindings: { body: { maxBytes: 50_000, timeoutMs: 60_000 } } });
});
Deno.test.afterAll(async () => await live[Symbol.asyncDispose]());

/** What an answer says: the reason of its error, "ok" for a result. */
function verdictOf(answer: unknown): string {
  if (!isRecord(answer)) return `no answer: ${JSON.stringify(answer)}`;
  const { error } = answer;
  if (!isRecord(error)) return "reason" in answer && "code" in answer ? `closed ${answer.code}` : "ok";
  return reasonIn(error.data ?? error.details) ?? `no reason: ${JSON.stringify(error)}`;
}

function expected({ verdict }: Pick<RpcRow, "verdict">, version: Version): string {
  return typeof verdict === "string" ? verdict : verdict[version];
}

function good(version: Version): string {
  const params = { message: messageOf(version) };
  return JSON.stringify({ jsonrpc: "2.0", id: "good", method: methodOf("send", version), params });
}

/** Prototypes are as they were, and nothing failed in a way that only a log knows. */
function unharmed(): void {
  assert.deepEqual(live.logged, []);
  assert.equal(Reflect.get({}, "polluted"), undefined);
}

for (const row of [...ENVELOPE_ROWS, ...PARAM_ROWS]) {
  for (const version of VERSIONS) {
    const verdict = expected(row, version);
    Deno.test(`JSON-RPC ${version}: ${row.name} is ${verdict}`, async () => {
      const { status, json } = await http(live, { body: row.text(version), version });
      assert.equal(verdictOf(json), verdict);
      assert.equal(status, 200);
      assert.equal(verdictOf((await http(live, { body: good(version), version })).json), "ok");
      unharmed();
    });

    Deno.test(`WebSocket ${version}: ${row.name} is ${verdict}, and the socket lives`, async () => {
      await using line = await socketLine(live, version);
      line.send(row.text(version));
      assert.equal(verdictOf(await line.next()), verdict);
      line.send(good(version));
      assert.equal(verdictOf(await line.next()), "ok");
      unharmed();
    });
  }
}

for (const row of REST_ROWS) {
  for (const version of VERSIONS) {
    const verdict = expected(row, version);
    Deno.test(`REST ${version}: ${row.name} is ${verdict}`, async () => {
      const { status, json } = await http(live, { version, ...row.request(version) });
      // 0.3 has its errors bare.
      const answer = isRecord(json) && "code" in json ? { error: json } : json;
      assert.equal(verdictOf(answer), verdict);
      assert.equal(status, row.status);
      unharmed();
    });
  }
}

for (const row of GRPC_ROWS) {
  for (const version of VERSIONS) {
    const wanted = typeof row.status === "number" ? row.status : row.status[version];
    Deno.test(`gRPC ${version}: ${row.name} is ${wanted}, and the connection lives`, async () => {
      await using line = await grpcLine(live);
      const { http, status, message } = await line.call(row.call(version));
      assert.equal(Number(wanted >= 200 ? http : status), wanted, message);
      assert.equal((await line.call(goodCall(version))).status, "0");
      unharmed();
    });
  }
}

/** Over HTTP, whatever JSON-RPC says: [what is wrong, the request, the reason, the HTTP status]. */
const POSTS: readonly (readonly [string, (version: Version) => RawRequest, reason: string, status: number])[] = [
  ["no body", () => ({}), "PARSE_ERROR", 200],
  ["an empty body", () => ({ body: "" }), "PARSE_ERROR", 200],
  ["bytes that are no UTF-8", () => ({ body: Uint8Array.of(0x22, 0xc3, 0x28, 0x22) }), "PARSE_ERROR", 200],
  ["an overlong slash", () => ({ body: Uint8Array.of(0x22, 0xc0, 0xaf, 0x22) }), "PARSE_ERROR", 200],
  ["half a character", () => ({ body: Uint8Array.of(0x22, 0xe2, 0x82) }), "PARSE_ERROR", 200],
  ["UTF-16", () => ({ body: Uint8Array.of(0xff, 0xfe, 0x7b, 0, 0x7d, 0) }), "PARSE_ERROR", 200],
  ["a byte order mark", (version) => ({ body: `\ufeff${good(version)}` }), "ok", 200],
  ["a body that is too large", () => ({ body: `"${"x".repeat(50_000)}"` }), "PAYLOAD_TOO_LARGE", 413],
  ["a large body of unknown length", () => ({ body: streamOf("x".repeat(60_000)) }), "PAYLOAD_TOO_LARGE", 413],
  ["a form", typed("application/x-www-form-urlencoded"), "UNSUPPORTED_MEDIA_TYPE", 415],
  ["plain text", typed("text/plain"), "UNSUPPORTED_MEDIA_TYPE", 415],
  ["another charset", typed("application/json; charset=latin1"), "UNSUPPORTED_MEDIA_TYPE", 415],
  ["JSON by another name", typed("application/vnd.api+json;charset=utf-8"), "ok", 200],
  [
    "a packed body",
    (version) => ({ body: good(version), headers: { "content-encoding": "gzip" } }),
    "UNSUPPORTED_MEDIA_TYPE",
    415,
  ],
  [
    "a version of words",
    (version) => ({ body: good(version), headers: { "a2a-version": "newest" } }),
    "VERSION_NOT_SUPPORTED",
    200,
  ],
  [
    "a version to come",
    (version) => ({ body: good(version), headers: { "a2a-version": "99.0" } }),
    "VERSION_NOT_SUPPORTED",
    200,
  ],
  [
    "a version named __proto__",
    (version) => ({ body: good(version), headers: { "a2a-version": "__proto__" } }),
    "VERSION_NOT_SUPPORTED",
    200,
  ],
  [
    "extensions of nobody",
    (version) => ({ body: good(version), headers: { "a2a-extensions": ",, ,urn:x,\t" } }),
    "ok",
    200,
  ],
  ["a place of words", (version) => ({ body: good(version), headers: { "last-event-id": "newest" } }), "ok", 200],
  ["an agent of nobody", (version) => ({ body: good(version), path: "x" }), "AGENT_NOT_FOUND", 404],
];

function typed(type: string) {
  return (version: Version): RawRequest => ({ body: good(version), headers: { "content-type": type } });
}

function streamOf(text: string): ReadableStream<Uint8Array<ArrayBuffer>> {
  return new Blob([text]).stream();
}

for (const [name, request, reason, status] of POSTS) {
  for (const version of VERSIONS) {
    Deno.test(`JSON-RPC ${version}: ${name} is ${reason}`, async () => {
      const answer = await http(live, { version, ...request(version) });
      assert.equal(verdictOf(answer.json), reason);
      assert.equal(answer.status, status);
      assert.equal(verdictOf((await http(live, { body: good(version), version })).json), "ok");
      unharmed();
    });
  }
}

for (const method of ["GET", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"]) {
  Deno.test(`${method} on an agent is no request of A2A and no failure`, async () => {
    const { status } = await http(live, { method, ...(method === "PUT" ? { body: good("1.0") } : {}) });
    assert.ok(status < 500, `${status}`);
    unharmed();
  });
}

/** What closes a socket: [what is sent, with which code]. */
const CLOSING: readonly (readonly [string, () => string | Uint8Array<ArrayBuffer>, number])[] = [
  ["bytes", () => Uint8Array.of(1, 2, 3), 1003],
  ["bytes that are JSON", () => new TextEncoder().encode("{}"), 1003],
  ["a frame that is too large", () => `"${"x".repeat(50_001)}"`, 1009],
  ["a frame whose bytes are too many", () => `"${"漢".repeat(20_000)}"`, 1009],
];
for (const [name, frame, code] of CLOSING) {
  Deno.test(`WebSocket: ${name} closes it with ${code}`, async () => {
    await using line = await socketLine(live);
    line.send(frame());
    assert.equal((await line.next() as { code: number }).code, code);
    unharmed();
  });
}

for (const version of VERSIONS) {
  Deno.test(`${version}: a body that never ends is REQUEST_TIMEOUT, over JSON-RPC and REST`, async () => {
    await using slow = openLive({ bindings: { body: { maxBytes: 50_000, timeoutMs: 30 } } });
    for (const path of ["", version === "1.0" ? "/message:send" : "/v1/message:send"]) {
      let end = () => {};
      const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
        start: (controller) => {
          controller.enqueue(new TextEncoder().encode('{"jsonrpc":'));
          end = () => controller.close();
        },
      });
      const answer = await http(slow, { path, version, body }).finally(() => end());
      assert.equal(answer.status, 408);
    }
    assert.deepEqual(slow.logged, []);
  });
}
