import assert from "node:assert/strict";
import { ByteBudget } from "../../../src/lib/byte_budget.ts";
import {
  type GrpcCall,
  grpcHandler,
  type GrpcMethod,
  type GrpcServerOptions,
} from "../../../src/lib/grpc/grpc_server.ts";
import { GrpcError } from "../../../src/lib/grpc/grpc_status.ts";
import type { Http2Stream } from "../../../src/lib/http2/http2_stream.ts";
import type { HeaderField } from "../../../src/lib/http2/static_table.ts";
import { http2Pair } from "../http2/http2_pair.ts";
import { manualTimers } from "../manual_timers.ts";
import { answerOf, ask, beginCall, grpcHead, messagesOf } from "./grpc_client.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const bytes = (text: string): Uint8Array<ArrayBuffer> => encoder.encode(text);
const settle = () => new Promise((resolve) => setImmediate(resolve));

/** A message of `length` bytes, with its prefix. */
function frame(length: number): Uint8Array<ArrayBuffer> {
  const framed = new Uint8Array(5 + length);
  new DataView(framed.buffer).setUint32(1, length);
  return framed;
}

interface Served {
  readonly calls: GrpcCall[];
  readonly errors: unknown[];
  left: boolean;
}

function serve(more: Record<string, GrpcMethod> = {}, options: Partial<GrpcServerOptions> = {}) {
  const served: Served = { calls: [], errors: [], left: false };
  const timers = manualTimers();
  const methods = new Map<string, GrpcMethod>(Object.entries(
    {
      "/t.S/Echo": {
        kind: "unary",
        answer: (request, call) => {
          served.calls.push(call);
          return Promise.resolve(request);
        },
      },
      "/t.S/Count": {
        kind: "server_stream",
        answer: async function* (request, call) {
          call.head.push(["x-head", "h"]);
          try {
            for (let at = 1; at <= Number(decoder.decode(request)); at++) {
              yield await Promise.resolve(bytes(String(at)));
            }
            call.trailers.push(["x-trailer", "t"]);
          } finally {
            served.left = true;
          }
        },
      },
      "/t.S/Forever": {
        kind: "server_stream",
        answer: async function* (_request, { signal }) {
          try {
            yield bytes("first");
            await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
          } finally {
            served.left = true;
          }
        },
      },
      "/t.S/Chat": {
        kind: "bidi",
        answer: async function* (requests) {
          for await (const request of requests) yield bytes(`${decoder.decode(request)}!`);
        },
      },
      ...more,
    } satisfies Record<string, GrpcMethod>,
  ));
  const onStream = grpcHandler({
    methods,
    maxMessageBytes: 20_000,
    timers,
    onError: (error) => served.errors.push(error),
    ...options,
  });
  return { pair: http2Pair({ onStream }), served, timers };
}

Deno.test("a unary call is answered with head, message and status", async () => {
  const { pair, served } = serve();
  await using _pair = pair;
  const { head, messages, trailers } = await ask(pair.client, "/t.S/Echo", bytes("hi"), { metadata: [["x-a", "1"]] });
  assert.equal(head.get(":status"), "200");
  assert.equal(head.get("content-type"), "application/grpc+proto");
  assert.deepEqual(messages.map((message) => decoder.decode(message)), ["hi"]);
  assert.equal(trailers.get("grpc-status"), "0");
  assert.equal(served.calls[0]?.metadata.get("x-a"), "1");
});

Deno.test("a server stream carries its own metadata before and behind its messages", async () => {
  const { pair } = serve();
  await using _pair = pair;
  const { head, messages, trailers } = await ask(pair.client, "/t.S/Count", bytes("3"));
  assert.deepEqual(messages.map((message) => decoder.decode(message)), ["1", "2", "3"]);
  assert.deepEqual([head.get("x-head"), trailers.get("x-trailer"), trailers.get("grpc-status")], ["h", "t", "0"]);
});

Deno.test("a stream of nothing is one head with a status", async () => {
  const { pair } = serve();
  await using _pair = pair;
  const { messages, trailers } = await ask(pair.client, "/t.S/Count", bytes("0"));
  assert.deepEqual([messages.length, trailers.get("grpc-status"), trailers.get(":status")], [0, "0", "200"]);
});

