import { type CheckedHead, checkRequest, checkResponse, checkTrailers } from "./check_headers.ts";
import { type ErrorCode, StreamError } from "./http2_error.ts";
import type { Ending } from "./closed_streams.ts";
import { MAX_WINDOW_BYTES } from "./settings.ts";
import type { HeaderField } from "./static_table.ts";

/** What a stream needs of its connection. */
export interface StreamHost {
  readonly role: "server" | "client";
  now(): number;
  writeHeaders(stream: Http2Stream, fields: readonly HeaderField[], end: boolean): void;
  /** Sends one DATA frame; `room` said that it may. */
  writeData(stream: Http2Stream, bytes: Uint8Array, end: boolean): void;
  writeReset(stream: Http2Stream, code: ErrorCode): void;
  writeWindowUpdate(streamId: number, bytes: number): void;
  /** Bytes that one frame may hold now, as far as the connection is concerned. */
  room(): number;
  /** Calls `wake` once the connection has room. */
  waitForRoom(wake: () => void): void;
  /** Lets others send, and waits while too much is unsent; undefined if there is no need to. */
  giveWay(): Promise<void> | undefined;
  /** These received bytes do not wait for a reader any more. */
  consumed(bytes: number): void;
  /** Nothing comes and nothing goes any more. */
  closed(stream: Http2Stream, ending: Ending): void;
}

export interface StreamWindows {
  /** How much we may send. */
  readonly send: number;
  /** How much the peer may send. */
  readonly receive: number;
}

const NO_HEADERS: readonly HeaderField[] = [];

/** One request and its response (RFC 9113 §5, §8.1). One reader and one writer at a time. */
export class Http2Stream {
  readonly id: number;
  readonly #host: StreamHost;
  readonly #receiveWindow: number;
  #sendBytes: number;
  #receiveBytes: number;
  #owedBytes = 0;
  #head: readonly HeaderField[] | undefined;
  #trailers = NO_HEADERS;
  #chunks: Uint8Array[] = [];
  #contentLeft: number | undefined;
  #remoteEnded = false;
  #localEnded = false;
  #cut: StreamError | undefined;
  #wakeReader: (() => void) | undefined;
  #wakeWriter: (() => void) | undefined;
  #waitingSinceMs: number | undefined;
  #stalled = false;
  #abort: AbortController | undefined;

  constructor(id: number, host: StreamHost, windows: StreamWindows) {
    this.id = id;
    this.#host = host;
    this.#sendBytes = windows.send;
    this.#receiveWindow = windows.receive;
    this.#receiveBytes = windows.receive;
  }

