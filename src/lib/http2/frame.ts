import { ConnectionError } from "./http2_error.ts";

/** RFC 9113 §6. */
export const FRAME = {
  DATA: 0,
  HEADERS: 1,
  PRIORITY: 2,
  RST_STREAM: 3,
  SETTINGS: 4,
  PUSH_PROMISE: 5,
  PING: 6,
  GOAWAY: 7,
  WINDOW_UPDATE: 8,
  CONTINUATION: 9,
} as const;

export const FLAG = { ACK: 0x1, END_STREAM: 0x1, END_HEADERS: 0x4, PADDED: 0x8, PRIORITY: 0x20 } as const;

export const FRAME_HEADER_BYTES = 9;
/** What a peer sends before its first frame (RFC 9113 §3.4). */
export const PREFACE = new TextEncoder().encode("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");

export interface Frame {
  readonly type: number;
  readonly flags: number;
  readonly streamId: number;
  /** Valid until the next read only. */
  readonly payload: Uint8Array<ArrayBuffer>;
}

export interface FrameHead {
  readonly type: number;
  readonly flags: number;
  readonly streamId: number;
}

/** A frame of its head and the parts of its payload (RFC 9113 §4.1). */
export function frameBytes({ type, flags, streamId }: FrameHead, ...parts: readonly Uint8Array[]): Uint8Array {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const bytes = new Uint8Array(FRAME_HEADER_BYTES + length);
  bytes[0] = length >>> 16;
  bytes[1] = length >>> 8;
  bytes[2] = length;
  bytes[3] = type;
  bytes[4] = flags;
  bytes[5] = streamId >>> 24;
  bytes[6] = streamId >>> 16;
  bytes[7] = streamId >>> 8;
  bytes[8] = streamId;
  let at = FRAME_HEADER_BYTES;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** Four octets, most significant first. */
export function uint32(value: number): Uint8Array {
  return Uint8Array.of(value >>> 24, value >>> 16, value >>> 8, value);
}

/** The four octets at `at`; 0 beyond the end. */
export function readUint32(bytes: Uint8Array, at: number): number {
  const high = ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
  const low = ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0);
  return ((high << 16) | low) >>> 0;
}

/** The four octets at `at` without the first bit, which is reserved. */
export function readUint31(bytes: Uint8Array, at: number): number {
  return readUint32(bytes, at) & 0x7fffffff;
}

/** The payload of DATA or HEADERS without its padding (RFC 9113 §6.1). Throws ConnectionError. */
export function unpadded({ flags, payload }: Frame): Uint8Array<ArrayBuffer> {
  if ((flags & FLAG.PADDED) === 0) return payload;
  const [padding] = payload;
  if (padding === undefined) throw new ConnectionError("FRAME_SIZE_ERROR", "A padded frame is empty");
  if (padding >= payload.length) throw new ConnectionError("PROTOCOL_ERROR", "The padding is longer than its frame");
  return payload.subarray(1, payload.length - padding);
}
