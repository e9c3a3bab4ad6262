import { FLAG, FRAME, type Frame, frameBytes, PREFACE, readUint32 } from "../../../src/lib/http2/frame.ts";
import { FrameReader } from "../../../src/lib/http2/frame_reader.ts";
import { HpackDecoder } from "../../../src/lib/http2/hpack_decoder.ts";
import { HpackEncoder } from "../../../src/lib/http2/hpack_encoder.ts";
import { Http2Connection } from "../../../src/lib/http2/http2_connection.ts";
import { type ErrorCode, errorCodeOf } from "../../../src/lib/http2/http2_error.ts";
import type { Http2Stream } from "../../../src/lib/http2/http2_stream.ts";
import type { HeaderField } from "../../../src/lib/http2/static_table.ts";
import { type ManualTimers, manualTimers } from "../manual_timers.ts";
import { duplex, type TestBytes } from "./duplex.ts";

export const REQUEST: readonly HeaderField[] = [
  [":method", "POST"],
  [":scheme", "http"],
  [":path", "/"],
  [":authority", "localhost"],
];

/** Reads the whole request, answers with its body. */
export async function echo(stream: Http2Stream): Promise<void> {
  try {
    const chunks: Uint8Array[] = [];
    for (let chunk = await stream.read(); chunk !== undefined; chunk = await stream.read()) chunks.push(chunk);
    stream.sendHeaders([[":status", "200"]]);
    for (const chunk of chunks) await stream.send(chunk);
    stream.sendHeaders([["x-done", "yes"]], { end: true });
  } catch {
    // The peer is gone, which is what some tests are about.
  }
}

export interface RawPeer {
  readonly connection: Http2Connection;
  readonly timers: ManualTimers;
  readonly bytes: TestBytes;
  readonly over: Promise<void>;
  /** Sends bytes as they are. */
  write(...pieces: readonly Uint8Array[]): Promise<void>;
  /** The next frame; undefined at the end of the connection. */
  next(): Promise<Frame | undefined>;
  /** The next frame of one type. Frames before it are passed over. */
  until(type: number): Promise<Frame>;
  /** The frames that are left until the connection ends. */
  rest(): Promise<Frame[]>;
  headers(frame: Frame): readonly HeaderField[];
}

export interface RawPeerOptions {
  readonly onStream?: (stream: Http2Stream) => void;
  readonly maxConcurrentStreams?: number;
  /** Whether preface and SETTINGS have been exchanged already. Default: yes. */
  readonly greeted?: boolean;
}

/** A client that speaks frames, before a server's connection. */
export async function rawClient(options: RawPeerOptions = {}): Promise<RawPeer> {
  const { onStream = echo, maxConcurrentStreams = 100, greeted = true } = options;
  const [ours, theirs] = duplex();
  const timers = manualTimers();
  const connection = new Http2Connection({ role: "server", onStream }, theirs, { timers, maxConcurrentStreams });
  const peer = rawPeer(connection, { bytes: ours, timers });
  if (greeted) await peer.write(PREFACE, settings(), settings([], FLAG.ACK));
  return peer;
}

/** A server that speaks frames, before a client's connection. */
export async function rawServer(): Promise<RawPeer> {
  const [ours, theirs] = duplex();
  const timers = manualTimers();
  const peer = rawPeer(new Http2Connection({ role: "client" }, theirs, { timers }), { bytes: ours, timers });
  await ours.read(new Uint8Array(PREFACE.length));
  await peer.write(settings());
  return peer;
}

function rawPeer(
  connection: Http2Connection,
  { bytes, timers }: { readonly bytes: TestBytes; readonly timers: ManualTimers },
): RawPeer {
  const over = connection.run();
  const reader = new FrameReader(bytes, 16_384);
  const decoder = new HpackDecoder({ maxTableBytes: 4096, maxListBytes: 65_536 });
  const next = async (): Promise<Frame | undefined> => {
    while (true) {
      const frame = reader.next();
      if (frame !== undefined) return { ...frame, payload: frame.payload.slice() };
      if (!await reader.fill()) return undefined;
    }
  };
  return {
    connection,
    timers,
    bytes,
    over,
    next,
    write: async (...pieces) => {
      for (const piece of pieces) await bytes.write(piece);
    },
    until: async (type) => {
      for (let frame = await next(); frame !== undefined; frame = await next()) if (frame.type === type) return frame;
      throw new Error(`The connection ended before a frame of type ${type}`);
    },
    rest: async () => {
      const frames: Frame[] = [];
      for (let frame = await next(); frame !== undefined; frame = await next()) frames.push(frame);
      return frames;
    },
    headers: ({ payload }) => decoder.decode(payload).fields,
  };
}

/** A header block of a table of its own. */
export function block(fields: readonly HeaderField[]): Uint8Array {
  return new HpackEncoder().encode(fields);
}

export function headers(streamId: number, fields: readonly HeaderField[], flags: number): Uint8Array {
  return frameBytes({ type: FRAME.HEADERS, flags, streamId }, block(fields));
}

export function data(streamId: number, text: string | Uint8Array, flags = 0): Uint8Array {
  const bytes = typeof text === "string" ? new TextEncoder().encode(text) : text;
  return frameBytes({ type: FRAME.DATA, flags, streamId }, bytes);
}

export function settings(entries: readonly (readonly [number, number])[] = [], flags = 0): Uint8Array {
  const bytes = entries.flatMap(([id, value]) => [0, id, value >>> 24, value >>> 16, value >>> 8, value]);
  return frameBytes({ type: FRAME.SETTINGS, flags, streamId: 0 }, Uint8Array.from(bytes));
}

/** The frame of a type that has a payload of numbers, four octets each. */
export function numbers(type: number, streamId: number, ...values: readonly number[]): Uint8Array {
  const bytes = values.flatMap((value) => [value >>> 24, value >>> 16, value >>> 8, value]);
  return frameBytes({ type, flags: 0, streamId }, Uint8Array.from(bytes));
}

/** Why a GOAWAY or RST_STREAM ends what it ends. */
export function codeOf({ type, payload }: Frame): ErrorCode {
  return errorCodeOf(readUint32(payload, type === FRAME.GOAWAY ? 4 : 0));
}
