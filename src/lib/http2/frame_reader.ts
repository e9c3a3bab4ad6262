import type { ByteStream } from "./byte_stream.ts";
import { type Frame, FRAME_HEADER_BYTES, PREFACE, readUint31 } from "./frame.ts";
import { ConnectionError } from "./http2_error.ts";

/** Cuts what comes in into frames. */
export class FrameReader {
  readonly #bytes: ByteStream;
  readonly #maxFrameBytes: number;
  #buffer: Uint8Array<ArrayBuffer>;
  #start = 0;
  #end = 0;

  /** `first` has been read already. */
  constructor(bytes: ByteStream, maxFrameBytes: number, first: Uint8Array = new Uint8Array(0)) {
    this.#bytes = bytes;
    this.#maxFrameBytes = maxFrameBytes;
    this.#buffer = new Uint8Array(Math.max(2 * (FRAME_HEADER_BYTES + maxFrameBytes), first.length));
    this.#buffer.set(first);
    this.#end = first.length;
  }

  /** Takes in more; false at the end of the connection. Frames handed out before are void. */
  async fill(): Promise<boolean> {
    // A frame and its head fit into half of the buffer, so there is always room behind what is moved to the front.
    if (this.#start > 0) {
      this.#buffer.copyWithin(0, this.#start, this.#end);
      this.#end -= this.#start;
      this.#start = 0;
    }
    const count = await this.#bytes.read(this.#buffer.subarray(this.#end));
    if (count === null) return false;
    this.#end += count;
    return true;
  }

  /** Reads and drops what still comes, until the connection is closed. */
  async discard(): Promise<void> {
    try {
      while (await this.#bytes.read(this.#buffer) !== null);
    } catch {
      // It is closed already: there is nothing left to read.
    }
  }

  /** Whether the client's preface has arrived in full. Throws ConnectionError for anything else (RFC 9113 §3.4). */
  takePreface(): boolean {
    const available = Math.min(this.#end, PREFACE.length);
    for (let at = 0; at < available; at++) {
      if (this.#buffer[at] !== PREFACE[at]) throw new ConnectionError("PROTOCOL_ERROR", "This is not HTTP/2");
    }
    if (available < PREFACE.length) return false;
    this.#start = PREFACE.length;
    return true;
  }

  /** The next frame, if it is here in full and of a possible shape. Throws ConnectionError. */
  next(): Frame | undefined {
    const buffer = this.#buffer;
    const at = this.#start;
    if (this.#end - at < FRAME_HEADER_BYTES) return undefined;
    const length = ((buffer[at] ?? 0) << 16) | ((buffer[at + 1] ?? 0) << 8) | (buffer[at + 2] ?? 0);
    if (length > this.#maxFrameBytes) {
      throw new ConnectionError("FRAME_SIZE_ERROR", `A frame of ${length} bytes: at most ${this.#maxFrameBytes}`);
    }
    const begin = at + FRAME_HEADER_BYTES;
    if (this.#end < begin + length) return undefined;
    this.#start = begin + length;
    const frame = {
      type: buffer[at + 3] ?? 0,
      flags: buffer[at + 4] ?? 0,
      streamId: readUint31(buffer, at + 5),
      payload: buffer.subarray(begin, begin + length),
    };
    checkShape(frame);
    return frame;
  }
}

/** How long a payload is, and whether the frame is about the whole connection (RFC 9113 §6). */
interface Shape {
  readonly isOfConnection?: boolean;
  readonly bytes?: number;
  readonly minBytes?: number;
}

/** By type. WINDOW_UPDATE is about either; PRIORITY of a wrong length breaks its stream only. */
const SHAPES: readonly Shape[] = [
  { isOfConnection: false },
  { isOfConnection: false },
  { isOfConnection: false },
  { isOfConnection: false, bytes: 4 },
  { isOfConnection: true },
  { isOfConnection: false },
  { isOfConnection: true, bytes: 8 },
  { isOfConnection: true, minBytes: 8 },
  { bytes: 4 },
  { isOfConnection: false },
];

function checkShape({ type, streamId, payload: { length } }: Frame): void {
  const { isOfConnection, bytes = length, minBytes = 0 } = SHAPES[type] ?? {};
  if (isOfConnection !== undefined && isOfConnection !== (streamId === 0)) {
    throw new ConnectionError("PROTOCOL_ERROR", `A frame of type ${type} on stream ${streamId}`);
  }
  if (length !== bytes || length < minBytes) {
    throw new ConnectionError("FRAME_SIZE_ERROR", `A frame of type ${type} with ${length} bytes`);
  }
}
