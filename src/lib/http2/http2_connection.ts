import type { Timers } from "../timers.ts";
import { Patience } from "./patience.ts";
import type { ByteStream } from "./byte_stream.ts";
import { FLAG, FRAME, type Frame, readUint31, readUint32, unpadded } from "./frame.ts";
import { FrameWriter } from "./frame_writer.ts";
import { ConnectionError, type ErrorCode, errorCodeOf, StreamError } from "./http2_error.ts";
import type { Http2Options, Http2Role } from "./http2_options.ts";
import { Http2Stream, type StreamHost } from "./http2_stream.ts";
import { Inbox } from "./inbox.ts";
import type { Sending } from "./outbox.ts";
import type { HeaderField } from "./static_table.ts";
import { StreamTable } from "./stream_table.ts";

const STREAM_WINDOW_BYTES = 262_144;
/** A peer gets this long to read why the connection ends. */
const LINGER_MS = 1000;
const PING_BYTES = 8;
/** A peer that is told to leave and does not answer is left after this long. */
const LAST_WORD_MS = 20_000;

/** open: requests come. draining: the peer knows that they should not. leaving: they are ignored. ended: all is over. */
type Phase = "open" | "draining" | "leaving" | "ended";

/** One HTTP/2 connection (RFC 9113) over any bytes. `run` does its work; nothing happens before. */
export class Http2Connection {
  readonly #role: Http2Role;
  readonly #bytes: ByteStream;
  readonly #timers: Timers;
  readonly #maxStreams: number;
  readonly #inbox: Inbox;
  readonly #writer: FrameWriter;
  readonly #streams: StreamTable;
  readonly #host: StreamHost;
  readonly #patience: Patience;
  readonly #pings: (() => void)[] = [];
  #phase: Phase = "open";
  #peerIsLeaving = false;
  readonly #waitingRequests: (() => void)[] = [];
  #receivedMs: number;
  #idleSinceMs: number;
  readonly #stopTimers: (() => void)[] = [];

  constructor(role: Http2Role, bytes: ByteStream, options: Http2Options) {
    const { timers, maxConcurrentStreams = 1000, first } = options;
    this.#role = role;
    this.#bytes = bytes;
    this.#timers = timers;
    this.#maxStreams = maxConcurrentStreams;
    this.#inbox = new Inbox(role.role, bytes, first);
    this.#writer = new FrameWriter(bytes, (cause) => this.#lost(cause));
    this.#streams = new StreamTable(role.role, 2 * maxConcurrentStreams);
    this.#host = this.#createHost();
    this.#patience = new Patience(timers.now);
    this.#receivedMs = this.#idleSinceMs = timers.now();
  }

  /** Streams that are open now. */
  get openStreams(): readonly Http2Stream[] {
    return this.#streams.all();
  }

  /** When anything came last, on the clock of `timers`. */
  get receivedMs(): number {
    return this.#receivedMs;
  }

  /** Since when no stream is open; undefined while one is. */
  get idleSinceMs(): number | undefined {
    return this.#streams.size === 0 ? this.#idleSinceMs : undefined;
  }

  /** Whether the peer has introduced itself. */
  get isEstablished(): boolean {
    return this.#inbox.sawSettings;
  }

  /** How much has been sent, and whether more is on its way: both the same for long, the peer takes nothing. */
  get sending(): Sending {
    return this.#writer.sending;
  }

  get isOver(): boolean {
    return this.#phase === "ended";
  }

