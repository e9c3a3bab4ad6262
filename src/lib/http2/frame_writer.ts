import type { ByteStream } from "./byte_stream.ts";
import { FLAG, FRAME, frameBytes, PREFACE, uint32 } from "./frame.ts";
import { HpackEncoder } from "./hpack_encoder.ts";
import { ConnectionError, ERROR_CODES, type ErrorCode } from "./http2_error.ts";
import { Outbox, type Sending } from "./outbox.ts";
import { SendWindow } from "./send_window.ts";
import {
  applySettings,
  DEFAULT_FRAME_BYTES,
  DEFAULT_WINDOW_BYTES,
  HEADER_LIST_BYTES,
  initialSettings,
  MAX_WINDOW_BYTES,
  SETTING,
  settingsPayload,
} from "./settings.ts";
import type { HeaderField } from "./static_table.ts";

/** What all streams together may have on its way to us. */
const RECEIVE_WINDOW_BYTES = 1_048_576;
/** A GOAWAY names this much of what went wrong. */
const MAX_DEBUG_LENGTH = 200;

/** What a peer is told that it may do. */
interface Offer {
  /** At once. */
  readonly maxStreams: number;
  readonly streamWindowBytes: number;
}

/** Everything that a connection says, within what the peer's settings and windows allow. */
export class FrameWriter {
  readonly window = new SendWindow();
  readonly #outbox: Outbox;
  readonly #encoder = new HpackEncoder();
  readonly #peer = initialSettings();
  #receiveBytes = DEFAULT_WINDOW_BYTES;
  #owedBytes = 0;
  #heardSettings = false;

  constructor(bytes: ByteStream, onError: (error: unknown) => void) {
    this.#outbox = new Outbox(bytes, onError);
  }

  get sending(): Sending {
    return this.#outbox.sending;
  }

  get maxConcurrentStreams(): number {
    return this.#peer.maxConcurrentStreams;
  }

  get initialWindowBytes(): number {
    return this.#peer.initialWindowBytes;
  }

  /** How much one DATA frame may hold now. Frames of the default size keep streams taking turns. */
  get room(): number {
    return Math.min(this.window.bytes, DEFAULT_FRAME_BYTES);
  }

  /** The first that a peer hears (RFC 9113 §3.4), and the connection's receive window: no setting widens that (§6.9.2). */
  greet(role: "server" | "client", { maxStreams, streamWindowBytes }: Offer): void {
    if (role === "client") this.#outbox.push(PREFACE);
    const settings = [
      ...(role === "client" ? [[SETTING.ENABLE_PUSH, 0] as const] : []),
      [SETTING.MAX_CONCURRENT_STREAMS, maxStreams],
      [SETTING.INITIAL_WINDOW_SIZE, streamWindowBytes],
      [SETTING.MAX_HEADER_LIST_SIZE, HEADER_LIST_BYTES],
    ] as const;
    this.#frame({ type: FRAME.SETTINGS, flags: 0, streamId: 0 }, settingsPayload(settings));
    this.consumed(RECEIVE_WINDOW_BYTES - DEFAULT_WINDOW_BYTES);
  }

  /**
   * Takes over what the peer's SETTINGS say and acknowledges them. Returns by how much the windows of streams change.
   * Throws ConnectionError.
   */
  applySettings(payload: Uint8Array): number {
    const before = this.#peer.initialWindowBytes;
    if (!this.#heardSettings) this.#peer.maxConcurrentStreams = Infinity;
    this.#heardSettings = true;
    applySettings(this.#peer, payload);
    this.#encoder.setMaxTableBytes(this.#peer.headerTableBytes);
    this.#frame({ type: FRAME.SETTINGS, flags: FLAG.ACK, streamId: 0 });
    return this.#peer.initialWindowBytes - before;
  }

  headers(streamId: number, fields: readonly HeaderField[], end: boolean): void {
    const block = this.#encoder.encode(fields);
    const endFlag = end ? FLAG.END_STREAM : 0;
    const max = this.#peer.maxFrameBytes;
    const first = block.subarray(0, max);
    const isWhole = first.length === block.length;
    this.#frame({ type: FRAME.HEADERS, flags: endFlag | (isWhole ? FLAG.END_HEADERS : 0), streamId }, first);
    for (let at = max; at < block.length; at += max) {
      const flags = at + max >= block.length ? FLAG.END_HEADERS : 0;
      this.#frame({ type: FRAME.CONTINUATION, flags, streamId }, block.subarray(at, at + max));
    }
  }

  data(streamId: number, bytes: Uint8Array, end: boolean): void {
    this.window.take(bytes.length);
    this.#frame({ type: FRAME.DATA, flags: end ? FLAG.END_STREAM : 0, streamId }, bytes);
  }

  reset(streamId: number, code: ErrorCode): void {
    this.#frame({ type: FRAME.RST_STREAM, flags: 0, streamId }, uint32(ERROR_CODES[code]));
  }

  windowUpdate(streamId: number, bytes: number): void {
    this.#frame({ type: FRAME.WINDOW_UPDATE, flags: 0, streamId }, uint32(bytes));
  }

  /** DATA came. Throws ConnectionError FLOW_CONTROL_ERROR. */
  received(bytes: number): void {
    this.#receiveBytes -= bytes;
    if (this.#receiveBytes < 0) throw new ConnectionError("FLOW_CONTROL_ERROR", "More data than the window holds");
  }

  /** So much of what came waits for nobody any more: in portions, the peer may send as much again. */
  consumed(bytes: number): void {
    this.#owedBytes += bytes;
    if (this.#owedBytes < RECEIVE_WINDOW_BYTES / 2) return;
    this.windowUpdate(0, this.#owedBytes);
    this.#receiveBytes += this.#owedBytes;
    this.#owedBytes = 0;
  }

  ping(payload: Uint8Array, ack: boolean): void {
    this.#frame({ type: FRAME.PING, flags: ack ? FLAG.ACK : 0, streamId: 0 }, payload);
  }

  /** Says that the connection will end soon; no stream is turned away by it yet (RFC 9113 §6.8). */
  announceLeave(): void {
    this.goAway(MAX_WINDOW_BYTES, "NO_ERROR", "");
  }

  goAway(lastStreamId: number, code: ErrorCode, message: string): void {
    const debug = new TextEncoder().encode(message.slice(0, MAX_DEBUG_LENGTH));
    this.#frame({ type: FRAME.GOAWAY, flags: 0, streamId: 0 }, uint32(lastStreamId), uint32(ERROR_CODES[code]), debug);
  }

  /** Lets other streams have their turn, and waits while too much is unsent; undefined if there is no need to. */
  giveWay(): Promise<void> | undefined {
    if (this.#outbox.isFull) return this.#outbox.drained();
    return this.window.isContended ? Promise.resolve() : undefined;
  }

  /** Waits while far too much is unsent; undefined if there is no need to. */
  relief(): Promise<void> | undefined {
    return this.#outbox.isFlooded ? this.#outbox.drained() : undefined;
  }

  flushed(): Promise<void> {
    return this.#outbox.flushed();
  }

  close(): void {
    this.#outbox.close();
  }

  #frame(head: { readonly type: number; readonly flags: number; readonly streamId: number }, ...parts: Uint8Array[]) {
    this.#outbox.push(frameBytes(head, ...parts));
  }
}
