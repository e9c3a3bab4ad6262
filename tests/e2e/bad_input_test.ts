import assert from "node:assert/strict";
import type { ErrorReason } from "../../src/a2a/errors.ts";
import { httpStatus, jsonRpcStatus } from "../../src/a2a/error_wire.ts";
import { isRecord } from "../../src/lib/json.ts";
import type { HectorServer } from "./hector_process.ts";
import { inSandbox } from "./sandbox.ts";

const AGENTS = `
llms: { echo: { provider: scripted, default: { text: "{{message}}" } } }
agents: { first: { llm: echo }, hidden: { llm: echo, visibility: private } }
server: { limits: { max_body_bytes: 8192, body_timeout_seconds: 1 } }
`;

interface Sent {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array<ArrayBuffer>;
}

/** A binding in one generation of the protocol. */
interface Tongue {
  readonly name: string;
  readonly rpc: boolean;
  readonly version: string;
  /** An operation as this tongue asks for it. */
  ask(operation: Operation, params: unknown): Sent;
  /** The reason that an error names. */
  reason(body: unknown): unknown;
}

type Operation = "send" | "stream" | "get" | "cancel" | "subscribe" | "list";

const METHODS_1_0 = new Map<Operation, string>([
  ["send", "SendMessage"],
  ["stream", "SendStreamingMessage"],
  ["get", "GetTask"],
  ["cancel", "CancelTask"],
  ["subscribe", "SubscribeToTask"],
  ["list", "ListTasks"],
]);
const METHODS_0_3 = new Map<Operation, string>([
  ["send", "message/send"],
  ["stream", "message/stream"],
  ["get", "tasks/get"],
  ["cancel", "tasks/cancel"],
  ["subscribe", "tasks/resubscribe"],
  ["list", "tasks/list"],
]);

function member(value: unknown, ...path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>(
    (at, name) => Array.isArray(at) || isRecord(at) ? Reflect.get(at, name) : undefined,
    value,
  );
}

const jsonHeaders = (version: string) => ({ "content-type": "application/json", "a2a-version": version });

function jsonRpc(version: string, methods: ReadonlyMap<Operation, string>, reason: Tongue["reason"]): Tongue {
  return {
    name: `JSON-RPC ${version}`,
    rpc: true,
    version,
    ask: (operation, params) => ({
      method: "POST",
      path: "/agents/first",
      headers: jsonHeaders(version),
      body: JSON.stringify({ jsonrpc: "2.0", id: 7, method: methods.get(operation), params }),
    }),
    reason,
  };
}

function rest(version: string, prefix: string, reason: Tongue["reason"]): Tongue {
  return {
    name: `REST ${version}`,
    rpc: false,
    version,
    ask: (operation, params) => {
      const headers = jsonHeaders(version);
      const query = isRecord(params) ? Object.entries(params) : [];
      const id = encodeURIComponent(String(member(params, "id")));
      switch (operation) {
        case "send":
        case "stream":
          return { method: "POST", path: `${prefix}/message:${operation}`, headers, body: JSON.stringify(params) };
        case "list": {
          const search = new URLSearchParams(query.map(([name, value]) => [name, String(value)]));
          return { method: "GET", path: `${prefix}/tasks?${search}`, headers };
        }
        case "get":
          return { method: "GET", path: `${prefix}/tasks/${id}`, headers };
        case "cancel":
        case "subscribe":
          return { method: "POST", path: `${prefix}/tasks/${id}:${operation}`, headers, body: "{}" };
      }
    },
    reason,
  };
}

const TONGUES: readonly Tongue[] = [
  jsonRpc("1.0", METHODS_1_0, (body) => member(body, "error", "data", 0, "reason")),
  jsonRpc("0.3", METHODS_0_3, (body) => member(body, "error", "data", "reason")),
  rest("1.0", "/agents/first", (body) => member(body, "error", "details", 0, "reason")),
  rest("0.3", "/agents/first/v1", (body) => member(body, "data", "reason")),
];

const MESSAGES: ReadonlyMap<string, Record<string, unknown>> = new Map([
  ["1.0", { messageId: "m1", role: "ROLE_USER", parts: [{ text: "hello" }] }],
  ["0.3", { kind: "message", messageId: "m1", role: "user", parts: [{ kind: "text", text: "hello" }] }],
]);
const messageOf = (tongue: Tongue) => MESSAGES.get(tongue.version) ?? {};

