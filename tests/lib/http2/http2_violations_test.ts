import assert from "node:assert/strict";
import { FLAG, FRAME, frameBytes, PREFACE } from "../../../src/lib/http2/frame.ts";
import type { ErrorCode } from "../../../src/lib/http2/http2_error.ts";
import type { HeaderField } from "../../../src/lib/http2/static_table.ts";
import { block, codeOf, data, headers, numbers, rawClient, REQUEST, settings } from "./raw_peer.ts";

const WHOLE = FLAG.END_HEADERS | FLAG.END_STREAM;
const OPEN = headers(1, REQUEST, FLAG.END_HEADERS);
const DONE = headers(1, REQUEST, WHOLE);
const frame = (type: number, streamId: number, payload: readonly number[] = [], flags = 0) =>
  frameBytes({ type, flags, streamId }, Uint8Array.from(payload));
const request = (...more: readonly HeaderField[]) => headers(1, [...REQUEST, ...more], WHOLE);
const without = (name: string, ...more: readonly HeaderField[]) =>
  headers(1, [...REQUEST.filter(([given]) => given !== name), ...more], WHOLE);

/** What ends the whole connection: [what, frames, code]. Sections are of RFC 9113. */
const FATAL: [what: string, frames: Uint8Array[], code: ErrorCode][] = [
  ["§4.2 a frame larger than announced", [frame(FRAME.DATA, 1, new Array(16_385).fill(0))], "FRAME_SIZE_ERROR"],
  [
    "§4.3 a header block that is interrupted",
    [headers(1, REQUEST, 0), frame(FRAME.PING, 0, new Array(8).fill(0))],
    "PROTOCOL_ERROR",
  ],
  [
    "§4.3 a header block that goes on for another stream",
    [headers(1, REQUEST, 0), frame(FRAME.CONTINUATION, 3)],
    "PROTOCOL_ERROR",
  ],
  ["§4.3 a header block that cannot be decoded", [frame(FRAME.HEADERS, 1, [0x80], WHOLE)], "COMPRESSION_ERROR"],
  ["§5.1 DATA for an idle stream", [data(1, "x")], "PROTOCOL_ERROR"],
  ["§5.1 RST_STREAM for an idle stream", [numbers(FRAME.RST_STREAM, 1, 8)], "PROTOCOL_ERROR"],
  ["§5.1 WINDOW_UPDATE for an idle stream", [numbers(FRAME.WINDOW_UPDATE, 1, 8)], "PROTOCOL_ERROR"],
  ["§5.1 CONTINUATION for an idle stream", [frame(FRAME.CONTINUATION, 1, [], FLAG.END_HEADERS)], "PROTOCOL_ERROR"],
  ["§5.1.1 a stream of even number", [headers(2, REQUEST, WHOLE)], "PROTOCOL_ERROR"],
  ["§5.1.1 a number lower than one before", [headers(5, REQUEST, WHOLE), headers(3, REQUEST, WHOLE)], "PROTOCOL_ERROR"],
  ["§6.1 DATA on stream 0", [data(0, "x")], "PROTOCOL_ERROR"],
  ["§6.1 more padding than payload", [OPEN, frame(FRAME.DATA, 1, [5, 1, 2], FLAG.PADDED)], "PROTOCOL_ERROR"],
  ["§6.2 HEADERS on stream 0", [headers(0, REQUEST, WHOLE)], "PROTOCOL_ERROR"],
  ["§6.3 PRIORITY on stream 0", [frame(FRAME.PRIORITY, 0, [0, 0, 0, 1, 0])], "PROTOCOL_ERROR"],
  ["§6.4 RST_STREAM on stream 0", [numbers(FRAME.RST_STREAM, 0, 8)], "PROTOCOL_ERROR"],
  ["§6.4 RST_STREAM of a wrong length", [OPEN, frame(FRAME.RST_STREAM, 1, [1, 2, 3])], "FRAME_SIZE_ERROR"],
  ["§6.5 SETTINGS on a stream", [frame(FRAME.SETTINGS, 1)], "PROTOCOL_ERROR"],
  ["§6.5 SETTINGS of a wrong length", [frame(FRAME.SETTINGS, 0, [0, 1, 0])], "FRAME_SIZE_ERROR"],
  ["§6.5 an acknowledgement with a payload", [settings([[3, 1]], FLAG.ACK)], "FRAME_SIZE_ERROR"],
  ["§6.5.2 ENABLE_PUSH of 2", [settings([[2, 2]])], "PROTOCOL_ERROR"],
  ["§6.5.2 a window of 2^31", [settings([[4, 0x80000000]])], "FLOW_CONTROL_ERROR"],
  ["§6.5.2 frames of 16383 bytes", [settings([[5, 16_383]])], "PROTOCOL_ERROR"],
  ["§6.5.2 frames of 2^24 bytes", [settings([[5, 16_777_216]])], "PROTOCOL_ERROR"],
  ["§6.6 PUSH_PROMISE of a client", [frame(FRAME.PUSH_PROMISE, 1, [0, 0, 0, 2], FLAG.END_HEADERS)], "PROTOCOL_ERROR"],
  ["§6.7 PING on a stream", [frame(FRAME.PING, 1, new Array(8).fill(0))], "PROTOCOL_ERROR"],
  ["§6.7 PING of a wrong length", [frame(FRAME.PING, 0, [1])], "FRAME_SIZE_ERROR"],
  ["§6.8 GOAWAY on a stream", [numbers(FRAME.GOAWAY, 1, 0, 0)], "PROTOCOL_ERROR"],
  ["§6.8 GOAWAY that is too short", [numbers(FRAME.GOAWAY, 0, 0)], "FRAME_SIZE_ERROR"],
  ["§6.9 WINDOW_UPDATE of nothing", [numbers(FRAME.WINDOW_UPDATE, 0, 0)], "PROTOCOL_ERROR"],
  ["§6.9 WINDOW_UPDATE of a wrong length", [frame(FRAME.WINDOW_UPDATE, 0, [1])], "FRAME_SIZE_ERROR"],
  ["§6.9.1 a connection's window that overflows", [numbers(FRAME.WINDOW_UPDATE, 0, 0x7fffffff)], "FLOW_CONTROL_ERROR"],
  [
    "§6.9.2 a stream's window that a setting makes overflow",
    [OPEN, numbers(FRAME.WINDOW_UPDATE, 1, 0x7fff0000), settings([[4, 0x7fffffff]])],
    "FLOW_CONTROL_ERROR",
  ],
];

