import assert from "node:assert/strict";
import { FLAG, FRAME, frameBytes, PREFACE } from "../../../src/lib/http2/frame.ts";
import { Http2Connection } from "../../../src/lib/http2/http2_connection.ts";
import { StreamError } from "../../../src/lib/http2/http2_error.ts";
import type { Http2Stream } from "../../../src/lib/http2/http2_stream.ts";
import { type LifetimeLimits, watchLifetime } from "../../../src/lib/http2/lifetime.ts";
import { manualTimers } from "../manual_timers.ts";
import { duplex } from "./duplex.ts";
import { codeOf, echo, headers, numbers, rawClient, type RawPeerOptions, REQUEST, settings } from "./raw_peer.ts";

const WHOLE = FLAG.END_HEADERS | FLAG.END_STREAM;
const LIMITS: LifetimeLimits = {
  greetingMs: 10_000,
  idleMs: 300_000,
  pingAfterMs: 60_000,
  pingTimeoutMs: 20_000,
  maxAgeMs: 3_600_000,
  stallMs: 60_000,
};
const settle = () => new Promise((resolve) => setImmediate(resolve));

async function watched(options: RawPeerOptions = {}, limits: Partial<LifetimeLimits> = {}) {
  const peer = await rawClient(options);
  await settle();
  const stop = watchLifetime(peer.connection, { ...LIMITS, ...limits }, { timers: peer.timers, random: () => 0.5 });
  return {
    ...peer,
    async end() {
      stop();
      peer.bytes.close();
      await peer.over;
    },
  };
}

Deno.test("watchLifetime() closes a connection on which no SETTINGS come", async () => {
  const peer = await watched({ greeted: false });
  peer.timers.advance(9000);
  assert.equal(peer.connection.isOver, false);
  peer.timers.advance(1000);
  assert.equal(codeOf(await peer.until(FRAME.GOAWAY)), "PROTOCOL_ERROR");
  await peer.end();
});

Deno.test("watchLifetime() asks a silent peer, and closes when it does not answer", async () => {
  const peer = await watched({ onStream: () => {} });
  await peer.write(headers(1, REQUEST, WHOLE));
  await settle();
  peer.timers.advance(60_000);
  const ping = await peer.until(FRAME.PING);
  await peer.write(frameBytes({ type: FRAME.PING, flags: FLAG.ACK, streamId: 0 }, ping.payload));
  await settle();
  peer.timers.advance(59_000);
  assert.equal(peer.connection.isOver, false);
  peer.timers.advance(2000);
  await peer.until(FRAME.PING);
  peer.timers.advance(18_000);
  await settle();
  assert.equal(peer.connection.isOver, false);
  peer.timers.advance(1000);
  assert.equal(codeOf(await peer.until(FRAME.GOAWAY)), "NO_ERROR");
  await peer.end();
});

Deno.test("watchLifetime() drains a connection without streams, and leaves one with a stream alone", async () => {
  const open: Http2Stream[] = [];
  const peer = await watched({ onStream: (stream) => open.push(stream) }, { pingAfterMs: Infinity });
  await peer.write(headers(1, REQUEST, WHOLE));
  await settle();
  peer.timers.advance(1_000_000);
  assert.equal(peer.connection.isOver, false);
  open[0]?.sendHeaders([[":status", "200"]], { end: true });
  await settle();
  peer.timers.advance(299_000);
  await peer.write(numbers(FRAME.PING, 0, 1, 1));
  await peer.until(FRAME.PING);
  peer.timers.advance(2000);
  assert.equal(codeOf(await peer.until(FRAME.GOAWAY)), "NO_ERROR");
  await peer.end();
});

Deno.test("watchLifetime() drains an old connection, but cuts none of its streams", async () => {
  const open: Http2Stream[] = [];
  const peer = await watched({ onStream: (stream) => open.push(stream) }, { pingAfterMs: Infinity });
  await peer.write(headers(1, REQUEST, WHOLE));
  await settle();
  peer.timers.advance(3_600_000);
  assert.equal(codeOf(await peer.until(FRAME.GOAWAY)), "NO_ERROR");
  assert.equal(open[0]?.signal.aborted, false);
  await peer.end();
});

Deno.test("watchLifetime() gives up a stream whose peer takes nothing, and only that", async () => {
  const thrown: unknown[] = [];
  const open: Http2Stream[] = [];
  const peer = await watched({
    onStream: async (stream) => {
      open.push(stream);
      stream.sendHeaders([[":status", "200"]]);
      await stream.send(new Uint8Array(10)).catch((error) => thrown.push(error));
    },
  }, { pingAfterMs: Infinity });
  await peer.write(settings([[4, 5]]), headers(1, REQUEST, WHOLE));
  await settle();
  peer.timers.advance(59_000);
  assert.equal(thrown.length, 0);
  peer.timers.advance(2000);
  await settle();
  assert.equal(thrown.filter((error) => error instanceof StreamError).length, 1);
  // What ends the stream in words can still be said: header frames need no window.
  open[0]?.sendHeaders([["grpc-status", "14"]], { end: true });
  const [head, trailers] = [await peer.until(FRAME.HEADERS), await peer.until(FRAME.HEADERS)];
  assert.deepEqual([peer.headers(head), peer.headers(trailers)], [[[":status", "200"]], [["grpc-status", "14"]]]);
  await peer.end();
});

Deno.test("watchLifetime() closes a connection of which not a byte is taken, though its peer goes on talking", async () => {
  const { promise: held, resolve: release } = Promise.withResolvers<void>();
  const [theirs, ours] = duplex({ held });
  const timers = manualTimers();
  const connection = new Http2Connection({ role: "server", onStream: () => {} }, theirs, { timers });
  const stop = watchLifetime(connection, LIMITS, { timers, random: () => 0.5 });
  const over = connection.run();
  await ours.write(PREFACE);
  await ours.write(settings());
  for (let second = 0; second < 59; second++) {
    await ours.write(numbers(FRAME.PING, 0, 1, second));
    await settle();
    timers.advance(1000);
  }
  assert.equal(connection.isOver, false);
  timers.advance(2000);
  assert.equal(connection.isOver, true);
  // What was to be said last is not taken either.
  timers.advance(1000);
  release();
  await over;
  stop();
  assert.equal(timers.running(), 0);
});

Deno.test("watchLifetime() lets a slow reader be, as long as it reads", async () => {
  const peer = await watched({ onStream: echo }, { pingAfterMs: Infinity, idleMs: Infinity });
  for (let minute = 0; minute < 10; minute++) {
    await peer.write(numbers(FRAME.PING, 0, 1, minute));
    await settle();
    peer.timers.advance(59_000);
  }
  assert.equal(peer.connection.isOver, false);
  await peer.end();
});