Deno.test("a two-way stream is answered message by message, before the request has ended", async () => {
  const { pair } = serve();
  await using _pair = pair;
  const { framedMessage } = await import("../../../src/lib/grpc/grpc_messages.ts");
  const stream = await pair.client.request(grpcHead("/t.S/Chat"));
  await stream.send(await framedMessage(bytes("a"), "identity"));
  const answers = messagesOf(stream);
  assert.equal(decoder.decode((await answers.next()).value), "a!");
  await stream.send(await framedMessage(bytes("b"), "identity"), { end: true });
  assert.equal(decoder.decode((await answers.next()).value), "b!");
  assert.equal((await answers.next()).done, true);
});

const throwing = (thrown: unknown): GrpcMethod => ({ kind: "unary", answer: () => Promise.reject(thrown) });

Deno.test("an error's message arrives escaped, its trailers as they are (Status-Message)", async () => {
  const error = new GrpcError("FAILED_PRECONDITION", "100% näh\n", { trailers: [["x-why", "because"]] });
  const { pair } = serve({ "/t.S/Fail": throwing(error) });
  await using _pair = pair;
  const { trailers, messages } = await ask(pair.client, "/t.S/Fail", bytes(""));
  assert.equal(trailers.get("grpc-status"), "9");
  assert.equal(trailers.get("grpc-message"), "100%25 n%C3%A4h%0A");
  assert.equal(trailers.get("x-why"), "because");
  assert.equal(messages.length, 0);
});

Deno.test("a message of any length stays within what a header may hold", async () => {
  const { pair } = serve({ "/t.S/Fail": throwing(new GrpcError("ABORTED", "\ud800ä".repeat(50_000))) });
  await using _pair = pair;
  const { trailers } = await ask(pair.client, "/t.S/Fail", bytes(""));
  assert.equal(trailers.get("grpc-status"), "10");
  assert.ok((trailers.get("grpc-message") ?? "").length < 10_000);
});

Deno.test("what no method should throw is told to the log, not to the peer", async () => {
  const secret = new Error("the password is 1234");
  const { pair, served } = serve({ "/t.S/Fail": throwing(secret) });
  await using _pair = pair;
  const { trailers } = await ask(pair.client, "/t.S/Fail", bytes(""));
  assert.deepEqual([trailers.get("grpc-status"), trailers.get("grpc-message")], ["13", "Internal error"]);
  assert.deepEqual(served.errors, [secret]);
});

Deno.test("an error behind the first message comes in the trailers", async () => {
  const answer: GrpcMethod = {
    kind: "server_stream",
    answer: async function* () {
      yield await Promise.resolve(bytes("one"));
      throw new GrpcError("UNAVAILABLE", "later");
    },
  };
  const { pair } = serve({ "/t.S/Half": answer });
  await using _pair = pair;
  const { messages, trailers } = await ask(pair.client, "/t.S/Half", bytes(""));
  assert.deepEqual([messages.length, trailers.get("grpc-status")], [1, "14"]);
});

Deno.test("gzip is read, and written where the peer takes it and it is worth it", async () => {
  const { pair } = serve();
  await using _pair = pair;
  const large = bytes("a".repeat(19_000));
  for (
    const [message, accepted, packed] of [[large, "gzip", true], [large, "deflate,gzip", true], [
      large,
      "identity",
      false,
    ], [bytes("small"), "gzip", false]] as const
  ) {
    const stream = await beginCall(pair.client, "/t.S/Echo", {
      messages: [message],
      encoding: "gzip",
      metadata: [["grpc-accept-encoding", accepted]],
    });
    const raw: Uint8Array[] = [];
    for (let chunk = await stream.read(); chunk !== undefined; chunk = await stream.read()) raw.push(chunk);
    assert.equal(raw[0]?.[0], packed ? 1 : 0);
    assert.equal(raw.reduce((sum, { length }) => sum + length, 0) < message.length, packed);
  }
  const { messages } = await ask(pair.client, "/t.S/Echo", large, {
    encoding: "gzip",
    metadata: [["grpc-accept-encoding", "gzip"]],
  });
  assert.deepEqual(messages, [large]);
});

/** What a peer can do wrong: [what, metadata, raw body, status, message]. */
const framed = (flag: number, length: number, body: Uint8Array) =>
  Uint8Array.of(flag, length >>> 24, length >>> 16, length >>> 8, length, ...body);