interface Fault {
  readonly what: string;
  readonly reason: ErrorReason;
  /** Where a generation reads what the other refuses, it is left out. */
  readonly in?: (tongue: Tongue) => boolean;
  readonly sent: (tongue: Tongue) => Sent;
  /** The error has to name this field. */
  readonly field?: string;
  /** It is the path that is wrong. */
  readonly isRoute?: true;
}

const send = (tongue: Tongue, message: unknown, more: Record<string, unknown> = {}) =>
  tongue.ask("send", { message, ...more });
const good = (tongue: Tongue) => send(tongue, messageOf(tongue));
const is1_0 = ({ version }: Tongue) => version === "1.0";
const isRpc = ({ rpc }: Tongue) => rpc;
const isRest = ({ rpc }: Tongue) => !rpc;

/** A body in place of the right one. */
const body = (
  what: string,
  reason: ErrorReason,
  text: string | Uint8Array<ArrayBuffer>,
  only = (_: Tongue) => true,
) => ({
  what,
  reason,
  in: only,
  sent: (tongue: Tongue) => ({ ...good(tongue), body: text }),
});

/** A message in which one thing is wrong. */
const message = (what: string, wrong: Record<string, unknown>, field: string, only = (_: Tongue) => true): Fault => ({
  what,
  reason: "INVALID_PARAMS",
  field,
  in: only,
  sent: (tongue) => send(tongue, { ...messageOf(tongue), ...wrong }),
});

const headers = (what: string, reason: ErrorReason, wrong: Record<string, string>): Fault => ({
  what,
  reason,
  sent: (tongue) => {
    const right = good(tongue);
    return { ...right, headers: { ...right.headers, ...wrong } };
  },
});

const route = (what: string, reason: ErrorReason, method: string, path: string): Fault => ({
  what,
  reason,
  isRoute: true,
  in: isRest,
  sent: ({ version }) => ({ method, path, headers: jsonHeaders(version), ...(method === "GET" ? {} : { body: "{}" }) }),
});

const envelope = (what: string, reason: ErrorReason, wrong: Record<string, unknown>): Fault => ({
  what,
  reason,
  in: isRpc,
  sent: (tongue) => {
    const right = good(tongue);
    return { ...right, body: JSON.stringify({ ...JSON.parse(String(right.body)), ...wrong }) };
  },
});

