import type { Version } from "../scenarios/peer.ts";
import { messageOf, methodOf, type RpcRow, type Verdict } from "./rpc_rows.ts";

/* Params that are wrong in one place each. */

type Members = Readonly<Record<string, unknown>>;
type Verdicts = RpcRow["verdict"];

/** 1.0 says the one, 0.3 the other. */
const but = (current: Verdict, legacy: Verdict): Verdicts => ({ "1.0": current, "0.3": legacy });

function textOf(method: string, version: Version, params: unknown): string {
  return JSON.stringify({ jsonrpc: "2.0", id: 7, method: methodOf(method, version), params });
}

const DEEP: unknown = JSON.parse(`${"[".repeat(90)}${"]".repeat(90)}`);
const LONG = "x".repeat(900);
/** What JSON.parse makes a member of its own, and careless copies a prototype. */
const PROTO: unknown = JSON.parse('{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}');

/** [what is wrong with a message, its members, what is said of it]. */
const MESSAGES: readonly [name: string, over: Members, verdict: Verdicts][] = [
  ["no message id", { messageId: undefined }, "INVALID_PARAMS"],
  ["an empty message id", { messageId: "" }, but("INVALID_PARAMS", "ok")],
  ["a message id that is a number", { messageId: 5 }, "INVALID_PARAMS"],
  ["a message id that is an object", { messageId: {} }, "INVALID_PARAMS"],
  ["a message id of 900 characters", { messageId: LONG }, "INVALID_PARAMS"],
  ["a message id with line breaks", { messageId: "a\r\nx: y" }, "ok"],
  ["a message id with NUL", { messageId: "a\0b" }, "ok"],
  ["a message id named __proto__", { messageId: "__proto__" }, "ok"],
  ["no role", { role: undefined }, "INVALID_PARAMS"],
  ["a role that nobody has", { role: "ROLE_KING" }, "INVALID_PARAMS"],
  ["a role named __proto__", { role: "__proto__" }, "INVALID_PARAMS"],
  ["a role named constructor", { role: "constructor" }, "INVALID_PARAMS"],
  ["a role that is an unknown number", { role: 99 }, "INVALID_PARAMS"],
  ["a role that is a negative number", { role: -1 }, "INVALID_PARAMS"],
  ["a role that is a list", { role: ["ROLE_USER"] }, "INVALID_PARAMS"],
  ["an unspecified role", { role: "ROLE_UNSPECIFIED" }, "INVALID_PARAMS"],
  ["no parts", { parts: undefined }, "INVALID_PARAMS"],
  ["parts that are null", { parts: null }, "INVALID_PARAMS"],
  ["parts that are empty", { parts: [] }, "INVALID_PARAMS"],
  ["parts that are a number", { parts: 5 }, "INVALID_PARAMS"],
  ["parts that are an empty object", { parts: {} }, "INVALID_PARAMS"],
  ["a part that is null", { parts: [null] }, "INVALID_PARAMS"],
  ["a part that is a text", { parts: ["hello"] }, "INVALID_PARAMS"],
  ["a part that is a list", { parts: [[]] }, "INVALID_PARAMS"],
  ["a part that is empty", { parts: [{}] }, "INVALID_PARAMS"],
  ["a part of unknown content", { parts: [{ video: "x" }] }, "INVALID_PARAMS"],
  ["a part of two contents", { parts: [{ text: "a", url: "b" }] }, "INVALID_PARAMS"],
  ["a part's text that is a number", { parts: [{ text: 5 }] }, "INVALID_PARAMS"],
  ["a part's text that is an object", { parts: [{ text: {} }] }, "INVALID_PARAMS"],
  ["a part's text that is null", { parts: [{ text: null }] }, "INVALID_PARAMS"],
  ["a part's name that is a number", { parts: [{ text: "a", filename: 5 }] }, "INVALID_PARAMS"],
  ["a part's metadata that is a text", { parts: [{ text: "a", metadata: "x" }] }, "INVALID_PARAMS"],
  ["bytes that are no base64", { parts: [{ raw: "!!!" }] }, "INVALID_PARAMS"],
  ["bytes of one letter", { parts: [{ raw: "A" }] }, "INVALID_PARAMS"],
  ["bytes with padding in between", { parts: [{ raw: "AA==AA==" }] }, "INVALID_PARAMS"],
  ["bytes with a line break", { parts: [{ raw: "AA\nAA" }] }, "INVALID_PARAMS"],
  ["bytes that are a number", { parts: [{ raw: 5 }] }, "INVALID_PARAMS"],
  ["bytes for URLs, without padding", { parts: [{ raw: "_-8" }] }, "ok"],
  ["a part of kind video", { parts: [{ kind: "video", text: "a" }] }, but("ok", "INVALID_PARAMS")],
  ["a part of kind file without a file", { parts: [{ kind: "file" }] }, "INVALID_PARAMS"],
  ["a file of two contents", { parts: [{ kind: "file", file: { uri: "a", bytes: "AA==" } }] }, "INVALID_PARAMS"],
  ["a file of no base64", { parts: [{ kind: "file", file: { bytes: "%%%" } }] }, "INVALID_PARAMS"],
  ["a part of kind data without data", { parts: [{ kind: "data" }] }, "INVALID_PARAMS"],
  ["a text of the other version", { parts: [{ kind: "text", text: "a" }] }, "ok"],
  ["a message of kind task", { kind: "task" }, but("ok", "INVALID_PARAMS")],
  ["metadata that is a text", { metadata: "x" }, "INVALID_PARAMS"],
  ["metadata that is a list", { metadata: [] }, "INVALID_PARAMS"],
  ["metadata that reaches for prototypes", { metadata: PROTO }, "ok"],
  ["data that reaches for prototypes", { parts: [{ data: PROTO }] }, "ok"],
  ["data that is deep", { parts: [{ data: DEEP }] }, "ok"],
  ["extensions that are a text", { extensions: "x" }, "INVALID_PARAMS"],
  ["extensions that are numbers", { extensions: [5] }, "INVALID_PARAMS"],
  ["a context id that is a number", { contextId: 5 }, "INVALID_PARAMS"],
  ["a context id of 900 characters", { contextId: LONG }, "INVALID_PARAMS"],
  ["a context id with NUL and line breaks", { contextId: "a\0b\r\nx: y" }, "ok"],
  ["a context id that climbs", { contextId: "../../etc/passwd" }, "ok"],
  ["a context id of half a pair", { contextId: "\udc00" }, "INVALID_PARAMS"],
  ["a message id of half a pair", { messageId: "\ud800" }, "INVALID_PARAMS"],
  ["a text of half a pair", { parts: [{ text: "a\ud800b" }] }, "ok"],
  ["a task id that is a number", { taskId: 5 }, "INVALID_PARAMS"],
  ["a task id named __proto__", { taskId: "__proto__" }, "TASK_NOT_FOUND"],
  ["a task id of 900 characters", { taskId: LONG }, "INVALID_PARAMS"],
  ["members of nobody", { constructor: 1, hasOwnProperty: 1, toString: 1 }, "ok"],
];