const bomb = new Uint8Array(
  await new Response(new Blob([new Uint8Array(5_000_000)]).stream().pipeThrough(new CompressionStream("gzip")))
    .arrayBuffer(),
);
const WRONG: [what: string, metadata: HeaderField[], body: Uint8Array, status: string, message: RegExp][] = [
  ["no message", [], new Uint8Array(0), "12", /holds no message/],
  [
    "two messages",
    [],
    new Uint8Array([...framed(0, 1, bytes("a")), ...framed(0, 1, bytes("b"))]),
    "12",
    /more than one/,
  ],
  ["a prefix that is cut off", [], Uint8Array.of(0, 0), "13", /cut off/],
  ["a message that is cut off", [], framed(0, 9, bytes("a")), "13", /cut off/],
  ["a message that is too large", [], framed(0, 20_001, bytes("a")), "8", /20001 bytes: at most 20000/],
  ["a packed message without grpc-encoding", [], framed(1, 1, bytes("a")), "13", /nothing says how/],
  ["a flag that means nothing", [["grpc-encoding", "gzip"]], framed(2, 1, bytes("a")), "13", /nothing says how/],
  ["an unknown encoding", [["grpc-encoding", "snappy"]], framed(1, 1, bytes("a")), "12", /snappy/],
  ["gzip that is none", [["grpc-encoding", "gzip"]], framed(1, 4, bytes("abcd")), "13", /no gzip/],
  ["gzip that holds too much", [["grpc-encoding", "gzip"]], framed(1, bomb.length, bomb), "8", /at most 20000/],
];
for (const [what, metadata, body, status, message] of WRONG) {
  Deno.test(`a call with ${what} is answered with ${status}`, async () => {
    const { pair } = serve();
    await using _pair = pair;
    const stream = await pair.client.request(grpcHead("/t.S/Echo", metadata));
    await stream.send(body, { end: true });
    const { trailers } = await answerOf(stream);
    assert.equal(trailers.get("grpc-status"), status);
    assert.match(decodeURIComponent(trailers.get("grpc-message") ?? ""), message);
  });
}

Deno.test("an unknown method is UNIMPLEMENTED", async () => {
  const { pair } = serve();
  await using _pair = pair;
  for (const path of ["/t.S/Nope", "/t.S/echo", "/constructor", "/"]) {
    assert.equal((await ask(pair.client, path, bytes(""))).trailers.get("grpc-status"), "12", path);
  }
});

Deno.test("what is no gRPC is refused in terms of HTTP", async () => {
  const { pair } = serve();
  await using _pair = pair;
  const rows: [HeaderField[], string][] = [
    [[[":method", "GET"], [":scheme", "http"], [":path", "/"]], "405"],
    [[[":method", "POST"], [":scheme", "http"], [":path", "/"], ["content-type", "application/json"]], "415"],
    [[[":method", "POST"], [":scheme", "http"], [":path", "/"], ["content-type", "application/grpc-web"]], "415"],
    [[[":method", "POST"], [":scheme", "http"], [":path", "/"]], "415"],
  ];
  for (const [fields, status] of rows) {
    const stream = await pair.client.request(fields, { end: true });
    assert.equal(new Map(await stream.head()).get(":status"), status);
  }
});

Deno.test("a deadline that passes ends the call with DEADLINE_EXCEEDED and tells the method", async () => {
  const { pair, timers, served } = serve();
  await using _pair = pair;
  const stream = await beginCall(pair.client, "/t.S/Forever", {
    messages: [bytes("")],
    metadata: [["grpc-timeout", "200m"]],
  });
  const answers = messagesOf(stream);
  await answers.next();
  timers.advance(199);
  await settle();
  assert.equal(served.left, false);
  timers.advance(1);
  assert.equal((await answers.next()).done, true);
  assert.equal(new Map(stream.trailers).get("grpc-status"), "4");
  await settle();
  assert.equal(served.left, true);
  assert.equal(timers.running(), 0);
});

Deno.test("a caller that goes away aborts the method's signal, and the method is left", async () => {
  const { pair, served, timers } = serve();
  await using _pair = pair;
  const stream = await beginCall(pair.client, "/t.S/Forever", {
    messages: [bytes("")],
    metadata: [["grpc-timeout", "1H"]],
  });
  await messagesOf(stream).next();
  stream.reset("CANCEL");
  await pair.client.ping();
  await settle();
  assert.equal(served.left, true);
  assert.equal(timers.running(), 0);
  assert.deepEqual(served.errors, []);
});

