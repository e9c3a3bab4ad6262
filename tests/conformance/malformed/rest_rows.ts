import type { Version } from "../scenarios/peer.ts";
import type { RawRequest } from "../scenarios/raw.ts";
import type { Verdict } from "./rpc_rows.ts";

/* Requests over HTTP+JSON that are wrong in one place each. */

export interface RestRow {
  readonly name: string;
  readonly request: (version: Version) => RawRequest;
  readonly verdict: Verdict | Readonly<Record<Version, Verdict>>;
  readonly status: number;
}

/** A message that nothing is wrong with: of 0.3, in the words of its proto. */
function messageOf(version: Version, over: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  const parts = [{ text: "hello" }];
  const content = version === "1.0" ? { parts } : { content: parts };
  return { messageId: crypto.randomUUID(), role: "ROLE_USER", ...content, ...over };
}

const below = (version: Version, path: string) => version === "1.0" ? path : `/v1${path}`;

type Row = readonly [name: string, verdict: RestRow["verdict"], status: number];

const LONG = "x".repeat(10_000);
const UTF16 = Uint8Array.from([0xff, 0xfe, 0x7b, 0, 0x7d, 0]);
const BROKEN = Uint8Array.from([...new TextEncoder().encode('{"message":"'), 0xc3, 0x28, 0x22, 0x7d]);

/** [what is wrong with the body of a message, the body, what is said of it]. */
const BODIES: readonly (readonly [...Row, body: RawRequest["body"]])[] = [
  ["no body", "INVALID_PARAMS", 400, undefined],
  ["an empty body", "INVALID_PARAMS", 400, ""],
  ["nothing but spaces", "INVALID_PARAMS", 400, "  "],
  ["no JSON", "PARSE_ERROR", 400, "hello"],
  ["half an object", "PARSE_ERROR", 400, '{"message":'],
  ["a list", "INVALID_PARAMS", 400, "[]"],
  ["a text", "INVALID_PARAMS", 400, '"hello"'],
  ["null", "INVALID_PARAMS", 400, "null"],
  ["a number", "INVALID_PARAMS", 400, "5"],
  ["a depth of 10,000", "INVALID_REQUEST", 400, `{"message":${"[".repeat(10_000)}${"]".repeat(10_000)}}`],
  ["bytes that are no UTF-8", "PARSE_ERROR", 400, BROKEN],
  ["UTF-16", "PARSE_ERROR", 400, UTF16],
  ["a number that no double holds", "INVALID_REQUEST", 400, '{"metadata":{"a":1e400}}'],
  ["a message in __proto__", "INVALID_PARAMS", 400, '{"__proto__":{"message":{"role":"ROLE_USER"}}}'],
];

/** [what is wrong with the head, how it is answered, the head]. */
const HEADS: readonly (readonly [...Row, request: RawRequest])[] = [
  ["a form", "UNSUPPORTED_MEDIA_TYPE", 415, { headers: { "content-type": "application/x-www-form-urlencoded" } }],
  ["plain text", "UNSUPPORTED_MEDIA_TYPE", 415, { headers: { "content-type": "text/plain" } }],
  ["a type that only begins alike", "UNSUPPORTED_MEDIA_TYPE", 415, {
    headers: { "content-type": "application/jsonx" },
  }],
  ["an empty type", "UNSUPPORTED_MEDIA_TYPE", 415, { headers: { "content-type": "" } }],
  ["another charset", "UNSUPPORTED_MEDIA_TYPE", 415, {
    headers: { "content-type": "application/json; charset=utf-16" },
  }],
  ["packed", "UNSUPPORTED_MEDIA_TYPE", 415, { headers: { "content-encoding": "gzip" } }],
  ["its own type", "ok", 200, { headers: { "content-type": "application/a2a+json; charset=UTF-8" } }],
  ["a GET", "METHOD_NOT_ALLOWED", 405, { method: "GET", body: undefined }],
  ["a PUT", "METHOD_NOT_ALLOWED", 405, { method: "PUT" }],
  ["a DELETE", "METHOD_NOT_ALLOWED", 405, { method: "DELETE", body: undefined }],
  ["a PATCH", "METHOD_NOT_ALLOWED", 405, { method: "PATCH" }],
];

