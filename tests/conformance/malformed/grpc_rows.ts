import { loadCodec } from "../../../src/a2a/proto/codec.ts";
import type { HeaderField } from "../../../src/lib/http2/static_table.ts";
import { grpcHead } from "../../lib/grpc/grpc_client.ts";
import type { Version } from "../scenarios/peer.ts";
import { type Bytes, framed, type RawGrpcRequest } from "../scenarios/raw.ts";

/* Calls over gRPC that are wrong in one place each. */

export interface GrpcRow {
  readonly name: string;
  readonly call: (version: Version) => RawGrpcRequest;
  /** Of gRPC; 200 and above: of HTTP, where it is no gRPC. */
  readonly status: number | Readonly<Record<Version, number>>;
}

const OK = 0;
const INVALID = 3;
const NOT_FOUND = 5;
const EXHAUSTED = 8;
const PRECONDITION = 9;
const UNIMPLEMENTED = 12;
/** What gRPC itself says of broken framing. */
const INTERNAL = 13;

const codec = await loadCodec();
const SERVICES: Readonly<Record<Version, string>> = { "1.0": "lf.a2a.v1.A2AService", "0.3": "a2a.v1.A2AService" };

const path = (version: Version, method: string) => `/${SERVICES[version]}/${method}`;

function bytes(...parts: readonly (number | string | Uint8Array)[]): Bytes {
  const encoder = new TextEncoder();
  return Uint8Array.from(
    parts.flatMap((part) =>
      typeof part === "number" ? [part] : [...(typeof part === "string" ? encoder.encode(part) : part)]
    ),
  );
}

/** A field of bytes: short ones alone. */
const field = (number: number, value: Uint8Array | string): Bytes => {
  const content = bytes(value);
  return bytes(number << 3 | 2, ...varint(content.length), content);
};

function varint(value: number): number[] {
  const low = value & 0x7f;
  return value < 0x80 ? [low] : [low | 0x80, ...varint(value >>> 7)];
}

/** A list in a list in a list, as google.protobuf.Value. */
function deepValue(depth: number): Bytes {
  let value: Bytes = bytes(0x08, 0x00);
  for (let level = 0; level < depth; level++) value = field(6, field(1, value));
  return value;
}

/** Bytes that are no request of any method. */
const GARBAGE: readonly (readonly [name: string, message: Bytes])[] = [
  ["a text", bytes("hello, is anybody there?")],
  ["a byte of all ones", bytes(0xff)],
  ["a tag that never ends", bytes(...Array(12).fill(0xff))],
  ["a field that is cut off", bytes(0x0a, 0x05, "ab")],
  ["a field longer than all memory", bytes(0x0a, 0xff, 0xff, 0xff, 0xff, 0x7f, "a")],
  ["a field of a negative length", bytes(0x0a, ...Array(9).fill(0xff), 0x01, "a")],
  ["field number 0", bytes(0x02, 0x01, "a")],
  ["wire type 6", bytes(0x0e, 0x01)],
  ["wire type 7", bytes(0x0f, 0x01)],
  ["the end of a group that never began", bytes(0x0c)],
  ["a group that never ends", bytes(0x9b, 0x06, 0x08, 0x01)],
  ["groups in groups in groups", bytes(...Array(20_000).fill([0x9b, 0x06]).flat())],
];

const PART = field(1, "hello");

/** A SendMessageRequest: `over` stands in its message, `more` beside it. */
function sendBytes(version: Version, over: Uint8Array = bytes(), more: Uint8Array = bytes()): Bytes {
  const message = bytes(field(1, crypto.randomUUID()), 0x20, 0x01, field(5, PART), over);
  return bytes(field(version === "1.0" ? 2 : 1, message), more);
}

/** [what is wrong with a message, what stands in it, what is said of it]. */
const MESSAGES: readonly (readonly [name: string, over: (version: Version) => Bytes, status: GrpcRow["status"]])[] = [
  ["nothing", () => bytes(), OK],
  ["an unknown role", () => bytes(0x20, 0x63), INVALID],
  ["a role without a number", () => bytes(0x20, 0x00), INVALID],
  ["a negative role", () => bytes(0x20, ...Array(9).fill(0xff), 0x01), INVALID],
  ["a role that is a text", () => field(4, "ROLE_USER"), INVALID],
  ["an id that is a number", () => bytes(0x08, 0x05), INVALID],
  ["an id that is no UTF-8", () => field(1, bytes(0xc3, 0x28)), INVALID],
  ["an id of half a pair", () => field(1, bytes(0xed, 0xa0, 0x80)), INVALID],
  ["an empty id", () => field(1, ""), { "1.0": INVALID, "0.3": OK }],
  ["an id with NUL and line breaks", () => field(1, `a\0b\r\nc${crypto.randomUUID()}`), OK],
  ["an id of 10 kB", () => field(1, "x".repeat(10_000)), INVALID],
  ["a task named __proto__", () => field(3, "__proto__"), NOT_FOUND],
  ["a part of nothing", () => field(5, bytes()), INVALID],
  ["a part of two contents: the last one counts", () => field(5, bytes(PART, PART)), OK],
  ["a part that is no message", () => field(5, bytes(0xff)), INVALID],
  ["a number that is none", (version) => data(version, bytes(0x11, 0, 0, 0, 0, 0, 0, 0xf8, 0x7f)), INVALID],
  ["a number without end", (version) => data(version, bytes(0x11, 0, 0, 0, 0, 0, 0, 0xf0, 0x7f)), INVALID],
  ["a value of nothing", (version) => data(version, bytes()), { "1.0": INVALID, "0.3": OK }],
  ["a value that is deep", (version) => data(version, deepValue(20)), OK],
  ["a value too deep to be followed", (version) => data(version, deepValue(150)), INVALID],
  ["a field that nobody knows", () => bytes(0xfa, 0x3e, 0x01, "x"), OK],
  ["a group that nobody knows", () => bytes(0x9b, 0x06, 0x08, 0x01, 0x9c, 0x06), OK],
];

