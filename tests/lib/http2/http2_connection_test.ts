import assert from "node:assert/strict";
import { FLAG, FRAME, type Frame, PREFACE, readUint32 } from "../../../src/lib/http2/frame.ts";
import { FrameReader } from "../../../src/lib/http2/frame_reader.ts";
import { Http2Connection } from "../../../src/lib/http2/http2_connection.ts";
import { StreamError } from "../../../src/lib/http2/http2_error.ts";
import type { Http2Stream } from "../../../src/lib/http2/http2_stream.ts";
import { manualTimers } from "../manual_timers.ts";
import { duplex } from "./duplex.ts";
import { bodyOf, http2Pair } from "./http2_pair.ts";
import { codeOf, data, headers, numbers, rawClient, rawServer, REQUEST, settings } from "./raw_peer.ts";

const WHOLE = FLAG.END_HEADERS | FLAG.END_STREAM;
const isCut = (code: string) => (thrown: unknown) => thrown instanceof StreamError && thrown.code === code;
const encoder = new TextEncoder();
/** Lets everything that can happen without anybody else happen. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

Deno.test("a request and its answer cross with head, body and trailers", async () => {
  await using pair = http2Pair();
  const stream = await pair.client.request(REQUEST);
  await stream.send(encoder.encode("Hello, "));
  await stream.send(encoder.encode("world"), { end: true });
  assert.deepEqual(await stream.head(), [[":status", "200"]]);
  assert.equal(await bodyOf(stream), "Hello, world");
  assert.deepEqual(stream.trailers, [["x-done", "yes"]]);
  assert.equal(stream.isClosed, true);
});

Deno.test("a server finds the request's fields, and an empty body at its end", async () => {
  let seen: unknown;
  await using pair = http2Pair({
    onStream: async (stream) => {
      seen = [stream.fields, await stream.read()];
      stream.sendHeaders([[":status", "204"]], { end: true });
    },
  });
  const stream = await pair.client.request([...REQUEST, ["x-a", "1"]], { end: true });
  assert.deepEqual(await stream.head(), [[":status", "204"]]);
  assert.deepEqual(seen, [[...REQUEST, ["x-a", "1"]], undefined]);
});

Deno.test("what was read of a connection before is answered, though nothing more comes", async () => {
  const [ours, theirs] = duplex();
  const asked = [PREFACE, settings(), headers(1, REQUEST, WHOLE)].flatMap((piece) => [...piece]);
  const onStream = (stream: Http2Stream) => stream.sendHeaders([[":status", "204"]], { end: true });
  const options = { timers: manualTimers(), first: Uint8Array.from(asked) };
  const over = new Http2Connection({ role: "server", onStream }, theirs, options).run();
  const reader = new FrameReader(ours, 16_384);
  let frame: Frame | undefined;
  for (; frame?.type !== FRAME.HEADERS; frame = reader.next()) if (frame === undefined) await reader.fill();
  assert.equal(frame.streamId, 1);
  ours.close();
  await over;
});

Deno.test("a body much larger than all windows crosses both ways", async () => {
  await using pair = http2Pair();
  const megabytes = 5;
  const piece = new Uint8Array(1_048_576).map((_, at) => at % 251);
  const stream = await pair.client.request(REQUEST);
  const sending = (async () => {
    for (let count = 1; count <= megabytes; count++) await stream.send(piece, { end: count === megabytes });
  })();
  let length = 0;
  let sum = 0;
  for (let chunk = await stream.read(); chunk !== undefined; chunk = await stream.read()) {
    length += chunk.length;
    for (const byte of chunk) sum += byte;
  }
  await sending;
  assert.equal(length, megabytes * piece.length);
  assert.equal(sum, megabytes * piece.reduce((total, byte) => total + byte, 0));
});

Deno.test("many streams at once each get their own answer", async () => {
  await using pair = http2Pair();
  const texts = Array.from({ length: 300 }, (_, at) => `stream ${at} `.repeat(at + 1));
  const answers = await Promise.all(texts.map(async (text) => {
    const stream = await pair.client.request(REQUEST);
    await stream.send(encoder.encode(text), { end: true });
    return await bodyOf(stream);
  }));
  assert.deepEqual(answers, texts);
});

Deno.test("send() waits for the stream's window and goes on when it widens (RFC 9113 §6.9)", async () => {
  const peer = await rawClient({
    onStream: async (stream) => {
      stream.sendHeaders([[":status", "200"]]);
      await stream.send(encoder.encode("0123456789"), { end: true });
    },
  });
  await peer.write(settings([[4, 3]]), headers(1, REQUEST, WHOLE));
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  assert.equal(text((await peer.until(FRAME.DATA)).payload), "012");
  await settle();
  await peer.write(numbers(FRAME.WINDOW_UPDATE, 1, 4));
  assert.equal(text((await peer.until(FRAME.DATA)).payload), "3456");
  // §6.9.2: a window can become negative, and has to be refilled first.
  await peer.write(settings([[4, 0]]), numbers(FRAME.WINDOW_UPDATE, 1, 3));
  await peer.write(numbers(FRAME.WINDOW_UPDATE, 1, 1));
  const frame = await peer.until(FRAME.DATA);
  assert.equal(text(frame.payload), "7");
  await peer.write(settings([[4, 2]]));
  const last = await peer.until(FRAME.DATA);
  assert.deepEqual([text(last.payload), last.flags], ["89", FLAG.END_STREAM]);
  peer.bytes.close();
});

Deno.test("streams take turns when the connection's window is narrow", async () => {
  const piece = new Uint8Array(100_000);
  const peer = await rawClient({
    onStream: async (stream) => {
      stream.sendHeaders([[":status", "200"]]);
      await stream.send(piece, { end: true }).catch(() => {});
    },
  });
  await peer.write(settings([[4, 1_000_000]]), headers(1, REQUEST, WHOLE), headers(3, REQUEST, WHOLE));
  const bytes = new Map<number, number>();
  let total = 0;
  while (total < 65_535) {
    const { streamId, payload } = await peer.until(FRAME.DATA);
    total += payload.length;
    bytes.set(streamId, (bytes.get(streamId) ?? 0) + payload.length);
  }
  await peer.write(numbers(FRAME.WINDOW_UPDATE, 0, 65_535));
  while (total < 131_070) {
    const { streamId, payload } = await peer.until(FRAME.DATA);
    total += payload.length;
    bytes.set(streamId, (bytes.get(streamId) ?? 0) + payload.length);
  }
  assert.ok((bytes.get(1) ?? 0) > 16_000 && (bytes.get(3) ?? 0) > 16_000, JSON.stringify([...bytes]));
  peer.bytes.close();
});

Deno.test("a peer gets room for what was read, and no more than its window before", async () => {
  let read = () => {};
  const reading = new Promise<void>((resolve) => read = resolve);
  const peer = await rawClient({
    onStream: async (stream) => {
      await reading;
      await bodyOf(stream).catch(() => {});
    },
  });
  await peer.write(headers(1, REQUEST, FLAG.END_HEADERS));
  for (let sent = 0; sent < 262_144; sent += 16_384) await peer.write(data(1, new Uint8Array(16_384)));
  await settle();
  read();
  const updates = [await peer.until(FRAME.WINDOW_UPDATE)];
  while (updates.at(-1)?.streamId !== 1) updates.push(await peer.until(FRAME.WINDOW_UPDATE));
  assert.equal(readUint32(updates.at(-1)?.payload ?? new Uint8Array(0), 0), 131_072);
  peer.bytes.close();
});

Deno.test("a peer that sends more than its window loses the stream, and then the connection", async () => {
  const peer = await rawClient({ onStream: () => {} });
  await peer.write(headers(1, REQUEST, FLAG.END_HEADERS));
  for (let sent = 0; sent < 262_144 + 16_384; sent += 16_384) await peer.write(data(1, new Uint8Array(16_384)));
  assert.equal(codeOf(await peer.until(FRAME.RST_STREAM)), "FLOW_CONTROL_ERROR");
  peer.bytes.close();
});

Deno.test("bytes that nobody read do not narrow the connection for others", async () => {
  const peer = await rawClient({ onStream: (stream) => stream.reset("CANCEL") });
  for (let at = 0; at < 20; at++) {
    await peer.write(headers(1 + 2 * at, REQUEST, FLAG.END_HEADERS));
    for (let sent = 0; sent < 131_072; sent += 16_384) await peer.write(data(1 + 2 * at, new Uint8Array(16_384)));
  }
  const frames: number[] = [];
  await peer.write(numbers(FRAME.PING, 0, 1, 2));
  for (let frame = await peer.next(); frame?.type !== FRAME.PING; frame = await peer.next()) {
    frames.push(frame?.type ?? -1);
  }
  assert.equal(frames.includes(FRAME.GOAWAY), false);
  peer.bytes.close();
});

Deno.test("a stream that the peer resets aborts its signal and its reads and writes", async () => {
  const reasons: unknown[] = [];
  let told = () => {};
  const aborted = new Promise<void>((resolve) => told = resolve);
  const peer = await rawClient({
    onStream: (stream) => {
      stream.signal.addEventListener("abort", () => told());
      stream.read().catch((thrown) => reasons.push(thrown));
    },
  });
  await peer.write(headers(1, REQUEST, FLAG.END_HEADERS), numbers(FRAME.RST_STREAM, 1, 8));
  await aborted;
  await settle();
  assert.equal(reasons.filter(isCut("CANCEL")).length, 1);
  peer.bytes.close();
});

Deno.test("a server that answers before the request has ended tells the client to stop (RFC 9113 §8.1)", async () => {
  const peer = await rawClient({ onStream: (stream) => stream.sendHeaders([[":status", "413"]], { end: true }) });
  await peer.write(headers(1, REQUEST, FLAG.END_HEADERS));
  const answer = await peer.until(FRAME.HEADERS);
  assert.deepEqual(peer.headers(answer), [[":status", "413"]]);
  assert.equal(codeOf(await peer.until(FRAME.RST_STREAM)), "NO_ERROR");
  // What was on its way is borne.
  await peer.write(data(1, "late", FLAG.END_STREAM), numbers(FRAME.PING, 0, 7, 7));
  await peer.until(FRAME.PING);
  peer.bytes.close();
});

Deno.test("more streams at once than allowed are refused, and later ones taken (RFC 9113 §5.1.2)", async () => {
  const open: Http2Stream[] = [];
  const peer = await rawClient({ maxConcurrentStreams: 2, onStream: (stream) => open.push(stream) });
  for (const id of [1, 3, 5]) await peer.write(headers(id, REQUEST, WHOLE));
  const reset = await peer.until(FRAME.RST_STREAM);
  assert.deepEqual([reset.streamId, codeOf(reset)], [5, "REFUSED_STREAM"]);
  open[0]?.sendHeaders([[":status", "200"]], { end: true });
  await peer.write(headers(7, REQUEST, WHOLE), numbers(FRAME.PING, 0, 1, 1));
  await peer.until(FRAME.PING);
  assert.deepEqual(open.map(({ id }) => id), [1, 3, 7]);
  peer.bytes.close();
});

Deno.test("request() waits while the server takes no more at once", async () => {
  const open: Http2Stream[] = [];
  await using pair = http2Pair({ maxConcurrentStreams: 1, onStream: (stream) => open.push(stream) });
  // The limit is known with the server's SETTINGS.
  await pair.client.ping();
  const first = await pair.client.request(REQUEST, { end: true });
  const second = pair.client.request(REQUEST, { end: true });
  await pair.client.ping();
  assert.equal(open.length, 1);
  open[0]?.sendHeaders([[":status", "200"]], { end: true });
  assert.deepEqual(await first.head(), [[":status", "200"]]);
  assert.equal((await second).id, 3);
});

Deno.test("a head that is too large is answered with 431, and the connection goes on", async () => {
  const peer = await rawClient();
  const fields = Array.from({ length: 40 }, (_, at) => [`x-${at}`, "v".repeat(1000)] as const);
  const bytes = headers(1, [...REQUEST, ...fields], 0);
  const payload = bytes.subarray(9);
  const { frameBytes } = await import("../../../src/lib/http2/frame.ts");
  for (let at = 0; at < payload.length; at += 16_000) {
    const type = at === 0 ? FRAME.HEADERS : FRAME.CONTINUATION;
    const flags = (at === 0 ? FLAG.END_STREAM : 0) | (at + 16_000 >= payload.length ? FLAG.END_HEADERS : 0);
    await peer.write(frameBytes({ type, flags, streamId: 1 }, payload.subarray(at, at + 16_000)));
  }
  assert.deepEqual(peer.headers(await peer.until(FRAME.HEADERS)), [[":status", "431"]]);
  await peer.write(headers(3, REQUEST, WHOLE));
  assert.equal((await peer.until(FRAME.HEADERS)).streamId, 3);
  peer.bytes.close();
});

Deno.test("drain() takes what is on its way, then ends when the last stream has (RFC 9113 §6.8)", async () => {
  const open: Http2Stream[] = [];
  const peer = await rawClient({ onStream: (stream) => open.push(stream) });
  await peer.write(headers(1, REQUEST, WHOLE), numbers(FRAME.PING, 0, 1, 1));
  await peer.until(FRAME.PING);
  peer.connection.drain();
  peer.connection.drain();
  const first = await peer.until(FRAME.GOAWAY);
  assert.deepEqual([readUint32(first.payload, 0), codeOf(first)], [0x7fffffff, "NO_ERROR"]);
  const ping = await peer.until(FRAME.PING);
  await peer.write(headers(3, REQUEST, WHOLE));
  const { frameBytes } = await import("../../../src/lib/http2/frame.ts");
  await peer.write(frameBytes({ type: FRAME.PING, flags: FLAG.ACK, streamId: 0 }, ping.payload));
  const second = await peer.until(FRAME.GOAWAY);
  assert.deepEqual([readUint32(second.payload, 0), codeOf(second)], [3, "NO_ERROR"]);
  await peer.write(headers(5, REQUEST, WHOLE), data(5, ""));
  await settle();
  assert.deepEqual(open.map(({ id }) => id), [1, 3]);
  for (const stream of open) stream.sendHeaders([[":status", "200"]], { end: true });
  const rest = await peer.rest();
  assert.deepEqual(rest.map(({ type, streamId }) => [type, streamId]), [[FRAME.HEADERS, 1], [FRAME.HEADERS, 3]]);
  peer.bytes.close();
  await peer.over;
});

Deno.test("drain() does not wait for ever for a peer that does not answer", async () => {
  const peer = await rawClient({ onStream: () => assert.fail("it came too late") });
  peer.connection.drain();
  await peer.until(FRAME.GOAWAY);
  peer.timers.advance(19_000);
  assert.equal(peer.connection.isOver, false);
  peer.timers.advance(1000);
  const last = await peer.until(FRAME.GOAWAY);
  assert.deepEqual([readUint32(last.payload, 0), codeOf(last)], [0, "NO_ERROR"]);
  assert.equal(peer.connection.isOver, true);
  await peer.write(headers(1, REQUEST, WHOLE));
  assert.deepEqual(await peer.rest(), []);
  peer.bytes.close();
  await peer.over;
  assert.equal(peer.timers.running(), 0);
});

Deno.test("a client whose server leaves loses only what the server has not begun with", async () => {
  const peer = await rawServer();
  const [begun, other] = await Promise.all([
    peer.connection.request(REQUEST, { end: true }),
    peer.connection.request(REQUEST, { end: true }),
  ]);
  await peer.write(numbers(FRAME.GOAWAY, 0, 1, 0));
  await assert.rejects(other.head(), isCut("REFUSED_STREAM"));
  await assert.rejects(peer.connection.request(REQUEST), isCut("REFUSED_STREAM"));
  await peer.write(headers(1, [[":status", "200"]], WHOLE));
  assert.deepEqual(await begun.head(), [[":status", "200"]]);
  await peer.rest();
  peer.bytes.close();
  await peer.over;
  assert.equal(peer.connection.isOver, true);
});

Deno.test("a client passes over interim answers and refuses what a server may not send", async () => {
  const peer = await rawServer();
  const stream = await peer.connection.request(REQUEST, { end: true });
  await peer.write(headers(1, [[":status", "103"], ["link", "a"]], FLAG.END_HEADERS));
  await peer.write(headers(1, [[":status", "200"]], FLAG.END_HEADERS), data(1, "x", FLAG.END_STREAM));
  assert.deepEqual(await stream.head(), [[":status", "200"]]);
  const bad = await peer.connection.request(REQUEST, { end: true });
  await peer.write(headers(3, [["no-status", "1"]], WHOLE));
  await assert.rejects(bad.head(), isCut("PROTOCOL_ERROR"));
  const early = await peer.connection.request(REQUEST, { end: true });
  await peer.write(data(5, "before any head"));
  await assert.rejects(early.head(), isCut("PROTOCOL_ERROR"));
  await peer.write(headers(2, [[":status", "200"]], WHOLE));
  assert.equal(codeOf(await peer.until(FRAME.GOAWAY)), "PROTOCOL_ERROR");
  peer.bytes.close();
  await peer.over;
});

Deno.test("a lost connection cuts every stream with a cause", async () => {
  const pair = http2Pair({ onStream: () => {} });
  const stream = await pair.client.request(REQUEST);
  const { signal } = stream;
  await pair[Symbol.asyncDispose]();
  await assert.rejects(stream.head(), isCut("CANCEL"));
  assert.ok(isCut("CANCEL")(signal.reason));
  await assert.rejects(stream.send(new Uint8Array(1)), isCut("CANCEL"));
  await assert.rejects(pair.client.request(REQUEST), isCut("REFUSED_STREAM"));
});

Deno.test("close() tells why and does not wait for a peer that never closes", async () => {
  const peer = await rawClient();
  peer.connection.close("ENHANCE_YOUR_CALM", "enough");
  const goAway = await peer.until(FRAME.GOAWAY);
  assert.equal(codeOf(goAway), "ENHANCE_YOUR_CALM");
  assert.equal(new TextDecoder().decode(goAway.payload.subarray(8)), "enough");
  await settle();
  peer.timers.advance(1000);
  await peer.over;
});

Deno.test("ping() resolves with the peer's answer", async () => {
  await using pair = http2Pair();
  await pair.client.ping();
  await pair.server.ping();
});

Deno.test("sending behind the end is refused", async () => {
  await using pair = http2Pair();
  const stream = await pair.client.request(REQUEST, { end: true });
  await assert.rejects(stream.send(new Uint8Array(1)), isCut("STREAM_CLOSED"));
  assert.throws(() => stream.sendHeaders([["a", "b"]]), isCut("STREAM_CLOSED"));
});