const FAULTS: readonly Fault[] = [
  body("half an object", "PARSE_ERROR", "{"),
  body("a word", "PARSE_ERROR", "hello"),
  body("bytes that are no UTF-8", "PARSE_ERROR", new Uint8Array([0x22, 0xff, 0xfe, 0x22])),
  body("nothing", "PARSE_ERROR", "", isRpc),
  body("nothing", "INVALID_PARAMS", "", isRest),
  body("a number", "INVALID_REQUEST", "7", isRpc),
  body("a number", "INVALID_PARAMS", "7", isRest),
  body("null", "INVALID_REQUEST", "null", isRpc),
  body("a batch", "INVALID_REQUEST", "[]", isRpc),
  body("an abyss of brackets", "INVALID_REQUEST", `{"a":${"[".repeat(3000)}${"]".repeat(3000)}}`),
  body("more than is allowed", "PAYLOAD_TOO_LARGE", JSON.stringify({ text: "x".repeat(9000) })),
  { what: "no message", reason: "INVALID_PARAMS", field: "message", sent: (tongue) => tongue.ask("send", {}) },
  { what: "a number for a message", reason: "INVALID_PARAMS", field: "message", sent: (tongue) => send(tongue, 5) },
  message("no parts", { parts: undefined }, "message.parts"),
  message("parts of none", { parts: [] }, "message.parts"),
  message("parts that are no list", { parts: 5 }, "message.parts"),
  message("a part of nothing", { parts: [{}] }, "message.parts.0"),
  message("a part that is a number", { parts: [{ text: "a" }, 5] }, "message.parts.1"),
  message("text that is a number", { parts: [{ kind: "text", text: 5 }] }, "message.parts.0.text"),
  message("an unknown role", { role: "ROLE_KING" }, "message.role"),
  message("no role", { role: undefined }, "message.role", is1_0),
  message("an id that is a number", { messageId: 5 }, "message.messageId"),
  message("no id", { messageId: undefined }, "message.messageId", is1_0),
  message("an empty id", { messageId: "" }, "message.messageId", is1_0),
  message("a context that is an object", { contextId: {} }, "message.contextId"),
  {
    what: "a message to a task that does not exist",
    reason: "TASK_NOT_FOUND",
    sent: (tongue) => send(tongue, { ...messageOf(tongue), taskId: "no-such-task" }),
  },
  {
    what: "a history of less than nothing",
    reason: "INVALID_PARAMS",
    field: "configuration.historyLength",
    sent: (tongue) => send(tongue, messageOf(tongue), { configuration: { historyLength: -1 } }),
  },
  headers("a body that is plain text", "UNSUPPORTED_MEDIA_TYPE", { "content-type": "text/plain" }),
  headers("a body of another alphabet", "UNSUPPORTED_MEDIA_TYPE", {
    "content-type": "application/json; charset=latin1",
  }),
  headers("a body that is compressed", "UNSUPPORTED_MEDIA_TYPE", { "content-encoding": "gzip" }),
  headers("a version that nobody speaks", "VERSION_NOT_SUPPORTED", { "a2a-version": "9.9" }),
  headers("a version that is none", "VERSION_NOT_SUPPORTED", { "a2a-version": "new" }),
  headers("a foreign host", "PERMISSION_DENIED", { host: "evil.example" }),
  { what: "an agent that does not exist", reason: "AGENT_NOT_FOUND", sent: (tongue) => elsewhere(tongue, "nobody") },
  { what: "a private agent", reason: "AGENT_NOT_FOUND", sent: (tongue) => elsewhere(tongue, "hidden") },
  ...(["get", "cancel", "subscribe"] as const).map((operation): Fault => ({
    what: `${operation} of a task that does not exist`,
    reason: "TASK_NOT_FOUND",
    sent: (tongue) => tongue.ask(operation, { id: "no-such-task" }),
  })),
  ...(["get", "cancel", "subscribe"] as const).map((operation): Fault => ({
    what: `${operation} of no task`,
    reason: "INVALID_PARAMS",
    field: "id",
    in: isRpc,
    sent: (tongue) => tongue.ask(operation, {}),
  })),
  ...([["pageSize", 0], ["pageSize", 1000], ["pageToken", "garbage"], ["status", "TASK_STATE_HAPPY"]] as const).map((
    [field, value],
  ): Fault => ({
    what: `a list with ${field} ${value}`,
    reason: "INVALID_PARAMS",
    field,
    in: is1_0,
    sent: (tongue) => tongue.ask("list", { [field]: value }),
  })),
  route("a route that does not exist", "METHOD_NOT_FOUND", "GET", "/no/such/route"),
  route("a task by a broken escape", "INVALID_REQUEST", "GET", "/agents/first/tasks/%zz"),
  route("a method that the route does not take", "METHOD_NOT_ALLOWED", "PUT", "/agents/first/tasks"),
  envelope("a method that does not exist", "METHOD_NOT_FOUND", { method: "DoWhatIMean" }),
  envelope("a method that every object has", "METHOD_NOT_FOUND", { method: "constructor" }),
  envelope("a method that is a number", "INVALID_REQUEST", { method: 5 }),
  envelope("no method", "INVALID_REQUEST", { method: undefined }),
  envelope("another JSON-RPC", "INVALID_REQUEST", { jsonrpc: "1.0" }),
  envelope("params that are a list", "INVALID_PARAMS", { params: [] }),
  envelope("an id that is an object", "INVALID_REQUEST", { id: {} }),
  envelope("an id that no number holds", "INVALID_REQUEST", { id: 1e300 }),
];

function elsewhere(tongue: Tongue, agent: string): Sent {
  const right = good(tongue);
  return { ...right, path: right.path.replace("first", agent) };
}

