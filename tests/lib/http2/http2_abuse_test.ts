import assert from "node:assert/strict";
import { FLAG, FRAME, frameBytes, PREFACE } from "../../../src/lib/http2/frame.ts";
import { Http2Connection } from "../../../src/lib/http2/http2_connection.ts";
import { manualTimers } from "../manual_timers.ts";
import { duplex } from "./duplex.ts";
import { block, codeOf, data, headers, numbers, rawClient, type RawPeer, REQUEST, settings } from "./raw_peer.ts";

const WHOLE = FLAG.END_HEADERS | FLAG.END_STREAM;
const OPEN = headers(1, REQUEST, FLAG.END_HEADERS);

/** What a hostile peer repeats: [what, first, the n-th repetition]. */
const FLOODS: [what: string, first: Uint8Array[], repeat: (at: number) => Uint8Array[]][] = [
  [
    "streams that are reset at once (CVE-2023-44487)",
    [],
    (at) => [headers(1 + 2 * at, REQUEST, WHOLE), numbers(FRAME.RST_STREAM, 1 + 2 * at, 8)],
  ],
  [
    "streams that make us reset them (CVE-2025-8671)",
    [],
    (at) => [headers(1 + 2 * at, REQUEST, FLAG.END_HEADERS), numbers(FRAME.WINDOW_UPDATE, 1 + 2 * at, 0)],
  ],
  ["malformed requests", [], (at) => [headers(1 + 2 * at, [], WHOLE)]],
  ["PING (CVE-2019-9512)", [], () => [numbers(FRAME.PING, 0, 1, 2)]],
  ["SETTINGS (CVE-2019-9515)", [], () => [settings()]],
  ["empty DATA (CVE-2019-9518)", [OPEN], () => [data(1, "")]],
  [
    "PRIORITY (CVE-2019-9513)",
    [],
    () => [frameBytes({ type: FRAME.PRIORITY, flags: 0, streamId: 3 }, new Uint8Array(5))],
  ],
  ["frames of unknown type", [], () => [frameBytes({ type: 99, flags: 0, streamId: 0 })]],
];

/** Writes until the connection ends; nobody reads meanwhile but we. */
async function flood(peer: RawPeer, repeat: (at: number) => Uint8Array[], most: number): Promise<number> {
  let written = 0;
  for (; written < most && !peer.connection.isOver; written++) await peer.write(...repeat(written));
  return written;
}

for (const [what, first, repeat] of FLOODS) {
  Deno.test(`Http2Connection loses its patience with ${what}`, async () => {
    const peer = await rawClient({ onStream: () => {} });
    await peer.write(...first);
    const written = await flood(peer, repeat, 10_000);
    assert.ok(written >= 900, `it gave up after ${written}`);
    assert.ok(written < 10_000, "it bore all of them");
    assert.equal(codeOf(await peer.until(FRAME.GOAWAY)), "ENHANCE_YOUR_CALM");
    peer.bytes.close();
    await peer.over;
  });
}

Deno.test("Http2Connection bears as much again when time has passed", async () => {
  const peer = await rawClient({ onStream: () => {} });
  for (let round = 0; round < 10; round++) {
    for (let at = 0; at < 500; at++) await peer.write(numbers(FRAME.PING, 0, 1, 2));
    await new Promise((resolve) => setImmediate(resolve));
    peer.timers.advance(5000);
  }
  assert.equal(peer.connection.isOver, false);
  peer.bytes.close();
  await peer.over;
});

Deno.test("Http2Connection ends a header block that never ends (CVE-2024-27316)", async () => {
  for (const piece of [new Uint8Array(0), new Uint8Array(10), new Uint8Array(16_000)]) {
    const peer = await rawClient();
    await peer.write(frameBytes({ type: FRAME.HEADERS, flags: 0, streamId: 1 }, block(REQUEST)));
    const written = await flood(
      peer,
      () => [frameBytes({ type: FRAME.CONTINUATION, flags: 0, streamId: 1 }, piece)],
      5000,
    );
    assert.ok(written < 100, `${written} frames were borne`);
    assert.equal(codeOf(await peer.until(FRAME.GOAWAY)), "ENHANCE_YOUR_CALM");
    peer.bytes.close();
    await peer.over;
  }
});

Deno.test("Http2Connection stops listening to a peer that asks and asks but reads no answer", async () => {
  const { promise: held, resolve: release } = Promise.withResolvers<void>();
  const [theirs, ours] = duplex({ held });
  let answered = 0;
  const connection = new Http2Connection(
    {
      role: "server",
      onStream: (stream) => {
        answered++;
        stream.sendHeaders([[":status", "200"], ["x-long", "v".repeat(1000)]], { end: true });
      },
    },
    theirs,
    { timers: manualTimers() },
  );
  const over = connection.run();
  await ours.write(PREFACE);
  await ours.write(settings());
  const count = 5000;
  for (let at = 0; at < count; at++) await ours.write(headers(1 + 2 * at, REQUEST, WHOLE));
  await new Promise((resolve) => setImmediate(resolve));
  assert.ok(answered > 900 && answered < 2000, `${answered} were answered`);
  release();
  const sink = new Uint8Array(65_536);
  for (let read = 0; answered < count; read++) await ours.read(sink);
  ours.close();
  await over;
});

Deno.test("Http2Connection forgets old streams, so a long life does not cost more and more", async () => {
  const peer = await rawClient({
    maxConcurrentStreams: 10,
    onStream: (stream) => stream.sendHeaders([[":status", "200"]], { end: true }),
  });
  for (let at = 0; at < 3000; at++) await peer.write(headers(1 + 2 * at, REQUEST, WHOLE));
  // A frame for a stream that is long forgotten is a mistake of the peer; one for a late stream is borne.
  await peer.write(numbers(FRAME.RST_STREAM, 5997, 8), numbers(FRAME.PING, 0, 1, 2));
  await peer.until(FRAME.PING);
  assert.equal(peer.connection.openStreams.length, 0);
  peer.bytes.close();
  await peer.over;
});