for (const [what, frames, code] of FATAL) {
  Deno.test(`Http2Connection ends with ${code} for ${what}`, async () => {
    const peer = await rawClient();
    await peer.write(...frames);
    assert.equal(codeOf(await peer.until(FRAME.GOAWAY)), code);
    assert.equal(await peer.next(), undefined, "something was said behind GOAWAY");
    peer.bytes.close();
    await peer.over;
  });
}

/** What ends one stream. */
const STREAM: [what: string, frames: Uint8Array[], code: ErrorCode][] = [
  ["§5.1 DATA behind the end", [OPEN, data(1, "", FLAG.END_STREAM), data(1, "x")], "STREAM_CLOSED"],
  ["§5.1 DATA behind RST_STREAM", [OPEN, numbers(FRAME.RST_STREAM, 1, 8), data(1, "x")], "STREAM_CLOSED"],
  ["§5.1 HEADERS behind RST_STREAM", [OPEN, numbers(FRAME.RST_STREAM, 1, 8), OPEN], "STREAM_CLOSED"],
  ["§6.3 PRIORITY of a wrong length", [OPEN, frame(FRAME.PRIORITY, 1, [0])], "FRAME_SIZE_ERROR"],
  [
    "RFC 7540 §5.3.1 a stream that depends on itself",
    [OPEN, frame(FRAME.PRIORITY, 1, [0, 0, 0, 1, 0])],
    "PROTOCOL_ERROR",
  ],
  ["§6.9 WINDOW_UPDATE of nothing", [OPEN, numbers(FRAME.WINDOW_UPDATE, 1, 0)], "PROTOCOL_ERROR"],
  ["§6.9.1 a window that overflows", [OPEN, numbers(FRAME.WINDOW_UPDATE, 1, 0x7fffffff)], "FLOW_CONTROL_ERROR"],
  ["§8.1 a second head", [OPEN, OPEN], "PROTOCOL_ERROR"],
  ["§8.1 a pseudo-header in trailers", [OPEN, headers(1, [[":method", "GET"]], WHOLE)], "PROTOCOL_ERROR"],
  ["§8.1.1 less data than announced", [
    headers(1, [...REQUEST, ["content-length", "5"]], FLAG.END_HEADERS),
    data(1, "abc", FLAG.END_STREAM),
  ], "PROTOCOL_ERROR"],
  ["§8.1.1 more data than announced", [
    headers(1, [...REQUEST, ["content-length", "2"]], FLAG.END_HEADERS),
    data(1, "abc"),
  ], "PROTOCOL_ERROR"],
  ["§8.1.1 two lengths that differ", [request(["content-length", "2"], ["content-length", "3"])], "PROTOCOL_ERROR"],
  ["§8.1.1 a length that is none", [request(["content-length", "-1"])], "PROTOCOL_ERROR"],
  ["§8.2.1 a name in upper case", [request(["X-Upper", "1"])], "PROTOCOL_ERROR"],
  ["§8.2.1 a name with a space", [request(["x name", "1"])], "PROTOCOL_ERROR"],
  ["§8.2.1 an empty name", [request(["", "1"])], "PROTOCOL_ERROR"],
  ["§8.2.1 a value with a line break", [request(["x-break", "a\r\nb"])], "PROTOCOL_ERROR"],
  ["§8.2.1 a value with NUL", [request(["x-nul", "a\0b"])], "PROTOCOL_ERROR"],
  ["§8.2.1 a value with a space around it", [request(["x-space", " a"])], "PROTOCOL_ERROR"],
  ["§8.2.2 connection", [request(["connection", "close"])], "PROTOCOL_ERROR"],
  ["§8.2.2 keep-alive", [request(["keep-alive", "5"])], "PROTOCOL_ERROR"],
  ["§8.2.2 transfer-encoding", [request(["transfer-encoding", "chunked"])], "PROTOCOL_ERROR"],
  ["§8.2.2 upgrade", [request(["upgrade", "h2c"])], "PROTOCOL_ERROR"],
  ["§8.2.2 te: gzip", [request(["te", "gzip"])], "PROTOCOL_ERROR"],
  ["§8.3 an unknown pseudo-header", [request([":version", "2"])], "PROTOCOL_ERROR"],
  ["§8.3 a pseudo-header of responses", [headers(1, [...REQUEST, [":status", "200"]], WHOLE)], "PROTOCOL_ERROR"],
  ["§8.3 a pseudo-header behind a field", [without(":path", ["x-a", "b"], [":path", "/"])], "PROTOCOL_ERROR"],
  ["§8.3 a pseudo-header twice", [headers(1, [...REQUEST, [":path", "/2"]], WHOLE)], "PROTOCOL_ERROR"],
  ["§8.3.1 no :method", [without(":method")], "PROTOCOL_ERROR"],
  ["§8.3.1 no :scheme", [without(":scheme")], "PROTOCOL_ERROR"],
  [
    "§8.3.1 an empty :path",
    [headers(1, [[":method", "GET"], [":scheme", "http"], [":path", ""]], WHOLE)],
    "PROTOCOL_ERROR",
  ],
  [
    "§8.5 CONNECT with a :path",
    [headers(1, [[":method", "CONNECT"], [":authority", "a"], [":path", "/"]], WHOLE)],
    "PROTOCOL_ERROR",
  ],
];

