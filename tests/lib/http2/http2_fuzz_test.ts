import assert from "node:assert/strict";
import { FRAME, frameBytes, PREFACE } from "../../../src/lib/http2/frame.ts";
import { block, rawClient, REQUEST, settings } from "./raw_peer.ts";

/** Mulberry32: the same numbers for the same seed. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function bytesOf(random: () => number, length: number): Uint8Array {
  return Uint8Array.from({ length }, () => Math.floor(random() * 256));
}

/** Frames that are nearly right, and sometimes are. */
function randomFrame(random: () => number): Uint8Array {
  const type = Math.floor(random() * 11);
  const streamId = random() < 0.2 ? 0 : 1 + 2 * Math.floor(random() * 6);
  const isHead = type === FRAME.HEADERS && random() < 0.8;
  const size = [0, 4, 5, 8, 6 * Math.floor(random() * 3), Math.floor(random() * 40)][Math.floor(random() * 6)] ?? 0;
  const payload = isHead ? block(REQUEST) : bytesOf(random, size);
  if (isHead && random() < 0.1) payload[Math.floor(random() * payload.length)] = Math.floor(random() * 256);
  return frameBytes({ type, flags: Math.floor(random() * 256) & (random() < 0.5 ? 5 : 255), streamId }, payload);
}

const SEEDS = 300;
const FRAMES = 60;

Deno.test("Http2Connection neither throws nor hangs, whatever frames come", async () => {
  for (let seed = 1; seed <= SEEDS; seed++) {
    const random = randomOf(seed);
    const peer = await rawClient({ greeted: false });
    await peer.write(PREFACE, settings());
    for (let at = 0; at < FRAMES && !peer.bytes.isClosed(); at++) await peer.write(randomFrame(random));
    peer.bytes.close();
    await peer.over;
    assert.deepEqual(peer.connection.openStreams, [], `seed ${seed}`);
  }
});

Deno.test("Http2Connection neither throws nor hangs, whatever bytes come, however they are cut", async () => {
  for (let seed = 1; seed <= SEEDS; seed++) {
    const random = randomOf(seed);
    const peer = await rawClient({ greeted: false });
    const frames = Array.from({ length: 20 }, () => randomFrame(random));
    const stream = new Uint8Array([...PREFACE, ...settings(), ...frames.flatMap((frame) => [...frame])]);
    // One flipped byte behind the preface.
    const at = PREFACE.length + Math.floor(random() * (stream.length - PREFACE.length));
    stream[at] = Math.floor(random() * 256);
    for (let from = 0; from < stream.length;) {
      const to = from + 1 + Math.floor(random() * 50);
      await peer.write(stream.subarray(from, to));
      from = to;
    }
    peer.bytes.close();
    await peer.over;
    assert.deepEqual(peer.connection.openStreams, [], `seed ${seed}`);
  }
});