/** A data part: in 1.0 a value, in 0.3 one within two objects. */
function data(version: Version, value: Bytes): Bytes {
  if (version === "1.0") return field(5, field(4, value));
  const entry = bytes(field(1, "a"), field(2, value));
  return field(5, field(3, field(1, field(1, entry))));
}

/** [what is wrong, method, ProtoJSON of 1.0, of 0.3, what is said of it]. */
const REQUESTS: readonly (readonly [string, string, unknown, unknown, GrpcRow["status"]])[] = [
  ["no id", "GetTask", {}, {}, INVALID],
  ["a task of nobody", "GetTask", { id: "nobody" }, { name: "tasks/nobody" }, NOT_FOUND],
  ["a task named __proto__", "GetTask", { id: "__proto__" }, { name: "tasks/__proto__" }, NOT_FOUND],
  ["an id with NUL", "GetTask", { id: "a\0" }, { name: "tasks/a\0" }, NOT_FOUND],
  ["an id of 10 kB", "GetTask", { id: "x".repeat(10_000) }, { name: `tasks/${"x".repeat(10_000)}` }, INVALID],
  ["a name that is none", "GetTask", { id: "" }, { name: "nobody" }, INVALID],
  ["half a name", "GetTask", { id: "" }, { name: "tasks/" }, INVALID],
  ["a name too many", "GetTask", { id: "" }, { name: "tasks/a/b" }, INVALID],
  ["a negative history", "GetTask", { id: "a", historyLength: -1 }, { name: "tasks/a", historyLength: -1 }, INVALID],
  ["the cancel of nobody", "CancelTask", { id: "nobody" }, { name: "tasks/nobody" }, NOT_FOUND],
  [
    "a webhook without a URL",
    "CreateTaskPushNotificationConfig",
    { taskId: "a" },
    { parent: "tasks/a", configId: "b", config: { pushNotificationConfig: {} } },
    INVALID,
  ],
  [
    "a webhook of nobody",
    "GetTaskPushNotificationConfig",
    { taskId: "nobody", id: "b" },
    { name: "tasks/nobody/pushNotificationConfigs/b" },
    NOT_FOUND,
  ],
];

/** [what is wrong, ProtoJSON]: 0.3 lists nothing. */
const LISTS: readonly (readonly [string, unknown])[] = [
  ["an empty page", { pageSize: 0 }],
  ["a negative page", { pageSize: -1 }],
  ["a page too large", { pageSize: 101 }],
  ["a token made up", { pageToken: "made-up" }],
  ["a negative history", { historyLength: -1 }],
  ["a state that is an unknown number", { status: 99 }],
];

/** Seconds of a google.protobuf.Timestamp that is none. */
const TIMES: readonly (readonly [string, Bytes])[] = [
  ["a time behind the year 9999", bytes(0x08, 0x80, 0x90, 0xdf, 0xd8, 0xac, 0x2e)],
  ["a time before the year 1", bytes(0x08, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x80, 0x01)],
  ["negative nanoseconds", bytes(0x10, ...Array(9).fill(0xff), 0x01)],
  ["too many nanoseconds", bytes(0x10, 0x80, 0x94, 0xeb, 0xdc, 0x03 + 1)],
];

const FRAMES: readonly (readonly [name: string, data: (good: Bytes) => Bytes, status: number])[] = [
  ["no message", () => bytes(), UNIMPLEMENTED],
  ["two messages", (good) => bytes(framed(good), framed(good)), UNIMPLEMENTED],
  ["half a prefix", () => bytes(0, 0), INTERNAL],
  ["a message that is cut off", (good) => framed(good, { length: good.length + 1 }), INTERNAL],
  ["a message of 4 GB", (good) => framed(good, { length: 0xffffffff }), EXHAUSTED],
  ["a packed message without a word of how", (good) => framed(good, { flag: 1 }), INTERNAL],
  ["a flag that nobody knows", (good) => framed(good, { flag: 2 }), INTERNAL],
];