for (const [what, frames, code] of STREAM) {
  Deno.test(`Http2Connection resets the stream with ${code} for ${what}`, async () => {
    const peer = await rawClient({ onStream: () => {} });
    await peer.write(...frames);
    const reset = await peer.until(FRAME.RST_STREAM);
    assert.deepEqual([reset.streamId, codeOf(reset)], [1, code]);
    await assertAlive(peer);
  });
}

/** What must be borne. */
const BORNE: [what: string, frames: Uint8Array[]][] = [
  ["§4.1 unknown frame types", [frame(0xbb, 0, [1, 2]), frame(0xbb, 77, [1])]],
  ["§4.1 unknown flags", [headers(1, REQUEST, WHOLE | 0x52 & 0x42)]],
  ["§5.1 WINDOW_UPDATE, RST_STREAM and PRIORITY for a closed stream", [
    DONE,
    numbers(FRAME.RST_STREAM, 1, 8),
    numbers(FRAME.WINDOW_UPDATE, 1, 1),
    numbers(FRAME.RST_STREAM, 1, 8),
    frame(FRAME.PRIORITY, 1, [0, 0, 0, 3, 0]),
  ]],
  ["§5.3.2 priorities", [frame(FRAME.PRIORITY, 9, [0, 0, 0, 3, 7])]],
  ["§6.1 padding", [OPEN, frame(FRAME.DATA, 1, [2, 65, 0, 0], FLAG.PADDED | FLAG.END_STREAM)]],
  ["§6.2 padding and a priority", [
    frameBytes(
      { type: FRAME.HEADERS, flags: WHOLE | FLAG.PADDED | FLAG.PRIORITY, streamId: 1 },
      Uint8Array.of(1, 0, 0, 0, 0, 16),
      block(REQUEST),
      Uint8Array.of(0),
    ),
  ]],
  ["§6.5.2 unknown settings", [settings([[0xf0, 1]])]],
  ["§6.7 an acknowledgement nobody waits for", [frame(FRAME.PING, 0, new Array(8).fill(1), FLAG.ACK)]],
  ["§6.10 a header block in pieces", [
    frameBytes({ type: FRAME.HEADERS, flags: FLAG.END_STREAM, streamId: 1 }, block(REQUEST).subarray(0, 2)),
    frameBytes({ type: FRAME.CONTINUATION, flags: 0, streamId: 1 }, block(REQUEST).subarray(2, 3)),
    frameBytes({ type: FRAME.CONTINUATION, flags: FLAG.END_HEADERS, streamId: 1 }, block(REQUEST).subarray(3)),
  ]],
  ["§7 unknown error codes", [OPEN, numbers(FRAME.RST_STREAM, 1, 0xffff)]],
  ["§8.3.1 CONNECT", [headers(1, [[":method", "CONNECT"], [":authority", "a:1"]], WHOLE)]],
];

