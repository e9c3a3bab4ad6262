import type { Version } from "../scenarios/peer.ts";

/* Requests over JSON-RPC that are wrong in one place each, and what is said of them; over HTTP and WebSocket alike. */

/** The reason of the refusal; "ok" where it is none, "nothing" where no answer is owed. */
export type Verdict = string;

export interface RpcRow {
  readonly name: string;
  /** What is sent, as text. */
  readonly text: (version: Version) => string;
  readonly verdict: Verdict | Readonly<Record<Version, Verdict>>;
}

export const METHODS: Readonly<Record<string, readonly [current: string, legacy: string]>> = {
  send: ["SendMessage", "message/send"],
  stream: ["SendStreamingMessage", "message/stream"],
  get: ["GetTask", "tasks/get"],
  list: ["ListTasks", "tasks/list"],
  cancel: ["CancelTask", "tasks/cancel"],
  subscribe: ["SubscribeToTask", "tasks/resubscribe"],
  create: ["CreateTaskPushNotificationConfig", "tasks/pushNotificationConfig/set"],
  listConfigs: ["ListTaskPushNotificationConfigs", "tasks/pushNotificationConfig/list"],
};

export function methodOf(name: string, version: Version): string {
  return METHODS[name]?.[version === "1.0" ? 0 : 1] ?? name;
}

/** A message that nothing is wrong with, in the words of its version. */
export function messageOf(version: Version, over: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  const id = crypto.randomUUID();
  return version === "1.0"
    ? { messageId: id, role: "ROLE_USER", parts: [{ text: "hello" }], ...over }
    : { kind: "message", messageId: id, role: "user", parts: [{ kind: "text", text: "hello" }], ...over };
}

/** A whole envelope with `over` in it. */
function envelope(over: Readonly<Record<string, unknown>>): RpcRow["text"] {
  return (version) =>
    JSON.stringify({
      jsonrpc: "2.0",
      id: 7,
      method: methodOf("send", version),
      params: { message: messageOf(version) },
      ...over,
    });
}

const deep = (depth: number) => `${"[".repeat(depth)}${"]".repeat(depth)}`;

/** [what is wrong, the text, what is said of it]. */
const TEXTS: readonly [name: string, text: string, verdict: Verdict][] = [
  ["no JSON", "hello", "PARSE_ERROR"],
  ["half an object", '{"jsonrpc":"2.0"', "PARSE_ERROR"],
  ["single quotes", "{'jsonrpc':'2.0'}", "PARSE_ERROR"],
  ["a trailing comma", '{"jsonrpc":"2.0",}', "PARSE_ERROR"],
  ["two objects", "{}{}", "PARSE_ERROR"],
  ["NaN", '{"jsonrpc":"2.0","id":NaN}', "PARSE_ERROR"],
  ["a raw line break in a string", '{"jsonrpc":"2.0","id":"a\nb"}', "PARSE_ERROR"],
  ["a raw NUL", '{"jsonrpc":"2.0","id":"a\0b"}', "PARSE_ERROR"],
  ["a comment", '{/**/"jsonrpc":"2.0"}', "PARSE_ERROR"],
  ["nothing but spaces", " \n\t ", "PARSE_ERROR"],
  ["a depth of 10,000", deep(10_000), "INVALID_REQUEST"],
  ["half of a depth of 10,000", "[".repeat(10_000), "INVALID_REQUEST"],
  ["a deep half string", `["${"[".repeat(10_000)}`, "PARSE_ERROR"],
  ["a list", "[]", "INVALID_REQUEST"],
  ["a text", '"hello"', "INVALID_REQUEST"],
  ["a number", "5", "INVALID_REQUEST"],
  ["null", "null", "INVALID_REQUEST"],
  ["true", "true", "INVALID_REQUEST"],
  ["an empty object", "{}", "INVALID_REQUEST"],
  ["an envelope in __proto__", '{"__proto__":{"jsonrpc":"2.0","method":"GetTask","params":{}}}', "INVALID_REQUEST"],
];

