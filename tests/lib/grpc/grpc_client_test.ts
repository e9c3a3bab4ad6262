import assert from "node:assert/strict";
import { createGrpcClient, type GrpcClientOptions } from "../../../src/lib/grpc/grpc_client.ts";
import { type GrpcCall, grpcHandler, type GrpcMethod } from "../../../src/lib/grpc/grpc_server.ts";
import { GrpcError, type GrpcStatus } from "../../../src/lib/grpc/grpc_status.ts";
import { Http2Connection } from "../../../src/lib/http2/http2_connection.ts";
import type { Http2Stream } from "../../../src/lib/http2/http2_stream.ts";
import type { HeaderField } from "../../../src/lib/http2/static_table.ts";
import { isUnreachable } from "../../../src/lib/unreachable.ts";
import { duplex, type TestBytes } from "../http2/duplex.ts";
import { manualTimers } from "../manual_timers.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const bytes = (text: string): Uint8Array<ArrayBuffer> => encoder.encode(text);
const text = (message: Uint8Array) => decoder.decode(message);
const settle = () => new Promise((resolve) => setImmediate(resolve));
const never = new AbortController().signal;

interface Opened {
  readonly server: Http2Connection;
  readonly ours: TestBytes;
}

/** A client and as many connections in memory as it asks for, each served by `onStream`. */
function under(onStream: (stream: Http2Stream) => void, more: Partial<GrpcClientOptions> = {}) {
  const timers = manualTimers();
  const opened: Opened[] = [];
  const over: Promise<void>[] = [];
  const client = createGrpcClient({
    authority: "agent.example:50051",
    scheme: "http",
    maxMessageBytes: 1_000_000,
    timers,
    open: () => {
      const [ours, theirs] = duplex();
      const server = new Http2Connection({ role: "server", onStream }, theirs, { timers });
      over.push(server.run());
      opened.push({ server, ours });
      return Promise.resolve(ours);
    },
    ...more,
  });
  return {
    client,
    timers,
    opened,
    async [Symbol.asyncDispose]() {
      client.close();
      await settle();
      for (const { ours } of opened) ours.close();
      await Promise.all(over);
    },
  };
}

/** A server of ours with some methods to be called. */
function served(more: Record<string, GrpcMethod> = {}, clientOptions: Partial<GrpcClientOptions> = {}) {
  const calls: GrpcCall[] = [];
  const seen = { left: 0 };
  const methods = new Map<string, GrpcMethod>(Object.entries({
    "/t.S/Echo": {
      kind: "unary",
      answer: (request, call) => {
        calls.push(call);
        return Promise.resolve(request);
      },
    },
    "/t.S/Count": {
      kind: "server_stream",
      answer: async function* (request) {
        for (let at = 1; at <= Number(text(request)); at++) yield await Promise.resolve(bytes(String(at)));
      },
    },
    "/t.S/Forever": {
      kind: "server_stream",
      answer: async function* (_request, call) {
        calls.push(call);
        try {
          yield bytes("first");
          await new Promise<void>((resolve) => call.signal.addEventListener("abort", () => resolve(), { once: true }));
        } finally {
          seen.left++;
        }
      },
    },
    ...more,
  }));
  const onError = (error: unknown) => assert.fail(String(error));
  const handler = grpcHandler({ methods, maxMessageBytes: 1_000_000, timers: manualTimers(), onError });
  return { ...under((stream) => void handler(stream), clientOptions), calls, seen };
}

/** A peer that answers each stream as it is told to. */
function answering(answer: (stream: Http2Stream) => void | Promise<void>, more: Partial<GrpcClientOptions> = {}) {
  return under((stream) => void answer(stream), more);
}

function isGrpc(status: GrpcStatus, message = /./): (thrown: unknown) => boolean {
  return (thrown) => thrown instanceof GrpcError && thrown.status === status && message.test(thrown.message);
}

Deno.test("unary() gives the answer, and tells who calls and how", async () => {
  const peer = served();
  await using _peer = peer;
  const metadata: HeaderField[] = [["authorization", "Bearer t"], ["x-a", "b"]];
  const answer = await peer.client.unary("/t.S/Echo", bytes("hi"), { signal: never, metadata, timeoutMs: 1500 });
  assert.equal(text(answer), "hi");
  const got = peer.calls[0]?.metadata;
  assert.deepEqual(
    [":authority", ":scheme", "te", "grpc-timeout", "authorization", "x-a"].map((name) => got?.get(name)),
    ["agent.example:50051", "http", "trailers", "1500m", "Bearer t", "b"],
  );
});