/** [what is wrong with a configuration, its members, what is said of it]. */
const CONFIGURATIONS: readonly [name: string, over: unknown, verdict: Verdicts][] = [
  ["a text", "x", "INVALID_PARAMS"],
  ["a list", [], "INVALID_PARAMS"],
  ["null", null, "ok"],
  ["a negative history", { historyLength: -1 }, "INVALID_PARAMS"],
  ["half a message of history", { historyLength: 1.5 }, "INVALID_PARAMS"],
  ["a history beyond 32 bits", { historyLength: 2 ** 31 }, "INVALID_PARAMS"],
  ["a history that is a word", { historyLength: "many" }, "INVALID_PARAMS"],
  ["a history that is a number as a text", { historyLength: "1" }, "ok"],
  ["a haste that is a text", { returnImmediately: "true" }, but("INVALID_PARAMS", "ok")],
  ["a patience that is a text", { blocking: "false" }, but("ok", "INVALID_PARAMS")],
  ["modes that are a text", { acceptedOutputModes: "text/plain" }, "INVALID_PARAMS"],
  ["modes that are numbers", { acceptedOutputModes: [5] }, "INVALID_PARAMS"],
];

/** [what is wrong, method, params, what is said of it]. */
const REQUESTS: readonly [name: string, method: string, params: unknown, verdict: Verdicts][] = [
  ...["get", "cancel", "subscribe"].flatMap((method): [string, string, unknown, Verdicts][] => [
    [`${method} without an id`, method, {}, "INVALID_PARAMS"],
    [`${method} an empty id`, method, { id: "" }, "INVALID_PARAMS"],
    [`${method} null`, method, { id: null }, "INVALID_PARAMS"],
    [`${method} a number`, method, { id: 5 }, "INVALID_PARAMS"],
    [`${method} an object`, method, { id: {} }, "INVALID_PARAMS"],
    [`${method} a list`, method, { id: ["a"] }, "INVALID_PARAMS"],
    [`${method} 900 characters`, method, { id: LONG }, "INVALID_PARAMS"],
    [`${method} __proto__`, method, { id: "__proto__" }, "TASK_NOT_FOUND"],
    [`${method} constructor`, method, { id: "constructor" }, "TASK_NOT_FOUND"],
    [`${method} no UUID`, method, { id: "not-a-uuid" }, "TASK_NOT_FOUND"],
    [`${method} line breaks and NUL`, method, { id: "a\r\nb\0c" }, "TASK_NOT_FOUND"],
    [`${method} half a pair`, method, { id: "\ud800" }, "INVALID_PARAMS"],
  ]),
  ["a negative history", "get", { id: "a", historyLength: -1 }, "INVALID_PARAMS"],
  ["a history that is an object", "get", { id: "a", historyLength: {} }, "INVALID_PARAMS"],
  ["metadata that is a text", "cancel", { id: "a", metadata: "x" }, "INVALID_PARAMS"],
  ...[0, -1, 101, 1.5, 1e99, "x", {}, [], true].map((pageSize): [string, string, unknown, Verdicts] => //
  [`a page of ${JSON.stringify(pageSize)}`, "list", { pageSize }, "INVALID_PARAMS"]),
  ...[5, {}, "made-up", "====", LONG, btoa('["a","b","c"]'), btoa("[".repeat(5000)), btoa("\xff\xfe")].map(
    (
      pageToken,
    ): [string, string, unknown, Verdicts] => [`the token ${JSON.stringify(pageToken).slice(0, 20)}`, "list", {
      pageToken,
    }, "INVALID_PARAMS"],
  ),
  ...["TASK_STATE_KING", "__proto__", "constructor", 99, -1, {}, []].map(
    (
      status,
    ): [string, string, unknown, Verdicts] => [
      `the state ${JSON.stringify(status)}`,
      "list",
      { status },
      "INVALID_PARAMS",
    ],
  ),
  ...[
    "yesterday",
    "2026-01-01",
    "2026-13-01T00:00:00Z",
    "2026-02-30T00:00:00Z",
    "2026-01-01T25:00:00Z",
    "2026-01-01T00:00:00",
    "2026-01-01T00:00:00+99:99",
    "10000-01-01T00:00:00Z",
    "0000-01-01T00:00:00Z",
    "9999-12-31T23:59:59-12:00",
    "0001-01-01T00:00:00+12:00",
    5,
    1e99,
    {},
  ].map((since): [string, string, unknown, Verdicts] => //
  [`since ${JSON.stringify(since)}`, "list", { statusTimestampAfter: since }, "INVALID_PARAMS"]),
  ["artifacts maybe", "list", { includeArtifacts: "maybe" }, "INVALID_PARAMS"],
  ["artifacts five times", "list", { includeArtifacts: 5 }, "INVALID_PARAMS"],
  ["a context that is a number", "list", { contextId: 5 }, "INVALID_PARAMS"],
  ["a context of half a pair", "list", { contextId: "\ud800" }, but("ok", "ok")],
  ["a place that is a text", "subscribe", { id: "a", metadata: place("4") }, "INVALID_PARAMS"],
  ["a place below zero", "subscribe", { id: "a", metadata: place(-1) }, "INVALID_PARAMS"],
];

