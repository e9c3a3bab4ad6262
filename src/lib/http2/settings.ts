import { readUint32, uint32 } from "./frame.ts";
import { ConnectionError } from "./http2_error.ts";

/** RFC 9113 §6.5.2. */
export const SETTING = {
  HEADER_TABLE_SIZE: 1,
  ENABLE_PUSH: 2,
  MAX_CONCURRENT_STREAMS: 3,
  INITIAL_WINDOW_SIZE: 4,
  MAX_FRAME_SIZE: 5,
  MAX_HEADER_LIST_SIZE: 6,
} as const;

export const MAX_WINDOW_BYTES = 0x7fffffff;
export const DEFAULT_WINDOW_BYTES = 65_535;
export const DEFAULT_FRAME_BYTES = 16_384;
/** Size of one list of header fields that we take. */
export const HEADER_LIST_BYTES = 32_768;
const MAX_FRAME_BYTES = 16_777_215;
const SETTING_BYTES = 6;

/** What a peer has told of itself. */
export interface PeerSettings {
  headerTableBytes: number;
  maxConcurrentStreams: number;
  initialWindowBytes: number;
  maxFrameBytes: number;
}

/** Every server should take as many streams (§6.5.2): more are not begun before it has told its own limit, or none. */
const FIRST_STREAMS = 100;

/** What holds until a peer says otherwise. */
export function initialSettings(): PeerSettings {
  return {
    headerTableBytes: 4096,
    maxConcurrentStreams: FIRST_STREAMS,
    initialWindowBytes: DEFAULT_WINDOW_BYTES,
    maxFrameBytes: DEFAULT_FRAME_BYTES,
  };
}

export function settingsPayload(settings: readonly (readonly [id: number, value: number])[]): Uint8Array {
  const payload = new Uint8Array(settings.length * SETTING_BYTES);
  for (const [at, [id, value]] of settings.entries()) {
    payload[at * SETTING_BYTES + 1] = id;
    payload.set(uint32(value), at * SETTING_BYTES + 2);
  }
  return payload;
}

/** Reads a SETTINGS payload into `settings`, in order. Throws ConnectionError; unknown settings are ignored (§6.5.2). */
export function applySettings(settings: PeerSettings, payload: Uint8Array): void {
  if (payload.length % SETTING_BYTES !== 0) {
    throw new ConnectionError("FRAME_SIZE_ERROR", `SETTINGS of ${payload.length} bytes`);
  }
  for (let at = 0; at < payload.length; at += SETTING_BYTES) {
    applySetting(settings, ((payload[at] ?? 0) << 8) | (payload[at + 1] ?? 0), readUint32(payload, at + 2));
  }
}

function applySetting(settings: PeerSettings, id: number, value: number): void {
  switch (id) {
    case SETTING.HEADER_TABLE_SIZE:
      settings.headerTableBytes = value;
      return;
    case SETTING.ENABLE_PUSH:
      if (value > 1) throw new ConnectionError("PROTOCOL_ERROR", `ENABLE_PUSH is ${value}`);
      return;
    case SETTING.MAX_CONCURRENT_STREAMS:
      settings.maxConcurrentStreams = value;
      return;
    case SETTING.INITIAL_WINDOW_SIZE:
      if (value > MAX_WINDOW_BYTES) throw new ConnectionError("FLOW_CONTROL_ERROR", `INITIAL_WINDOW_SIZE is ${value}`);
      settings.initialWindowBytes = value;
      return;
    case SETTING.MAX_FRAME_SIZE:
      if (value < DEFAULT_FRAME_BYTES || value > MAX_FRAME_BYTES) {
        throw new ConnectionError("PROTOCOL_ERROR", `MAX_FRAME_SIZE is ${value}`);
      }
      settings.maxFrameBytes = value;
  }
}