Deno.test("unary() reads an answer that was packed and sends one that is large", async () => {
  const peer = served();
  await using _peer = peer;
  const large = bytes("x".repeat(400_000));
  assert.equal((await peer.client.unary("/t.S/Echo", large, { signal: never })).length, large.length);
});

Deno.test("serverStream() gives messages as they come and shares one connection with other calls", async () => {
  const peer = served();
  await using _peer = peer;
  const [many, few, one] = await Promise.all([
    Array.fromAsync(peer.client.serverStream("/t.S/Count", bytes("300"), { signal: never })),
    Array.fromAsync(peer.client.serverStream("/t.S/Count", bytes("0"), { signal: never })),
    peer.client.unary("/t.S/Echo", bytes("hi"), { signal: never }),
  ]);
  assert.deepEqual(many.map(text), Array.from({ length: 300 }, (_, at) => String(at + 1)));
  assert.deepEqual(few, []);
  assert.equal(text(one), "hi");
  assert.equal(peer.opened.length, 1);
});

const FAILURES: readonly [status: GrpcStatus, message: string][] = [
  ["NOT_FOUND", "There is no such thing"],
  ["UNAUTHENTICATED", "Wer bist du? 100 % – 🙂"],
  ["UNKNOWN", ""],
];
for (const [status, message] of FAILURES) {
  Deno.test(`calls throw ${status} with what the peer says, before and behind messages`, async () => {
    const error = new GrpcError(status, message, { trailers: [["x-detail", "d"]] });
    const peer = served({
      "/t.S/Fail": { kind: "unary", answer: () => Promise.reject(error) },
      "/t.S/FailLater": {
        kind: "server_stream",
        answer: async function* () {
          yield await Promise.resolve(bytes("1"));
          throw error;
        },
      },
    });
    await using _peer = peer;
    const check = (thrown: unknown) => {
      assert.ok(thrown instanceof GrpcError);
      assert.equal(thrown.status, status);
      assert.equal(thrown.message, message);
      assert.ok(thrown.trailers.some(([name, value]) => name === "x-detail" && value === "d"));
      return true;
    };
    await assert.rejects(peer.client.unary("/t.S/Fail", bytes(""), { signal: never }), check);
    const heard: string[] = [];
    await assert.rejects(async () => {
      for await (const message of peer.client.serverStream("/t.S/FailLater", bytes(""), { signal: never })) {
        heard.push(text(message));
      }
    }, check);
    assert.deepEqual(heard, ["1"]);
  });
}

const OK_HEAD: readonly HeaderField[] = [[":status", "200"], ["content-type", "application/grpc"]];
const framed = (message: string) => new Uint8Array([0, 0, 0, 0, message.length, ...bytes(message)]);

const WRONG: readonly [name: string, answer: (stream: Http2Stream) => void | Promise<void>, status: GrpcStatus][] = [
  ["HTTP 404", (stream) => stream.sendHeaders([[":status", "404"]], { end: true }), "UNIMPLEMENTED"],
  ["HTTP 401", (stream) => stream.sendHeaders([[":status", "401"]], { end: true }), "UNAUTHENTICATED"],
  ["HTTP 503", (stream) => stream.sendHeaders([[":status", "503"]], { end: true }), "UNAVAILABLE"],
  ["HTTP 418", (stream) => stream.sendHeaders([[":status", "418"]], { end: true }), "UNKNOWN"],
  ["a web page", (stream) => {
    stream.sendHeaders([[":status", "200"], ["content-type", "text/html"]]);
    return stream.send(bytes("<html>"), { end: true });
  }, "UNKNOWN"],
  ["no status at all", async (stream) => {
    stream.sendHeaders(OK_HEAD);
    await stream.send(framed("a"), { end: true });
  }, "UNKNOWN"],
  [
    "a status that nobody knows",
    (stream) => stream.sendHeaders([...OK_HEAD, ["grpc-status", "99"]], { end: true }),
    "UNKNOWN",
  ],
  [
    "OK without a message",
    (stream) => stream.sendHeaders([...OK_HEAD, ["grpc-status", "0"]], { end: true }),
    "INTERNAL",
  ],
  ["two messages", async (stream) => {
    stream.sendHeaders(OK_HEAD);
    await stream.send(framed("a"));
    await stream.send(framed("b"));
    stream.sendHeaders([["grpc-status", "0"]], { end: true });
  }, "INTERNAL"],
  ["a message that is cut off", async (stream) => {
    stream.sendHeaders(OK_HEAD);
    await stream.send(new Uint8Array([0, 0, 0, 0, 9, 1]));
    stream.sendHeaders([["grpc-status", "0"]], { end: true });
  }, "INTERNAL"],
  ["a message that is too large", async (stream) => {
    stream.sendHeaders(OK_HEAD);
    await stream.send(new Uint8Array([0, 255, 0, 0, 0]));
  }, "RESOURCE_EXHAUSTED"],
  ["a reset", (stream) => stream.reset("INTERNAL_ERROR"), "UNAVAILABLE"],
  ["a request to calm down", (stream) => stream.reset("ENHANCE_YOUR_CALM"), "RESOURCE_EXHAUSTED"],
  ["a peer that finds fault", (stream) => stream.reset("PROTOCOL_ERROR"), "INTERNAL"],
];
for (const [name, answer, status] of WRONG) {
  Deno.test(`unary() makes ${status} of ${name}`, async () => {
    const peer = answering(answer);
    await using _peer = peer;
    await assert.rejects(peer.client.unary("/t.S/X", bytes(""), { signal: never }), isGrpc(status));
  });
}