function place(afterSeq: unknown): Members {
  return { "https://hector.dev/a2a/extensions/resume/v1": { afterSeq } };
}

/** [what is wrong with a webhook, its members, what is said of it]. */
const WEBHOOKS: readonly [name: string, over: Members, verdict: Verdicts][] = [
  ["no URL", { url: undefined }, "INVALID_PARAMS"],
  ["a URL that is a number", { url: 5 }, "INVALID_PARAMS"],
  ["a URL with line breaks", { url: "https://a.example/\r\nx: y" }, "ok"],
  ["a URL with NUL", { url: "https://a.example/\0" }, "ok"],
  ["a script for a URL", { url: "javascript:alert(1)" }, "INVALID_PARAMS"],
  ["a token with line breaks", { token: "a\r\nx: y" }, "INVALID_PARAMS"],
  ["a token that is a number", { token: 5 }, "INVALID_PARAMS"],
  ["a token of half a pair", { token: "\ud800" }, "INVALID_PARAMS"],
  ["an id that is a number", { id: 5 }, "INVALID_PARAMS"],
  ["an id of 900 characters", { id: LONG }, "INVALID_PARAMS"],
  ["an id of half a pair", { id: "\ud800" }, "ok"],
  ["an authentication that is a text", { authentication: "Bearer" }, "INVALID_PARAMS"],
  ["an authentication without a scheme", { authentication: {} }, "INVALID_PARAMS"],
];

