import { ClosedStreams, type Ending } from "./closed_streams.ts";
import { ConnectionError, StreamError } from "./http2_error.ts";
import type { Http2Stream } from "./http2_stream.ts";

/** The streams of a connection by their number, and what becomes of a number (RFC 9113 §5.1). */
export class StreamTable {
  readonly #role: "server" | "client";
  readonly #open = new Map<number, Http2Stream>();
  readonly #closed: ClosedStreams;
  #lastPeerId = 0;
  #nextOwnId = 1;

  constructor(role: "server" | "client", keptClosed: number) {
    this.#role = role;
    this.#closed = new ClosedStreams(keptClosed);
  }

  get size(): number {
    return this.#open.size;
  }

  /** The highest number that the peer has used. */
  get lastPeerId(): number {
    return this.#lastPeerId;
  }

  all(): Http2Stream[] {
    return [...this.#open.values()];
  }

  get(streamId: number): Http2Stream | undefined {
    return this.#open.get(streamId);
  }

  add(stream: Http2Stream): void {
    this.#open.set(stream.id, stream);
  }

  remove(streamId: number, ending: Ending): void {
    if (this.#open.delete(streamId)) this.#closed.add(streamId, ending);
  }

  /** A stream that was refused before it was one. */
  refuse(streamId: number): void {
    this.#closed.add(streamId, "reset_by_us");
  }

  /** The next number for a request of ours (RFC 9113 §5.1.1). */
  takeOwnId(): number {
    const id = this.#nextOwnId;
    this.#nextOwnId += 2;
    return id;
  }

  /** Whether the peer's HEADERS begin a stream; notes its number. Throws ConnectionError, StreamError. */
  opens(streamId: number): boolean {
    if (this.#role === "server" && streamId % 2 === 1 && streamId > this.#lastPeerId) {
      this.#lastPeerId = streamId;
      return true;
    }
    if (this.#isIdle(streamId)) {
      throw new ConnectionError("PROTOCOL_ERROR", `Stream ${streamId} is not the peer's to open`);
    }
    switch (this.#closed.get(streamId)) {
      case "reset_by_us":
        return false;
      case "reset_by_peer":
        throw new StreamError("STREAM_CLOSED", `Stream ${streamId} was reset by the peer itself`);
      case "ended":
        throw new ConnectionError("STREAM_CLOSED", `Stream ${streamId} is closed`);
      case undefined:
        throw new ConnectionError("PROTOCOL_ERROR", `Stream ${streamId} was passed over`);
    }
  }

  /** A frame for a stream that is not open: throws ConnectionError if it never was. */
  checkNotIdle(streamId: number): void {
    if (this.#isIdle(streamId)) throw new ConnectionError("PROTOCOL_ERROR", `Stream ${streamId} is idle`);
  }

  /** DATA for a stream that is not open: throws unless we cut it while the data was on its way. */
  checkLateData(streamId: number): void {
    this.checkNotIdle(streamId);
    if (this.#closed.get(streamId) === "reset_by_us") return;
    throw new StreamError("STREAM_CLOSED", `Stream ${streamId} is closed`);
  }

  #isIdle(streamId: number): boolean {
    const isOurs = (streamId % 2 === 1) === (this.#role === "client");
    return isOurs ? streamId >= this.#nextOwnId : streamId > this.#lastPeerId;
  }
}