for (const value of ["a\nb", "ä"]) {
  Deno.test(`calls refuse metadata that no header can hold: ${JSON.stringify(value)}`, async () => {
    const peer = served();
    await using _peer = peer;
    const asked = peer.client.unary("/t.S/Echo", bytes(""), { signal: never, metadata: [["x-a", value]] });
    await assert.rejects(asked, (thrown) => isGrpc("INTERNAL", /"x-a"/)(thrown) && !String(thrown).includes(value));
  });
}

Deno.test("calls end on both sides when they are called off", async () => {
  const peer = served();
  await using _peer = peer;
  const gone = new AbortController();
  const stream = peer.client.serverStream("/t.S/Forever", bytes(""), { signal: gone.signal });
  assert.equal(text((await stream.next()).value ?? bytes("")), "first");
  const next = stream.next();
  gone.abort(new Error("enough"));
  await assert.rejects(next, /enough/);
  await settle();
  await settle();
  assert.equal(peer.seen.left, 1);
  assert.ok(peer.calls[0]?.signal.aborted);
  await assert.rejects(peer.client.unary("/t.S/Echo", bytes(""), { signal: gone.signal }), /enough/);
});

Deno.test("calls end whenever they are called off, however far they have come", async () => {
  const peer = answering(() => {});
  await using _peer = peer;
  const warm = new AbortController();
  const first = peer.client.unary("/t.S/X", bytes(""), { signal: warm.signal });
  await settle();
  for (let ticks = 0; ticks < 60; ticks++) {
    const gone = new AbortController();
    const asked = peer.client.unary("/t.S/X", bytes(""), { signal: gone.signal });
    const ended = assert.rejects(asked, /enough/).then(() => true);
    for (let tick = 0; tick < ticks; tick++) await Promise.resolve();
    gone.abort(new Error("enough"));
    const late = settle().then(settle).then(settle).then(() => false);
    assert.ok(await Promise.race([ended, late]), `It waits on, called off after ${ticks} ticks`);
  }
  warm.abort(new Error("enough"));
  await assert.rejects(first, /enough/);
});

Deno.test("serverStream() lets go of its stream when its reader leaves", async () => {
  const peer = served();
  await using _peer = peer;
  for await (const _first of peer.client.serverStream("/t.S/Forever", bytes(""), { signal: never })) break;
  await settle();
  await settle();
  assert.equal(peer.seen.left, 1);
  assert.equal(text(await peer.client.unary("/t.S/Echo", bytes("still"), { signal: never })), "still");
});

Deno.test("calls end at their deadline", async () => {
  const peer = answering(() => {});
  await using _peer = peer;
  const asked = peer.client.unary("/t.S/X", bytes(""), { signal: never, timeoutMs: 500 });
  await settle();
  peer.timers.advance(499);
  peer.timers.advance(1);
  await assert.rejects(asked, isGrpc("DEADLINE_EXCEEDED", /500 ms/));
});

Deno.test("calls say that a peer cannot be reached, and that nothing was sent", async () => {
  const peer = served({}, { open: () => Promise.reject(new Error("connection refused")) });
  await using _peer = peer;
  await assert.rejects(peer.client.unary("/t.S/Echo", bytes(""), { signal: never }), (thrown) => {
    return isGrpc("UNAVAILABLE")(thrown) && isUnreachable(thrown);
  });
});