/** [what is wrong with the head, what is said in place, of what]. */
const HEADS: readonly (readonly [name: string, change: Readonly<Record<string, string>>, status: number])[] = [
  ["another version", { "a2a-version": "99.0" }, PRECONDITION],
  ["a version of words", { "a2a-version": "newest" }, PRECONDITION],
  ["a place of words", { "last-event-id": "newest" }, OK],
  ["a deadline of words", { "grpc-timeout": "soon" }, OK],
  ["packed in a way that nobody knows", { "grpc-encoding": "br" }, UNIMPLEMENTED],
  ["packed, and it is not", { "grpc-encoding": "gzip" }, OK],
  ["an agent of nobody", { "agent-name": "nobody" }, NOT_FOUND],
  ["an agent named __proto__", { "agent-name": "__proto__" }, NOT_FOUND],
  ["JSON", { "content-type": "application/json" }, 415],
  ["gRPC for browsers", { "content-type": "application/grpc-web" }, 415],
  ["a GET", { ":method": "GET" }, 405],
  ["a method of nobody", { ":path": "/lf.a2a.v1.A2AService/__proto__" }, UNIMPLEMENTED],
  ["a service of nobody", { ":path": "/lf.a2a.v2.A2AService/GetTask" }, UNIMPLEMENTED],
  ["a path without a method", { ":path": "/lf.a2a.v1.A2AService" }, UNIMPLEMENTED],
];

function headOf(version: Version, change: Readonly<Record<string, string>>): HeaderField[] {
  const head = grpcHead(path(version, "SendMessage"));
  const known = head.map(([name, value]): HeaderField => [name, change[name] ?? value]);
  const more = Object.entries(change).filter(([name]) => !head.some(([known]) => known === name));
  return [...known, ...more];
}

function encoded(version: Version, method: string, json: unknown): Bytes {
  const found = codec.methods(SERVICES[version]).find(({ name }) => name === method);
  if (found === undefined) throw new TypeError(method);
  return found.input.encode(json);
}

const gzipped = new Uint8Array(
  await new Response(new Blob([new Uint8Array(10_000_000)]).stream().pipeThrough(new CompressionStream("gzip")))
    .arrayBuffer(),
);

export const GRPC_ROWS: readonly GrpcRow[] = [
  ...GARBAGE.map(([name, message]): GrpcRow => ({
    name: `a message that is ${name}`,
    call: (version) => ({ path: path(version, "SendMessage"), data: framed(message) }),
    status: INVALID,
  })),
  ...MESSAGES.map(([name, over, status]): GrpcRow => ({
    name: `a message with ${name}`,
    call: (version) => ({ path: path(version, "SendMessage"), data: framed(sendBytes(version, over(version))) }),
    status,
  })),
  ...REQUESTS.map(([name, method, current, legacy, status]): GrpcRow => ({
    name: `${method}: ${name}`,
    call: (version) => ({
      path: path(version, method),
      data: framed(encoded(version, method, version === "1.0" ? current : legacy)),
    }),
    status,
  })),
  ...LISTS.map(([name, json]): GrpcRow => ({
    name: `a list with ${name}`,
    call: (version) => ({ path: path(version, "ListTasks"), data: framed(encoded("1.0", "ListTasks", json)) }),
    status: { "1.0": INVALID, "0.3": UNIMPLEMENTED },
  })),
  ...TIMES.map(([name, time]): GrpcRow => ({
    name: `a list since ${name}`,
    call: (version) => ({ path: path(version, "ListTasks"), data: framed(field(7, time)) }),
    status: { "1.0": INVALID, "0.3": UNIMPLEMENTED },
  })),
  ...FRAMES.map(([name, data, status]): GrpcRow => ({
    name,
    call: (version) => ({ path: path(version, "SendMessage"), data: data(sendBytes(version)) }),
    status,
  })),
  ...HEADS.map(([name, change, status]): GrpcRow => ({
    name: `a call as ${name}`,
    call: (version) => ({
      path: path(version, "SendMessage"),
      data: framed(sendBytes(version)),
      head: headOf(version, change),
    }),
    status,
  })),
  {
    name: "a small message that unpacks into a giant",
    call: (version) => ({
      path: path(version, "SendMessage"),
      data: framed(gzipped, { flag: 1 }),
      head: headOf(version, { "grpc-encoding": "gzip" }),
    }),
    status: EXHAUSTED,
  },
  {
    name: "a packed message that is no gzip",
    call: (version) => ({
      path: path(version, "SendMessage"),
      data: framed(sendBytes(version), { flag: 1 }),
      head: headOf(version, { "grpc-encoding": "gzip" }),
    }),
    status: INTERNAL,
  },
];

export function goodCall(version: Version): RawGrpcRequest {
  return { path: path(version, "SendMessage"), data: framed(sendBytes(version)) };
}