/** JSON-RPC 2.0 §5.1, A2A v1 §5.4. */
const CODES: ReadonlyMap<ErrorReason, number> = new Map<ErrorReason, number>([
  ["PARSE_ERROR", -32700],
  ["INVALID_REQUEST", -32600],
  ["METHOD_NOT_FOUND", -32601],
  ["INVALID_PARAMS", -32602],
  ["AGENT_NOT_FOUND", -32602],
  ["TASK_NOT_FOUND", -32001],
  ["UNSUPPORTED_MEDIA_TYPE", -32005],
  ["PAYLOAD_TOO_LARGE", -32600],
  ["VERSION_NOT_SUPPORTED", -32009],
]);

/** In whose words an error is told: as REST has them before a binding reads it, in those of 1.0 for a wrong version. */
function wordsOf({ reason, isRoute }: Fault, tongue: Tongue): Tongue {
  const rpc = tongue.rpc && isRoute !== true && reason !== "PERMISSION_DENIED";
  const version = reason === "VERSION_NOT_SUPPORTED" ? "1.0" : tongue.version;
  return TONGUES.find((words) => words.rpc === rpc && words.version === version) ?? tongue;
}

function assertTold(fault: Fault, tongue: Tongue, { status, text }: { status: number; text: string }): void {
  const told = `${status} ${text}`;
  const answer: unknown = JSON.parse(text);
  const words = wordsOf(fault, tongue);
  assert.equal(words.reason(answer), fault.reason, told);
  assert.equal(status, words.rpc ? jsonRpcStatus(fault.reason) : httpStatus(fault.reason, "1.0.1"), told);
  if (words.rpc) assert.equal(member(answer, "error", "code"), CODES.get(fault.reason), told);
  if (fault.field !== undefined) assert.ok(text.includes(`"field":"${fault.field}"`), told);
  // Strangers learn nothing of this machine.
  assert.doesNotMatch(text, /\.ts\b|file:\/\/|\/work|\/tmp|node:|Error:/);
}

/** Sends on a bare socket, where every header and byte is what it is. */
async function raw(server: HectorServer, { method, path, headers, body = "" }: Sent) {
  const bytes = typeof body === "string" ? new TextEncoder().encode(body) : body;
  const all = { host: "localhost", connection: "close", ...headers, "content-length": String(bytes.length) };
  const head = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`).join("");
  using connection = await Deno.connect({ hostname: "127.0.0.1", port: server.port });
  await connection.write(new TextEncoder().encode(`${method} ${path} HTTP/1.1\r\n${head}\r\n`));
  for (let at = 0; at < bytes.length;) at += await connection.write(bytes.subarray(at));
  const answer = await new Response(connection.readable).text();
  const [start = "", text = ""] = answer.split(/\r\n\r\n([\s\S]*)/);
  return { status: Number(start.split(" ")[1]), text: text.replace(/^data: /, "").trim() };
}

async function tasksAt({ url }: HectorServer): Promise<number> {
  const response = await fetch(`${url}/agents/first/tasks`, { headers: { "a2a-version": "1.0" } });
  return (await response.json()).totalSize;
}

Deno.test("bad input gets its precise error on every binding, and changes nothing", async (test) => {
  await inSandbox(async (sandbox) => {
    await sandbox.write("agents.yaml", AGENTS);
    const server = await sandbox.serve(["agents.yaml"]);
    for (const tongue of TONGUES) {
      for (const fault of FAULTS.filter((fault) => fault.in?.(tongue) ?? true)) {
        await test.step(`${tongue.name}: ${fault.what} is ${fault.reason}`, async () => {
          assertTold(fault, tongue, await raw(server, fault.sent(tongue)));
        });
      }
      await test.step(`${tongue.name}: a body that never ends is REQUEST_TIMEOUT`, async () => {
        const { method, path, headers } = good(tongue);
        const endless = new ReadableStream({ start: (stream) => stream.enqueue(new TextEncoder().encode("{")) });
        const answer = await fetch(`${server.url}${path}`, { method, headers, body: endless });
        assert.equal(answer.status, 408);
        assert.equal(tongue.reason(await answer.json()), "REQUEST_TIMEOUT");
      });
    }
    assert.equal(await tasksAt(server), 0);
    assert.equal((await sandbox.run(["call", "still there?", "--server", server.url])).out, "still there?\n");
    assert.equal(await tasksAt(server), 1);
    assert.equal(await server.stop("SIGTERM"), 0);
  });
});