Deno.test("calls wait for a connection only so long, and close one that comes too late", async () => {
  const late = Promise.withResolvers<TestBytes>();
  const peer = served({}, { open: () => late.promise, connectMs: 100 });
  await using _peer = peer;
  const asked = peer.client.unary("/t.S/Echo", bytes(""), { signal: never });
  await settle();
  peer.timers.advance(100);
  await assert.rejects(asked, (thrown) => isGrpc("UNAVAILABLE")(thrown) && isUnreachable(thrown));
  const [ours] = duplex();
  late.resolve(ours);
  await settle();
  assert.ok(ours.isClosed());
});

Deno.test("a call that nobody waits for does not take the connection from those who do", async () => {
  const opening = Promise.withResolvers<void>();
  const real = served();
  const peer = served({}, {
    open: async () => {
      await opening.promise;
      const [ours, theirs] = duplex();
      new Http2Connection(
        {
          role: "server",
          onStream: (stream) => stream.sendHeaders([...OK_HEAD, ["grpc-status", "5"]], { end: true }),
        },
        theirs,
        { timers: real.timers },
      ).run();
      return ours;
    },
  });
  await using _peer = peer;
  await using _real = real;
  const gone = new AbortController();
  const left = peer.client.unary("/t.S/Echo", bytes(""), { signal: gone.signal });
  const stays = peer.client.unary("/t.S/Echo", bytes(""), { signal: never });
  gone.abort(new Error("enough"));
  await assert.rejects(left, /enough/);
  opening.resolve();
  await assert.rejects(stays, isGrpc("NOT_FOUND", /^$|./));
});

Deno.test("a peer that leaves (GOAWAY) ends what it has begun, and the next call goes over a new connection", async () => {
  const finish = Promise.withResolvers<void>();
  const peer = served({
    "/t.S/Slow": {
      kind: "server_stream",
      answer: async function* () {
        yield bytes("a");
        await finish.promise;
        yield bytes("b");
      },
    },
  });
  await using _peer = peer;
  const slow = peer.client.serverStream("/t.S/Slow", bytes(""), { signal: never });
  assert.equal(text((await slow.next()).value ?? bytes("")), "a");
  peer.opened[0]?.server.drain();
  await settle();
  await settle();
  assert.equal(text(await peer.client.unary("/t.S/Echo", bytes("new"), { signal: never })), "new");
  assert.equal(peer.opened.length, 2);
  finish.resolve();
  assert.deepEqual((await Array.fromAsync(slow)).map(text), ["b"]);
});

Deno.test("a call that the peer has not begun with is made again, once", async () => {
  let tries = 0;
  const refusing = answering((stream) => {
    if (++tries === 1) return stream.reset("REFUSED_STREAM");
    stream.sendHeaders([...OK_HEAD, ["grpc-status", "5"], ["grpc-message", "again"]], { end: true });
  });
  await using _refusing = refusing;
  await assert.rejects(refusing.client.unary("/t.S/X", bytes(""), { signal: never }), isGrpc("NOT_FOUND", /again/));
  const always = answering((stream) => stream.reset("REFUSED_STREAM"));
  await using _always = always;
  await assert.rejects(always.client.unary("/t.S/X", bytes(""), { signal: never }), isGrpc("UNAVAILABLE"));
});

Deno.test("a connection that breaks off fails its calls, and the next call makes another", async () => {
  const peer = served();
  await using _peer = peer;
  const stream = peer.client.serverStream("/t.S/Forever", bytes(""), { signal: never });
  await stream.next();
  const next = stream.next();
  peer.opened[0]?.ours.close();
  await assert.rejects(next, (thrown) => isGrpc("UNAVAILABLE", /broke off/)(thrown) && !isUnreachable(thrown));
  assert.equal(text(await peer.client.unary("/t.S/Echo", bytes("new"), { signal: never })), "new");
  assert.equal(peer.opened.length, 2);
});

Deno.test("close() ends what is under way and takes no more calls", async () => {
  const peer = served();
  await using _peer = peer;
  const stream = peer.client.serverStream("/t.S/Forever", bytes(""), { signal: never });
  await stream.next();
  const next = stream.next();
  peer.client.close();
  await assert.rejects(next, isGrpc("UNAVAILABLE"));
  await assert.rejects(peer.client.unary("/t.S/Echo", bytes(""), { signal: never }), isGrpc("UNAVAILABLE"));
});

Deno.test("a connection that nobody uses is left after a while", async () => {
  const peer = served({}, { idleMs: 5000 });
  await using _peer = peer;
  await peer.client.unary("/t.S/Echo", bytes(""), { signal: never });
  peer.timers.advance(5000);
  await settle();
  await settle();
  assert.ok(peer.opened[0]?.server.isOver);
  assert.equal(text(await peer.client.unary("/t.S/Echo", bytes("new"), { signal: never })), "new");
});