/** [what is wrong, how it is answered, method, path]. */
const PATHS: readonly (readonly [...Row, method: string, path: string])[] = [
  ["no such path", "METHOD_NOT_FOUND", 404, "GET", "/nothing/here"],
  ["a path named __proto__", "METHOD_NOT_FOUND", 404, "GET", "/__proto__/x"],
  ["an unknown task", "TASK_NOT_FOUND", 404, "GET", "/tasks/nobody"],
  ["a task named __proto__", "TASK_NOT_FOUND", 404, "GET", "/tasks/__proto__"],
  ["a task named constructor", "TASK_NOT_FOUND", 404, "GET", "/tasks/constructor"],
  ["a task's id with a slash", "TASK_NOT_FOUND", 404, "GET", "/tasks/a%2Fb"],
  ["a task's id that climbs", "TASK_NOT_FOUND", 404, "GET", "/tasks/..%2F..%2Fetc"],
  ["a task's id with line breaks and NUL", "TASK_NOT_FOUND", 404, "GET", "/tasks/a%0D%0Ab%00c"],
  ["a task's id of 1 kB", "INVALID_PARAMS", 400, "GET", `/tasks/${"x".repeat(1000)}`],
  ["a broken escape", "INVALID_REQUEST", 400, "GET", "/tasks/%zz"],
  ["half an escape", "INVALID_REQUEST", 400, "GET", "/tasks/a%"],
  ["an escape that is no UTF-8", "INVALID_REQUEST", 400, "GET", "/tasks/%ff"],
  ["an escape of half a pair", "INVALID_REQUEST", 400, "GET", "/tasks/%ed%a0%80"],
  ["a verb that nobody knows", "TASK_NOT_FOUND", 404, "GET", "/tasks/a:dance"],
  ["a cancel by GET", "METHOD_NOT_ALLOWED", 405, "GET", "/tasks/a:cancel"],
  ["a task by POST", "METHOD_NOT_ALLOWED", 405, "POST", "/tasks/a"],
  ["an unknown task's cancel", "TASK_NOT_FOUND", 404, "POST", "/tasks/nobody:cancel"],
  ["a subscription to nobody", "TASK_NOT_FOUND", 404, "POST", "/tasks/nobody:subscribe"],
  ["webhooks of nobody", "TASK_NOT_FOUND", 404, "GET", "/tasks/nobody/pushNotificationConfigs"],
  ["a webhook of nobody", "TASK_NOT_FOUND", 404, "DELETE", "/tasks/nobody/pushNotificationConfigs/a"],
  ["webhooks by PUT", "METHOD_NOT_ALLOWED", 405, "PUT", "/tasks/a/pushNotificationConfigs"],
];

/** [what is wrong, the query]. All is INVALID_PARAMS. */
const QUERIES: readonly (readonly [name: string, path: string])[] = [
  ["a negative history", "/tasks/a?historyLength=-1"],
  ["half a history", "/tasks/a?historyLength=1.5"],
  ["a history of words", "/tasks/a?historyLength=many"],
  ["a history beyond 32 bits", "/tasks/a?historyLength=2147483648"],
  ["a history in hexadecimal", "/tasks/a?historyLength=0x10"],
  ["two histories", "/tasks/a?historyLength=1&historyLength=2"],
  ["an empty page", "/tasks?pageSize=0"],
  ["a negative page", "/tasks?pageSize=-1"],
  ["a page too large", "/tasks?pageSize=101"],
  ["a page of words", "/tasks?pageSize=ten"],
  ["two pages", "/tasks?pageSize=1&pageSize=2"],
  ["a token made up", "/tasks?pageToken=made-up"],
  ["a long token", `/tasks?pageToken=${LONG}`],
  ["a state of nobody", "/tasks?status=TASK_STATE_KING"],
  ["a state named __proto__", "/tasks?status=__proto__"],
  ["two states", "/tasks?status=TASK_STATE_WORKING&status=TASK_STATE_FAILED"],
  ["a day that is none", "/tasks?statusTimestampAfter=2026-02-30T00:00:00Z"],
  ["a time without a zone", "/tasks?statusTimestampAfter=2026-02-03T00:00:00"],
  ["artifacts maybe", "/tasks?includeArtifacts=maybe"],
  ["artifacts twice", "/tasks?includeArtifacts=true&includeArtifacts=false"],
  ["a page of webhooks too large", "/tasks/a/pushNotificationConfigs?pageSize=101"],
];

export const REST_ROWS: readonly RestRow[] = [
  ...BODIES.map(([name, verdict, status, body]): RestRow => ({
    name: `a message with ${name}`,
    request: (version) => ({ path: below(version, "/message:send"), ...(body === undefined ? {} : { body }) }),
    verdict,
    status,
  })),
  ...HEADS.map(([name, verdict, status, over]): RestRow => ({
    name: `a message sent as ${name}`,
    request: (version) => ({
      path: below(version, "/message:send"),
      body: JSON.stringify({ message: messageOf(version) }),
      ...over,
    }),
    verdict,
    status,
  })),
  ...PATHS.map(([name, verdict, status, method, path]): RestRow => ({
    name,
    request: (version) => ({ method, path: below(version, path) }),
    verdict,
    status,
  })),
  ...QUERIES.map(([name, path]): RestRow => ({
    name,
    request: (version) => ({ method: "GET", path: below(version, path) }),
    verdict: "INVALID_PARAMS",
    status: 400,
  })),
];
