import assert from "node:assert/strict";
import { keepAlive } from "../../../src/lib/http2/keep_alive.ts";
import { bodyOf, http2Pair } from "./http2_pair.ts";
import { duplex } from "./duplex.ts";
import { Http2Connection } from "../../../src/lib/http2/http2_connection.ts";
import type { Http2Stream } from "../../../src/lib/http2/http2_stream.ts";
import { manualTimers } from "../manual_timers.ts";

const LIMITS = { greetingMs: 10_000, silenceMs: 60_000, answerMs: 20_000, idleMs: 30_000 };
const REQUEST = [[":method", "GET"], [":scheme", "http"], [":path", "/"], [":authority", "x"]] as const;
const settle = () => new Promise((resolve) => setImmediate(resolve));

async function advance(timers: { advance(ms: number): void }, seconds: number): Promise<void> {
  for (let second = 0; second < seconds; second++) {
    timers.advance(1000);
    await settle();
  }
}

Deno.test("keepAlive() closes a connection whose peer never says a word", async () => {
  const [ours, theirs] = duplex();
  const timers = manualTimers();
  const connection = new Http2Connection({ role: "client" }, ours, { timers });
  const over = connection.run();
  const stop = keepAlive(connection, LIMITS, timers);
  await advance(timers, 11);
  assert.ok(connection.isOver);
  stop();
  theirs.close();
  await over;
  assert.equal(timers.running(), 0);
});

Deno.test("keepAlive() asks a silent peer, with growing pauses, and hears it", async () => {
  const streams: Http2Stream[] = [];
  const pair = http2Pair({ onStream: (stream) => streams.push(stream) });
  await using _pair = pair;
  const asked: number[] = [];
  const ping = pair.client.ping.bind(pair.client);
  pair.client.ping = () => {
    asked.push(pair.timers.now() / 1000);
    return ping();
  };
  const stream = await pair.client.request(REQUEST);
  await settle();
  const stop = keepAlive(pair.client, LIMITS, pair.timers);
  await advance(pair.timers, 61 + 121 + 241 + 311);
  assert.deepEqual(asked.map((second, at) => second - (asked[at - 1] ?? 0)), [60, 120, 240, 310]);
  streams[0]?.sendHeaders([[":status", "200"]]);
  await settle();
  await advance(pair.timers, 61);
  assert.equal((asked.at(-1) ?? 0) - (asked.at(-2) ?? 0) < 120, true);
  assert.ok(!stream.isClosed);
  stop();
});

Deno.test("keepAlive() cuts the streams of a peer that is gone without a word", async () => {
  const [ours, theirs] = duplex();
  const timers = manualTimers();
  const client = new Http2Connection({ role: "client" }, ours, { timers });
  const server = new Http2Connection({ role: "server", onStream: () => {} }, theirs, { timers });
  const over = [client.run(), server.run()];
  const stream = await client.request(REQUEST, { end: true });
  await settle();
  const stop = keepAlive(client, LIMITS, timers);
  theirs.write = (bytes) => Promise.resolve(bytes.length);
  const body = bodyOf(stream);
  await Promise.all([assert.rejects(body, { name: "StreamError" }), advance(timers, 82)]);
  stop();
  ours.close();
  theirs.close();
  await Promise.all(over);
});

Deno.test("keepAlive() leaves a connection that nobody uses, and no other", async () => {
  const pair = http2Pair({ onStream: () => {} });
  const stream = await pair.client.request(REQUEST);
  await settle();
  const stop = keepAlive(pair.client, LIMITS, pair.timers);
  await advance(pair.timers, 40);
  assert.ok(!pair.client.isOver);
  stream.reset("CANCEL");
  await advance(pair.timers, 31);
  assert.ok(pair.client.isOver);
  stop();
  pair.timers.advance(2000);
  await pair.over;
});
