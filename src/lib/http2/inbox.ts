import type { ByteStream } from "./byte_stream.ts";
import { FLAG, FRAME, type Frame } from "./frame.ts";
import { FrameReader } from "./frame_reader.ts";
import { HeaderReader, type ReceivedHeaders } from "./header_reader.ts";
import { ConnectionError } from "./http2_error.ts";
import { DEFAULT_FRAME_BYTES, HEADER_LIST_BYTES } from "./settings.ts";

const HEADER_TABLE_BYTES = 4096;

/** Everything that a connection hears, in an order that is allowed. */
export class Inbox {
  readonly #reader: FrameReader;
  readonly #headers = new HeaderReader({ maxTableBytes: HEADER_TABLE_BYTES, maxListBytes: HEADER_LIST_BYTES });
  #sawPreface: boolean;
  #sawSettings = false;

  /** `first` has been read already. */
  constructor(role: "server" | "client", bytes: ByteStream, first: Uint8Array | undefined) {
    this.#reader = new FrameReader(bytes, DEFAULT_FRAME_BYTES, first);
    this.#sawPreface = role === "client";
  }

  /** Whether the peer has introduced itself. */
  get sawSettings(): boolean {
    return this.#sawSettings;
  }

  /** Takes in more; false at the end of the connection. Frames handed out before are void. */
  fill(): Promise<boolean> {
    return this.#reader.fill();
  }

  /** Reads and drops what still comes, until the connection is closed. */
  discard(): Promise<void> {
    return this.#reader.discard();
  }

  /** The next frame, if it is here in full. Throws ConnectionError for one that must not come now. */
  next(): Frame | undefined {
    if (!(this.#sawPreface ||= this.#reader.takePreface())) return undefined;
    const frame = this.#reader.next();
    if (frame === undefined) return undefined;
    if (!this.#sawSettings && (frame.type !== FRAME.SETTINGS || (frame.flags & FLAG.ACK) !== 0)) {
      throw new ConnectionError("PROTOCOL_ERROR", "The first frame is not SETTINGS");
    }
    this.#sawSettings = true;
    if (this.#headers.streamId !== undefined && frame.type !== FRAME.CONTINUATION) {
      throw new ConnectionError("PROTOCOL_ERROR", "A header block is interrupted");
    }
    return frame;
  }

  /** What HEADERS or CONTINUATION brings; undefined while more of it has to follow. Throws ConnectionError. */
  headersOf(frame: Frame): ReceivedHeaders | undefined {
    return frame.type === FRAME.HEADERS ? this.#headers.begin(frame) : this.#headers.continue(frame);
  }
}