for (const kind of ["server_stream", "bidi"] as const) {
  Deno.test(`a caller that went away before its ${kind} call was answered is not waited for`, async () => {
    const arrived = Promise.withResolvers<Http2Stream>();
    const pair = http2Pair({ onStream: arrived.resolve });
    await using _pair = pair;
    const stream = await beginCall(pair.client, "/t.S/Wait", { messages: [bytes("")] });
    const late = await arrived.promise;
    stream.reset("CANCEL");
    await pair.client.ping();
    await settle();
    const answer = async function* (_request: unknown, { signal }: GrpcCall): AsyncGenerator<Uint8Array<ArrayBuffer>> {
      if (!signal.aborted) await new Promise((resolve) => signal.addEventListener("abort", resolve));
      yield bytes("nobody hears it");
    };
    const methods = new Map<string, GrpcMethod>([["/t.S/Wait", { kind, answer }]]);
    const onError = (error: unknown) => assert.fail(String(error));
    await grpcHandler({ methods, maxMessageBytes: 20_000, timers: manualTimers(), onError })(late);
  });
}

Deno.test("a reader that takes nothing for too long is told so, and may come again", async () => {
  const large: GrpcMethod = {
    kind: "server_stream",
    answer: async function* () {
      while (true) yield await Promise.resolve(new Uint8Array(19_000));
    },
  };
  const { pair } = serve({ "/t.S/Large": large });
  await using _pair = pair;
  const stream = await beginCall(pair.client, "/t.S/Large", { messages: [bytes("")] });
  await stream.head();
  await settle();
  for (const open of pair.server.openStreams) open.stall();
  await assert.doesNotReject(async () => {
    for (let chunk = await stream.read(); chunk !== undefined; chunk = await stream.read());
  });
  assert.equal(new Map(stream.trailers).get("grpc-status"), "14");
});

for (const [what, sent] of [["half of its message", frame(100).subarray(0, 50)], ["nothing", undefined]] as const) {
  Deno.test(`a request that brings ${what} is given up in time, whatever its deadline`, async () => {
    const { pair, timers, served } = serve({}, { requestTimeoutMs: 30_000 });
    await using _pair = pair;
    const stream = await pair.client.request(grpcHead("/t.S/Echo", [["grpc-timeout", "1H"]]));
    if (sent !== undefined) await stream.send(sent);
    await pair.client.ping();
    timers.advance(29_000);
    await settle();
    assert.equal(pair.server.openStreams.length, 1);
    timers.advance(1000);
    const answer = new Map(await stream.head());
    assert.equal(answer.get("grpc-status"), "4");
    assert.match(answer.get("grpc-message") ?? "", /took longer than 30000 ms to arrive/);
    await settle();
    assert.deepEqual([pair.server.openStreams.length, served.calls.length, timers.running()], [0, 0, 0]);
  });
}

Deno.test("a request that has arrived has all the time that its call has", async () => {
  const { pair, timers } = serve({}, { requestTimeoutMs: 1000 });
  await using _pair = pair;
  const stream = await beginCall(pair.client, "/t.S/Forever", { messages: [bytes("")] });
  const answers = messagesOf(stream);
  await answers.next();
  timers.advance(3_600_000);
  await settle();
  assert.equal(pair.server.openStreams.length, 1);
  stream.reset("CANCEL");
});

Deno.test("requests that are still arriving share what there is, and give it back however they end", async () => {
  const budget = new ByteBudget(10_000);
  const { pair, timers } = serve({}, { budget, requestTimeoutMs: 1000 });
  await using _pair = pair;
  const half = async () => {
    const stream = await pair.client.request(grpcHead("/t.S/Echo"));
    await stream.send(frame(9000).subarray(0, 8000));
    await pair.client.ping();
    await settle();
    return stream;
  };
  const echoes = async () => (await ask(pair.client, "/t.S/Echo", bytes("x".repeat(5000)))).trailers.get("grpc-status");
  assert.equal(await echoes(), "0");
  const endings: ((stream: Http2Stream) => Promise<unknown> | void)[] = [
    (stream) => stream.send(new Uint8Array(1005), { end: true }),
    (stream) => stream.reset("CANCEL"),
    (stream) => stream.send(new Uint8Array(0), { end: true }),
    () => timers.advance(1000),
  ];
  for (const ending of endings) {
    const stream = await half();
    const refused = await ask(pair.client, "/t.S/Echo", bytes("x".repeat(5000)));
    assert.equal(refused.trailers.get("grpc-status"), "14");
    assert.match(refused.trailers.get("grpc-message") ?? "", /Too many requests are arriving/);
    await ending(stream);
    await pair.client.ping();
    await settle();
    assert.equal(await echoes(), "0");
  }
  assert.ok(budget.take(10_000), "something was not given back");
});
