import type { ByteBudget } from "../byte_budget.ts";
import { type Http2Stream } from "../http2/http2_stream.ts";
import { StreamError } from "../http2/http2_error.ts";
import type { HeaderField } from "../http2/static_table.ts";
import type { Peer } from "../peer.ts";
import type { Timers } from "../timers.ts";
import { type Encoding, framedMessage, GrpcMessages } from "./grpc_messages.ts";
import { type Metadata, metadataOf, timeoutMs } from "./grpc_metadata.ts";
import { GrpcError, statusTrailers } from "./grpc_status.ts";

/** Who calls and how. */
export interface GrpcCall {
  /** Absent where no network is in between. */
  readonly peer: Peer | undefined;
  readonly metadata: Metadata;
  /** Aborted when the caller goes away or its deadline passes. */
  readonly signal: AbortSignal;
  /** Sent before the first message; too late afterwards. */
  readonly head: HeaderField[];
  /** Sent behind the last message, however the call ends. */
  readonly trailers: HeaderField[];
}

type Bytes = Uint8Array<ArrayBuffer>;

/** A method on bytes. It throws GrpcError; anything else is told to nobody but `onError`. */
export type GrpcMethod =
  | { readonly kind: "unary"; readonly answer: (request: Bytes, call: GrpcCall) => Promise<Bytes> }
  | { readonly kind: "server_stream"; readonly answer: (request: Bytes, call: GrpcCall) => AsyncIterable<Bytes> }
  | {
    readonly kind: "bidi";
    readonly answer: (requests: AsyncIterable<Bytes>, call: GrpcCall) => AsyncIterable<Bytes>;
  };

export interface GrpcServerOptions {
  /** By path: `/package.Service/Method`. */
  readonly methods: ReadonlyMap<string, GrpcMethod>;
  /** Is asked before the messages of a call are read, and throws GrpcError for one that is not to be answered. */
  readonly admit?: (metadata: Metadata) => Promise<void>;
  readonly maxMessageBytes: number;
  /** What all requests that are still arriving take. Default: as much as they like. */
  readonly budget?: ByteBudget | undefined;
  /** How long a request of one message may take to arrive in full. Default: as long as its call. */
  readonly requestTimeoutMs?: number | undefined;
  readonly timers: Timers;
  readonly onError: (error: unknown) => void;
}

const CONTENT_TYPE: HeaderField = ["content-type", "application/grpc+proto"];
const ACCEPTED: HeaderField = ["grpc-accept-encoding", "identity,gzip"];
const OK_HEAD: readonly HeaderField[] = [[":status", "200"], CONTENT_TYPE];

/** Answers streams of HTTP/2 as calls of gRPC (https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md). */
export function grpcHandler(options: GrpcServerOptions): (stream: Http2Stream, peer?: Peer) => Promise<void> {
  return async (stream, peer) => {
    const metadata = metadataOf(stream.fields);
    try {
      const refused = refusal(metadata);
      if (refused !== undefined) stream.sendHeaders(refused, { end: true });
      else await new Exchange(stream, { peer, metadata }, options).run();
    } catch (thrown) {
      // The stream was cut while its end was told: there is nobody left to tell.
      if (!(thrown instanceof StreamError)) options.onError(thrown);
    }
  };
}

/** What is no gRPC is refused in terms of HTTP. */
function refusal(metadata: Metadata): readonly HeaderField[] | undefined {
  if (metadata.get(":method") !== "POST") return [[":status", "405"], ["allow", "POST"]];
  const type = metadata.get("content-type") ?? "";
  return /^application\/grpc(\+proto)?\s*(;|$)/.test(type) ? undefined : [[":status", "415"]];
}

/** One call. */
class Exchange {
  readonly #stream: Http2Stream;
  readonly #peer: Peer | undefined;
  readonly #metadata: Metadata;
  readonly #options: GrpcServerOptions;
  readonly #abort = new AbortController();
  readonly #head: HeaderField[] = [];
  readonly #trailers: HeaderField[] = [];
  readonly #replyEncoding: Encoding;
  #sentHead = false;

  constructor(
    stream: Http2Stream,
    { peer, metadata }: Pick<GrpcCall, "peer" | "metadata">,
    options: GrpcServerOptions,
  ) {
    this.#stream = stream;
    this.#peer = peer;
    this.#metadata = metadata;
    this.#options = options;
    const accepted = (metadata.get("grpc-accept-encoding") ?? "").split(",").map((name) => name.trim());
    this.#replyEncoding = accepted.includes("gzip") ? "gzip" : "identity";
  }