export const PARAM_ROWS: readonly RpcRow[] = [
  ...MESSAGES.map(([name, over, verdict]): RpcRow => ({
    name,
    text: (version) => textOf("send", version, { message: messageOf(version, over) }),
    verdict,
  })),
  ...[null, "hello", 5, [], {}].map((message): RpcRow => ({
    name: `a message that is ${JSON.stringify(message)}`,
    text: (version) => textOf("send", version, { message }),
    // Readers of 0.3's many spellings take a text for what it says.
    verdict: message === "hello" ? but("INVALID_PARAMS", "ok") : "INVALID_PARAMS",
  })),
  ...CONFIGURATIONS.map(([name, configuration, verdict]): RpcRow => ({
    name: `a configuration with ${name}`,
    text: (version) => textOf("send", version, { message: messageOf(version), configuration }),
    verdict,
  })),
  ...["x", [], 5].map((metadata): RpcRow => ({
    name: `a request's metadata that is ${JSON.stringify(metadata)}`,
    text: (version) => textOf("send", version, { message: messageOf(version), metadata }),
    verdict: "INVALID_PARAMS",
  })),
  ...REQUESTS.map(([name, method, params, verdict]): RpcRow => ({
    name,
    text: (version) => textOf(method, version, params),
    verdict,
  })),
  ...WEBHOOKS.map(([name, over, verdict]): RpcRow => ({
    name: `a webhook with ${name}`,
    text: (version) => {
      const config = { url: "https://a.example/hook", ...over };
      const params = { message: messageOf(version) };
      return textOf("send", version, {
        ...params,
        configuration: version === "1.0" ? { taskPushNotificationConfig: config } : { pushNotificationConfig: config },
      });
    },
    verdict,
  })),
  {
    name: "a message of 0.3 asked for as 1.0",
    text: (version) => textOf("send", version, { message: messageOf(version === "1.0" ? "0.3" : "1.0") }),
    verdict: but("INVALID_PARAMS", "ok"),
  },
  {
    name: "a number that no double holds",
    text: (version) =>
      textOf("send", version, { message: messageOf(version, { parts: [{ data: "HERE" }] }) }).replace(
        '"HERE"',
        "1e400",
      ),
    verdict: "INVALID_REQUEST",
  },
];