/** [what is wrong, the members of the envelope, what is said of it]. */
const ENVELOPES: readonly [name: string, over: Readonly<Record<string, unknown>>, verdict: RpcRow["verdict"]][] = [
  ["no jsonrpc", { jsonrpc: undefined }, "INVALID_REQUEST"],
  ["jsonrpc 1.0", { jsonrpc: "1.0" }, "INVALID_REQUEST"],
  ["jsonrpc as a number", { jsonrpc: 2 }, "INVALID_REQUEST"],
  ["an id that is an object", { id: {} }, "INVALID_REQUEST"],
  ["an id that is a list", { id: [1] }, "INVALID_REQUEST"],
  ["an id that is true", { id: true }, "INVALID_REQUEST"],
  ["an id of 10 kB", { id: "x".repeat(10_000) }, "INVALID_REQUEST"],
  ["an id beyond whole numbers", { id: 2 ** 60 }, "INVALID_REQUEST"],
  ["an id with line breaks", { id: "a\r\ndata: b\n\n" }, "ok"],
  ["an id of half a pair", { id: "\ud800" }, "ok"],
  ["an id with NUL", { id: "\0" }, "ok"],
  ["an empty id", { id: "" }, "ok"],
  ["a negative fraction for an id", { id: -1.5 }, "ok"],
  ["an id that is null", { id: null }, "ok"],
  ["no method", { method: undefined }, "INVALID_REQUEST"],
  ["a method that is a number", { method: 5 }, "INVALID_REQUEST"],
  ["a method that is null", { method: null }, "INVALID_REQUEST"],
  ["a method that is an object", { method: {} }, "INVALID_REQUEST"],
  ["an empty method", { method: "" }, "METHOD_NOT_FOUND"],
  ["the method __proto__", { method: "__proto__" }, "METHOD_NOT_FOUND"],
  ["the method constructor", { method: "constructor" }, "METHOD_NOT_FOUND"],
  ["the method toString", { method: "toString" }, "METHOD_NOT_FOUND"],
  ["a method in small letters", { method: "sendmessage" }, "METHOD_NOT_FOUND"],
  ["a method with a space", { method: "SendMessage " }, "METHOD_NOT_FOUND"],
  ["a method with a line break", { method: "SendMessage\r\nx: y" }, "METHOD_NOT_FOUND"],
  ["a method of 10 kB", { method: "x".repeat(10_000) }, "METHOD_NOT_FOUND"],
  ["a method of half a pair", { method: "\ud800" }, "METHOD_NOT_FOUND"],
  ["params that are a list", { params: [] }, "INVALID_PARAMS"],
  ["params that are a text", { params: "x" }, "INVALID_PARAMS"],
  ["params that are a number", { params: 5 }, "INVALID_PARAMS"],
  ["params that are null", { params: null }, "INVALID_PARAMS"],
  ["no params", { params: undefined }, "INVALID_PARAMS"],
];
export const ENVELOPE_ROWS: readonly RpcRow[] = [
  ...TEXTS.map(([name, text, verdict]) => ({ name, text: () => text, verdict })),
  ...ENVELOPES.map(([name, over, verdict]) => ({ name, text: envelope(over), verdict })),
  {
    name: "a batch",
    text: (version) => `[${envelope({})(version)},${envelope({})(version)}]`,
    verdict: "INVALID_REQUEST",
  },
  {
    name: "an id that no number holds",
    text: (version) => envelope({})(version).replace('"id":7', '"id":1e400'),
    verdict: "INVALID_REQUEST",
  },
  {
    name: "an id twice: the last one counts",
    text: (version) => envelope({})(version).replace('"id":7', '"id":6,"id":7'),
    verdict: "ok",
  },
  {
    name: "a method twice: the last one counts",
    text: (version) => envelope({})(version).replace('"method":', '"method":"x","method":'),
    verdict: "ok",
  },
  {
    name: "members that nobody knows",
    text: envelope({ constructor: 1, toString: "x", extra: { a: [] } }),
    verdict: "ok",
  },
];