  /** Serves the connection until it is closed. Never throws: a failure is told to the streams that it cuts. */
  async run(): Promise<void> {
    this.#writer.greet(this.#role.role, { maxStreams: this.#maxStreams, streamWindowBytes: STREAM_WINDOW_BYTES });
    try {
      // What was read before may be all that the peer says until it is answered.
      this.#takeFrames();
      for (; !this.isOver && await this.#inbox.fill(); await this.#writer.relief()) this.#takeFrames();
      if (!this.isOver) this.#lost(undefined);
    } catch (thrown) {
      if (thrown instanceof ConnectionError) this.#fail(thrown);
      else this.#lost(thrown);
    }
    // Closing on unread bytes could lose our last words.
    await this.#inbox.discard();
    for (const stop of this.#stopTimers) stop();
    this.#writer.close();
    this.#bytes.close();
  }

  /**
   * Begins a request; waits while the peer takes no more at once (RFC 9113 §5.1.2). Throws StreamError REFUSED_STREAM when
   * the connection takes none any more.
   */
  async request(fields: readonly HeaderField[], { end = false } = {}): Promise<Http2Stream> {
    while (this.#takesRequests() && this.#streams.size >= this.#writer.maxConcurrentStreams) {
      await new Promise<void>((resolve) => this.#waitingRequests.push(resolve));
    }
    if (!this.#takesRequests()) throw new StreamError("REFUSED_STREAM", "The connection takes no more requests");
    const stream = this.#createStream(this.#streams.takeOwnId());
    this.#streams.add(stream);
    stream.sendHeaders(fields, { end });
    return stream;
  }

  /** Resolves when the peer has answered a PING. */
  ping(): Promise<void> {
    return new Promise((resolve) => {
      this.#pings.push(resolve);
      this.#writer.ping(new Uint8Array(PING_BYTES), false);
    });
  }

  /**
   * Ends the connection politely: no new streams, and it closes when the last one has ended. A client's requests that are
   * on their way are still taken: the last word follows a PING (RFC 9113 §6.8).
   */
  drain(): void {
    if (this.#phase !== "open") return;
    this.#phase = "draining";
    if (this.#role.role === "client") return this.#leave();
    this.#writer.announceLeave();
    this.ping().then(() => this.#leave());
    this.#stopTimers.push(this.#timers.after(LAST_WORD_MS, () => this.#leave()));
  }

  /** Ends the connection now, and tells the peer why. */
  close(code: ErrorCode, message: string): void {
    this.#fail(new ConnectionError(code, message));
  }

  #leave(): void {
    if (this.#phase !== "draining") return;
    this.#phase = "leaving";
    this.#writer.goAway(this.#streams.lastPeerId, "NO_ERROR", "");
    this.#wakeRequests();
    this.#endIfDone();
  }

  #createHost(): StreamHost {
    const writer = this.#writer;
    return {
      role: this.#role.role,
      now: this.#timers.now,
      writeHeaders: (stream, fields, end) => writer.headers(stream.id, fields, end),
      writeData: (stream, bytes, end) => writer.data(stream.id, bytes, end),
      writeReset: (stream, code) => writer.reset(stream.id, code),
      writeWindowUpdate: (streamId, bytes) => writer.windowUpdate(streamId, bytes),
      room: () => writer.room,
      waitForRoom: (wake) => writer.window.wait(wake),
      giveWay: () => writer.giveWay(),
      consumed: (bytes) => writer.consumed(bytes),
      closed: (stream, ending) => {
        this.#streams.remove(stream.id, ending);
        if (this.#streams.size === 0) this.#idleSinceMs = this.#timers.now();
        this.#waitingRequests.shift()?.();
        this.#endIfDone();
      },
    };
  }

  #createStream(id: number): Http2Stream {
    return new Http2Stream(id, this.#host, { send: this.#writer.initialWindowBytes, receive: STREAM_WINDOW_BYTES });
  }

  #takeFrames(): void {
    this.#receivedMs = this.#timers.now();
    for (let frame = this.#inbox.next(); frame !== undefined && !this.isOver; frame = this.#inbox.next()) {
      try {
        this.#dispatch(frame);
      } catch (thrown) {
        if (thrown instanceof StreamError) this.#refuse(frame.streamId, thrown);
        else if (thrown instanceof ConnectionError) throw thrown;
        else throw new ConnectionError("INTERNAL_ERROR", "The frame could not be taken", { cause: thrown });
      }
    }
  }

  #dispatch(frame: Frame): void {
    switch (frame.type) {
      case FRAME.DATA:
        return this.#takeData(frame);
      case FRAME.HEADERS:
        return this.#takeHeaders(frame);
      case FRAME.CONTINUATION:
        if (frame.payload.length === 0) this.#patience.takeChatter();
        return this.#takeHeaders(frame);
      case FRAME.PRIORITY:
        return this.#takePriority(frame);
      case FRAME.RST_STREAM:
        return this.#takeReset(frame);
      case FRAME.SETTINGS:
        return this.#takeSettings(frame);
      case FRAME.PING:
        return this.#takePing(frame);
      case FRAME.GOAWAY:
        return this.#takeGoAway(frame);
      case FRAME.WINDOW_UPDATE:
        return this.#takeWindowUpdate(frame);
      case FRAME.PUSH_PROMISE:
        // A client cannot promise, and no server was allowed to (RFC 9113 §8.4).
        throw new ConnectionError("PROTOCOL_ERROR", "PUSH_PROMISE is not allowed");
      default:
        // RFC 9113 §5.5: extensions that nobody knows are ignored.
        this.#patience.takeChatter();
    }
  }

  #takeData(frame: Frame): void {
    const { streamId, payload, flags } = frame;
    this.#writer.received(payload.length);
    const data = unpadded(frame);
    const end = (flags & FLAG.END_STREAM) !== 0;
    if (data.length === 0 && !end) this.#patience.takeChatter();
    const stream = this.#streams.get(streamId);
    if (stream !== undefined && !stream.peerHasEnded) {
      stream.receiveData(data.slice(), payload.length, end);
      return;
    }
    this.#writer.consumed(payload.length);
    if (stream !== undefined) throw new StreamError("STREAM_CLOSED", "DATA behind the end of the stream");
    this.#streams.checkLateData(streamId);
  }

  #takeHeaders(frame: Frame): void {
    const headers = this.#inbox.headersOf(frame);
    if (headers === undefined) return;
    const { streamId, endStream, fields, tooLarge, dependsOnItself } = headers;
    const known = this.#streams.get(streamId);
    if (known === undefined && !this.#streams.opens(streamId)) return;
    if (known?.peerHasEnded === true) throw new StreamError("STREAM_CLOSED", "HEADERS behind the end of the stream");
    if (dependsOnItself) throw new StreamError("PROTOCOL_ERROR", "The stream depends on itself");
    if (known !== undefined) {
      if (tooLarge) throw new StreamError("ENHANCE_YOUR_CALM", "The header list is too large");
      return known.receiveHeaders(fields, endStream);
    }
    // RFC 9113 §6.8: what comes behind our last word is ignored; the client makes it again elsewhere.
    if (this.#phase === "leaving") return this.#streams.refuse(streamId);
    if (this.#streams.size >= this.#maxStreams) throw new StreamError("REFUSED_STREAM", "Too many streams");
    if (tooLarge) return this.#refuseLargeHead(streamId, endStream);
    const stream = this.#createStream(streamId);
    this.#streams.add(stream);
    stream.receiveHeaders(fields, endStream);
    if (this.#role.role === "server") this.#role.onStream(stream);
  }

  /** A head that was too large to keep cannot be checked: nobody but us answers it (RFC 6585 §5). */
  #refuseLargeHead(streamId: number, endStream: boolean): void {
    this.#writer.headers(streamId, [[":status", "431"]], true);
    if (!endStream) this.#writer.reset(streamId, "NO_ERROR");
    this.#streams.refuse(streamId);
  }

  #takePriority({ streamId, payload }: Frame): void {
    if (payload.length !== 5) throw new StreamError("FRAME_SIZE_ERROR", `PRIORITY of ${payload.length} bytes`);
    // RFC 9113 §5.3.2: priorities of this kind are read and mean nothing; only a circle of one is still refused.
    this.#patience.takeChatter();
    if (readUint31(payload, 0) === streamId) throw new StreamError("PROTOCOL_ERROR", "The stream depends on itself");
  }

  #takeReset({ streamId, payload }: Frame): void {
    const stream = this.#streams.get(streamId);
    if (stream === undefined) return this.#streams.checkNotIdle(streamId);
    if (this.#role.role === "server") this.#patience.takeReset();
    stream.cut(new StreamError(errorCodeOf(readUint32(payload, 0)), "The peer reset the stream"), "reset_by_peer");
  }

  #takeSettings({ flags, payload }: Frame): void {
    if ((flags & FLAG.ACK) !== 0) {
      if (payload.length > 0) throw new ConnectionError("FRAME_SIZE_ERROR", "SETTINGS with ACK and a payload");
      return;
    }
    this.#patience.takeChatter();
    const widening = this.#writer.applySettings(payload);
    for (const stream of widening === 0 ? [] : this.#streams.all()) {
      if (!stream.widen(widening)) throw new ConnectionError("FLOW_CONTROL_ERROR", "A window is too wide");
    }
    this.#wakeRequests();
  }

  #takePing({ flags, payload }: Frame): void {
    if ((flags & FLAG.ACK) !== 0) return this.#pings.shift()?.();
    this.#patience.takeChatter();
    this.#writer.ping(payload, true);
  }

  #takeGoAway({ payload }: Frame): void {
    this.#peerIsLeaving = true;
    const last = readUint31(payload, 0);
    if (this.#role.role === "client") {
      for (const stream of this.#streams.all().filter(({ id }) => id > last)) {
        stream.cut(new StreamError("REFUSED_STREAM", "The peer leaves and has not begun with it"), "reset_by_peer");
      }
    }
    this.#wakeRequests();
    this.#endIfDone();
  }

  #takeWindowUpdate({ streamId, payload }: Frame): void {
    const bytes = readUint31(payload, 0);
    if (streamId === 0) {
      if (bytes === 0) throw new ConnectionError("PROTOCOL_ERROR", "WINDOW_UPDATE of nothing");
      return this.#writer.window.widen(bytes);
    }
    const stream = this.#streams.get(streamId);
    if (stream === undefined) return this.#streams.checkNotIdle(streamId);
    if (bytes === 0) throw new StreamError("PROTOCOL_ERROR", "WINDOW_UPDATE of nothing");
    if (!stream.widen(bytes)) throw new StreamError("FLOW_CONTROL_ERROR", "The window is too wide");
  }

  /** What a peer does wrong to one stream. Provoking it again and again is a reset of its own making. */
  #refuse(streamId: number, error: StreamError): void {
    this.#patience.takeReset();
    const stream = this.#streams.get(streamId);
    if (stream !== undefined) return stream.reset(error.code, error.message);
    this.#writer.reset(streamId, error.code);
    this.#streams.refuse(streamId);
  }