for (const [what, frames] of BORNE) {
  Deno.test(`Http2Connection bears ${what}`, async () => {
    const peer = await rawClient();
    await peer.write(...frames);
    await assertAlive(peer);
  });
}

async function assertAlive(peer: Awaited<ReturnType<typeof rawClient>>): Promise<void> {
  const payload = [1, 2, 3, 4, 5, 6, 7, 8];
  await peer.write(frame(FRAME.PING, 0, payload));
  const pong = await peer.until(FRAME.PING);
  assert.deepEqual([pong.flags, [...pong.payload]], [FLAG.ACK, payload]);
  peer.bytes.close();
  await peer.over;
}

const GREETINGS: [what: string, bytes: Uint8Array[]][] = [
  ["HTTP/1", [new TextEncoder().encode("GET / HTTP/1.1\r\nHost: a\r\n\r\n")]],
  ["a preface that ends wrongly", [new TextEncoder().encode("PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n")]],
  ["another frame than SETTINGS", [PREFACE, DONE]],
  ["an acknowledgement in place of SETTINGS", [PREFACE, settings([], FLAG.ACK)]],
];
for (const [what, bytes] of GREETINGS) {
  Deno.test(`Http2Connection refuses to begin with ${what}`, async () => {
    const peer = await rawClient({ greeted: false });
    await peer.write(...bytes);
    assert.equal(codeOf(await peer.until(FRAME.GOAWAY)), "PROTOCOL_ERROR");
    peer.bytes.close();
    await peer.over;
  });
}

Deno.test("Http2Connection takes a preface that comes byte by byte", async () => {
  const peer = await rawClient({ greeted: false });
  for (const byte of PREFACE) await peer.write(Uint8Array.of(byte));
  await peer.write(settings());
  await assertAlive(peer);
});