  /** Aborted when the stream is cut: by the peer, or because the connection is gone. The reason is a StreamError. */
  get signal(): AbortSignal {
    if (this.#abort === undefined) {
      this.#abort = new AbortController();
      if (this.#cut !== undefined) this.#abort.abort(this.#cut);
    }
    return this.#abort.signal;
  }

  get isClosed(): boolean {
    return this.#cut !== undefined || (this.#remoteEnded && this.#localEnded);
  }

  /** Whether our half is over: nothing can be sent any more. */
  get hasEnded(): boolean {
    return this.#cut !== undefined || this.#localEnded;
  }

  /** Whether the peer's half is over. */
  get peerHasEnded(): boolean {
    return this.#remoteEnded;
  }

  /** How long a `send` has been waiting for the peer to take something; 0 if none is. */
  get stalledMs(): number {
    return this.#waitingSinceMs === undefined ? 0 : this.#host.now() - this.#waitingSinceMs;
  }

  /** The fields with which the peer's half begins. Throws StreamError if they never come. */
  async head(): Promise<readonly HeaderField[]> {
    while (this.#head === undefined) {
      if (this.#cut !== undefined) throw this.#cut;
      await new Promise<void>((resolve) => this.#wakeReader = resolve);
    }
    return this.#head;
  }

  /** What has come of the head so far: on a server all of it, always. */
  get fields(): readonly HeaderField[] {
    return this.#head ?? NO_HEADERS;
  }

  /** The fields behind the body; none before `read` has told the end. */
  get trailers(): readonly HeaderField[] {
    return this.#trailers;
  }

  /** The next bytes of the body; undefined at its end. Throws StreamError if the stream was cut. */
  async read(): Promise<Uint8Array | undefined> {
    while (true) {
      const chunk = this.#chunks.shift();
      if (chunk !== undefined) {
        this.#credit(chunk.length);
        return chunk;
      }
      if (this.#cut !== undefined) throw this.#cut;
      if (this.#remoteEnded) return undefined;
      await new Promise<void>((resolve) => this.#wakeReader = resolve);
    }
  }

  /** Sends the head, or, with `end`, the trailers or a whole answer without a body. Throws StreamError if it is over. */
  sendHeaders(fields: readonly HeaderField[], { end = false } = {}): void {
    this.#checkOpen();
    if (end) this.#localEnded = true;
    this.#host.writeHeaders(this, fields, end);
    if (end) this.#afterOurEnd();
  }

  /**
   * Sends a piece of the body; resolves when the next may follow. `bytes` must not be changed afterwards. Throws
   * StreamError if the stream is cut, or if `stall` was called meanwhile.
   */
  async send(bytes: Uint8Array, { end = false } = {}): Promise<void> {
    let at = 0;
    do {
      this.#checkOpen();
      const left = bytes.length - at;
      const count = Math.min(left, this.#sendBytes, this.#host.room());
      if (left > 0 && count <= 0) {
        await this.#roomy();
        continue;
      }
      const ends = end && count === left;
      if (ends) this.#localEnded = true;
      this.#sendBytes -= count;
      this.#host.writeData(this, count === bytes.length ? bytes : bytes.subarray(at, at + count), ends);
      at += count;
      if (ends) this.#afterOurEnd();
      else {
        const others = this.#host.giveWay();
        if (others !== undefined) await this.#patiently(others);
      }
    } while (at < bytes.length);
  }

  /** Cuts the stream from our side. */
  reset(code: ErrorCode, message = "The stream was reset"): void {
    if (this.isClosed) return;
    this.#host.writeReset(this, code);
    this.cut(new StreamError(code, message), "reset_by_us");
  }

  /** Makes the `send` that waits fail, so that trailers can say why nothing follows. */
  stall(): void {
    if (this.#waitingSinceMs === undefined) return;
    this.#stalled = true;
    this.#wakeWriter?.();
  }

  /** The connection: a head or, behind it, trailers came. Throws StreamError if they are malformed. */
  receiveHeaders(fields: readonly HeaderField[], end: boolean): void {
    if (this.#head !== undefined) this.#receiveTrailers(fields, end);
    else if (this.#host.role === "server") this.#receiveHead(fields, checkRequest(fields));
    else {
      const head = checkResponse(fields);
      if (head.status >= 200) this.#receiveHead(fields, head);
      else if (end) throw new StreamError("PROTOCOL_ERROR", "An interim answer ends the stream");
    }
    if (end) this.#receiveEnd();
    this.#wakeReader?.();
  }

  /** The connection: DATA came. `flowBytes` counts its padding, too. Throws StreamError. */
  receiveData(bytes: Uint8Array, flowBytes: number, end: boolean): void {
    this.#receiveBytes -= flowBytes;
    if (this.#contentLeft !== undefined) this.#contentLeft -= bytes.length;
    const refusal = this.#dataRefusal();
    if (refusal !== undefined) {
      this.#host.consumed(flowBytes);
      throw refusal;
    }
    if (flowBytes > bytes.length) this.#credit(flowBytes - bytes.length);
    if (bytes.length > 0) this.#chunks.push(bytes);
    if (end) this.#receiveEnd();
    this.#wakeReader?.();
  }

  /** The connection: the peer takes more, or less (RFC 9113 §6.9.2). False if the window is too wide. */
  widen(bytes: number): boolean {
    this.#sendBytes += bytes;
    if (this.#sendBytes > MAX_WINDOW_BYTES) return false;
    if (this.#sendBytes > 0) this.#wakeWriter?.();
    return true;
  }

  /** The connection: nothing comes or goes any more. */
  cut(error: StreamError, ending: Ending): void {
    if (this.isClosed) return;
    this.#cut = error;
    this.#abort?.abort(error);
    this.#close(ending);
  }

  #dataRefusal(): StreamError | undefined {
    if (this.#receiveBytes < 0) return new StreamError("FLOW_CONTROL_ERROR", "More data than its window holds");
    if (this.#head === undefined) return new StreamError("PROTOCOL_ERROR", "DATA before HEADERS");
    if ((this.#contentLeft ?? 0) < 0) return new StreamError("PROTOCOL_ERROR", "More data than content-length says");
    return undefined;
  }

  #receiveHead(fields: readonly HeaderField[], { contentLength }: CheckedHead): void {
    this.#head = fields;
    this.#contentLeft = contentLength;
  }

  #receiveTrailers(fields: readonly HeaderField[], end: boolean): void {
    if (!end) throw new StreamError("PROTOCOL_ERROR", "HEADERS behind the body that do not end the stream");
    checkTrailers(fields);
    this.#trailers = fields;
  }

  #receiveEnd(): void {
    if (this.#contentLeft !== undefined && this.#contentLeft > 0) {
      throw new StreamError("PROTOCOL_ERROR", "Less data than content-length says");
    }
    this.#remoteEnded = true;
    if (this.#localEnded) this.#close("ended");
  }

  /** A server that has said all tells a client that still talks to stop (RFC 9113 §8.1). */
  #afterOurEnd(): void {
    if (this.#remoteEnded) return this.#close("ended");
    if (this.#host.role === "server") this.reset("NO_ERROR", "The answer is complete");
  }

  #close(ending: Ending): void {
    // A client may still read what it got; on a server whoever has answered reads no more.
    if (this.#cut !== undefined || this.#host.role === "server") this.#discard();
    this.#host.closed(this, ending);
    this.#wakeReader?.();
    this.#wakeWriter?.();
  }

  /** Bytes that nobody reads must not narrow the window of the other streams. */
  #discard(): void {
    const unread = this.#chunks.reduce((sum, { length }) => sum + length, 0);
    this.#chunks = [];
    if (unread > 0) this.#host.consumed(unread);
  }

  #checkOpen(): void {
    if (this.#cut !== undefined) throw this.#cut;
    if (this.#localEnded) throw new StreamError("STREAM_CLOSED", "Cannot send: our half is over");
  }

  /** Waits for room in the narrower of the two windows. */
  async #roomy(): Promise<void> {
    const room = new Promise<void>((resolve) => {
      this.#wakeWriter = resolve;
      if (this.#host.room() <= 0) this.#host.waitForRoom(resolve);
    });
    await this.#patiently(room);
    this.#wakeWriter = undefined;
  }

  async #patiently(room: Promise<void>): Promise<void> {
    this.#waitingSinceMs = this.#host.now();
    await room;
    this.#waitingSinceMs = undefined;
    if (!this.#stalled) return;
    this.#stalled = false;
    throw new StreamError("CANCEL", "The peer takes nothing");
  }

  /** Gives the peer room for what was read, in portions: an update for every frame would double the traffic. */
  #credit(bytes: number): void {
    this.#host.consumed(bytes);
    if (this.#remoteEnded || this.#cut !== undefined) return;
    this.#owedBytes += bytes;
    if (this.#owedBytes < this.#receiveWindow / 2) return;
    this.#host.writeWindowUpdate(this.id, this.#owedBytes);
    this.#receiveBytes += this.#owedBytes;
    this.#owedBytes = 0;
  }
}