  async run(): Promise<void> {
    const onCut = () => this.#abort.abort(this.#stream.signal.reason);
    this.#stream.signal.addEventListener("abort", onCut, { once: true });
    // What answers may have been loaded first: its caller may be gone.
    if (this.#stream.signal.aborted) onCut();
    const stopTimer = this.#endAfter(timeoutMs(this.#metadata.get("grpc-timeout")), "The deadline has passed");
    try {
      await this.#answer();
      if (!this.#stream.hasEnded) this.#finish(statusTrailers("OK"));
    } catch (thrown) {
      this.#fail(thrown);
    } finally {
      stopTimer();
      this.#stream.signal.removeEventListener("abort", onCut);
    }
  }

  async #answer(): Promise<void> {
    const method = this.#options.methods.get(this.#metadata.get(":path") ?? "");
    if (method === undefined) {
      throw new GrpcError("UNIMPLEMENTED", `There is no method ${JSON.stringify(this.#metadata.get(":path"))}`);
    }
    await this.#options.admit?.(this.#metadata);
    const { maxMessageBytes: maxBytes, budget } = this.#options;
    const requests = new GrpcMessages(this.#stream, requestEncoding(this.#metadata), { maxBytes, budget });
    try {
      await this.#answerBy(method, requests);
    } finally {
      requests.discard();
    }
  }

  async #answerBy(method: GrpcMethod, requests: GrpcMessages): Promise<void> {
    const call = {
      peer: this.#peer,
      metadata: this.#metadata,
      signal: this.#abort.signal,
      head: this.#head,
      trailers: this.#trailers,
    };
    switch (method.kind) {
      case "unary":
        return await this.#send(await method.answer(await this.#only(requests), call));
      case "server_stream":
        return await this.#pump(method.answer(await this.#only(requests), call));
      case "bidi":
        return await this.#pump(method.answer(requests, call));
    }
  }

  async #only(requests: GrpcMessages): Promise<Bytes> {
    const { requestTimeoutMs } = this.#options;
    const stopTimer = this.#endAfter(requestTimeoutMs, `The request took longer than ${requestTimeoutMs} ms to arrive`);
    try {
      return await requests.only();
    } finally {
      stopTimer();
    }
  }

  /** A reader's going away reaches the source at once, even while it is being waited for. */
  async #pump(replies: AsyncIterable<Bytes>): Promise<void> {
    const source = replies[Symbol.asyncIterator]();
    const leave = () => void Promise.resolve(source.return?.()).catch(() => {});
    this.#abort.signal.addEventListener("abort", leave, { once: true });
    try {
      for (let next = await source.next(); next.done !== true; next = await source.next()) {
        if (this.#stream.hasEnded) return;
        await this.#send(next.value);
      }
    } catch (thrown) {
      leave();
      throw thrown;
    } finally {
      this.#abort.signal.removeEventListener("abort", leave);
    }
  }

  async #send(message: Bytes): Promise<void> {
    const bytes = await framedMessage(message, this.#replyEncoding);
    if (this.#stream.hasEnded) return;
    if (!this.#sentHead) {
      this.#sentHead = true;
      const encoding: HeaderField[] = this.#replyEncoding === "gzip" ? [["grpc-encoding", "gzip"]] : [];
      this.#stream.sendHeaders([...OK_HEAD, ...encoding, ACCEPTED, ...this.#head]);
    }
    await this.#stream.send(bytes);
  }

  #fail(thrown: unknown): void {
    if (this.#stream.hasEnded) return;
    const error = toGrpcError(thrown);
    if (error.status === "INTERNAL" && !(thrown instanceof GrpcError)) this.#options.onError(thrown);
    this.#finish([...statusTrailers(error.status, error.message), ...error.trailers]);
  }

  #finish(trailers: readonly HeaderField[]): void {
    const all = [...trailers, ...this.#trailers];
    this.#stream.sendHeaders(this.#sentHead ? all : [...OK_HEAD, ...all], { end: true });
  }

  #endAfter(ms: number | undefined, message: string): () => void {
    if (ms === undefined) return () => {};
    return this.#options.timers.after(ms, () => {
      const error = new GrpcError("DEADLINE_EXCEEDED", message);
      this.#fail(error);
      this.#abort.abort(error);
    });
  }
}

function requestEncoding(metadata: Metadata): Encoding {
  const encoding = metadata.get("grpc-encoding") ?? "identity";
  if (encoding === "identity" || encoding === "gzip") return encoding;
  throw new GrpcError("UNIMPLEMENTED", `Cannot read messages packed by ${JSON.stringify(encoding)}`, {
    trailers: [ACCEPTED],
  });
}

/** A stream that is still open, but on which nothing goes on, is one whose reader takes nothing. */
function toGrpcError(thrown: unknown): GrpcError {
  if (thrown instanceof GrpcError) return thrown;
  if (thrown instanceof StreamError) return new GrpcError("UNAVAILABLE", "The reader took nothing for too long");
  return new GrpcError("INTERNAL", "Internal error", { cause: thrown });
}