  #takesRequests(): boolean {
    return this.#phase === "open" && !this.#peerIsLeaving;
  }

  #wakeRequests(): void {
    for (const wake of this.#waitingRequests.splice(0)) wake();
  }

  #endIfDone(): void {
    const isLeaving = this.#phase === "leaving" || this.#peerIsLeaving;
    if (isLeaving && this.#streams.size === 0 && !this.isOver) this.#end();
  }

  /** Says why, cuts what is open, and ends. */
  #fail(error: ConnectionError): void {
    if (this.isOver) return;
    this.#writer.goAway(this.#streams.lastPeerId, error.code, error.message);
    this.#end();
    this.#cutAll(new StreamError(error.code, "The connection failed", { cause: error }));
  }

  /** The bytes are gone: there is nobody to tell. */
  #lost(cause: unknown): void {
    this.#phase = "ended";
    this.#bytes.close();
    this.#cutAll(new StreamError("CANCEL", "The connection is gone", { cause }));
  }

  #cutAll(error: StreamError): void {
    for (const stream of this.#streams.all()) stream.cut(error, "reset_by_peer");
    this.#wakeRequests();
  }

  /** Nothing more is said behind what is on its way. */
  #end(): void {
    this.#phase = "ended";
    this.#stopTimers.push(this.#timers.after(LINGER_MS, () => this.#bytes.close()));
    this.#writer.flushed().then(() => this.#bytes.closeWrite()).catch(() => this.#bytes.close());
  }
}
