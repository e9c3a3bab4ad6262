import { StreamError } from "../http2/http2_error.ts";
import type { Http2Stream } from "../http2/http2_stream.ts";
import type { HeaderField } from "../http2/static_table.ts";
import { isUnreachable } from "../unreachable.ts";
import { GrpcChannel, type GrpcChannelOptions } from "./grpc_channel.ts";
import { framedMessage, GrpcMessages } from "./grpc_messages.ts";
import { type Metadata, metadataOf, timeoutText } from "./grpc_metadata.ts";
import { GrpcError, readStatus, statusOfHttp } from "./grpc_status.ts";

export interface GrpcClientOptions extends GrpcChannelOptions {
  /** What the peer is called in requests: `host:port`. */
  readonly authority: string;
  readonly scheme: "http" | "https";
  readonly maxMessageBytes: number;
}

export interface GrpcCallOptions {
  /** Names in lower case; values of `-bin` names in base64. */
  readonly metadata?: readonly HeaderField[];
  /** Ends the call on both sides. */
  readonly signal: AbortSignal;
  /** How long the call may take; the peer is told, too. */
  readonly timeoutMs?: number;
}

type Bytes = Uint8Array<ArrayBuffer>;

/**
 * Calls methods of one peer by path (`/package.Service/Method`), over one connection that is made when it is wanted.
 * Calls throw GrpcError, with what the peer said behind it in `trailers`, or `signal.reason`. A peer that cannot be
 * reached is UNAVAILABLE caused by Unreachable.
 */
export interface GrpcClient {
  unary(path: string, request: Bytes, options: GrpcCallOptions): Promise<Bytes>;
  serverStream(path: string, request: Bytes, options: GrpcCallOptions): AsyncGenerator<Bytes, void, undefined>;
  /** Ends all calls and the connection. */
  close(): void;
}

export function createGrpcClient(options: GrpcClientOptions): GrpcClient {
  const channel = new GrpcChannel(options);
  const call = (path: string, request: Bytes, callOptions: GrpcCallOptions) =>
    messagesOf({ path, request, options: callOptions }, channel, options);
  return {
    unary: async (path, request, callOptions) => {
      let only: Bytes | undefined;
      for await (const message of call(path, request, callOptions)) {
        if (only !== undefined) throw new GrpcError("INTERNAL", "The answer holds more than one message");
        only = message;
      }
      if (only === undefined) throw new GrpcError("INTERNAL", "The answer holds no message");
      return only;
    },
    serverStream: call,
    close: () => channel.close(),
  };
}

interface Question {
  readonly path: string;
  readonly request: Bytes;
  readonly options: GrpcCallOptions;
}

/** The messages of an answer as they come; throws unless it ends with OK. */
async function* messagesOf(
  question: Question,
  channel: GrpcChannel,
  options: GrpcClientOptions,
): AsyncGenerator<Bytes, void, undefined> {
  const { signal, timeoutMs } = question.options;
  signal.throwIfAborted();
  const expired = new AbortController();
  const stopTimer = timeoutMs === undefined ? () => {} : options.timers.after(timeoutMs, () => {
    expired.abort(new GrpcError("DEADLINE_EXCEEDED", `No answer within ${timeoutMs} ms`));
  });
  const ended = AbortSignal.any([signal, expired.signal]);
  let stream: Http2Stream | undefined;
  const cut = () => stream?.reset("CANCEL", "The call was called off");
  ended.addEventListener("abort", cut, { once: true });
  try {
    const fields = headOf(question, options);
    const begun = await begin(channel, fields, { request: question.request, signal: ended });
    stream = begun.stream;
    if (ended.aborted) cut();
    if (!begun.head.has("grpc-status")) {
      const encoding = begun.head.get("grpc-encoding") === "gzip" ? "gzip" : "identity";
      yield* new GrpcMessages(stream, encoding, { maxBytes: options.maxMessageBytes });
    }
    checkStatus(begun.head, stream);
  } catch (thrown) {
    throw ended.aborted ? ended.reason : toGrpcError(thrown);
  } finally {
    stopTimer();
    ended.removeEventListener("abort", cut);
    stream?.reset("CANCEL", "The reader left");
  }
}

function headOf({ path, options: { metadata = [], timeoutMs } }: Question, options: GrpcClientOptions): HeaderField[] {
  const timeout: HeaderField[] = timeoutMs === undefined ? [] : [["grpc-timeout", timeoutText(timeoutMs)]];
  for (const [name, value] of metadata) {
    if (/^[0-9a-z_.-]+$/.test(name) && /^[\x20-\x7e]*$/.test(value)) continue;
    throw new GrpcError("INTERNAL", `Cannot send metadata "${name}": gRPC takes printable ASCII`);
  }
  return [
    [":method", "POST"],
    [":scheme", options.scheme],
    [":path", path],
    [":authority", options.authority],
    ["te", "trailers"],
    ...timeout,
    ["content-type", "application/grpc+proto"],
    ["grpc-accept-encoding", "identity,gzip"],
    ...metadata,
  ];
}

interface Begun {
  readonly stream: Http2Stream;
  readonly head: Metadata;
}

/**
 * Sends the request and waits for the head of its answer. A peer that says that it has not begun with it (REFUSED_STREAM,
 * RFC 9113 §8.7) is asked once more, over another connection if it is leaving.
 */
async function begin(
  channel: GrpcChannel,
  fields: readonly HeaderField[],
  { request, signal }: { readonly request: Bytes; readonly signal: AbortSignal },
): Promise<Begun> {
  const message = await framedMessage(request, "identity");
  for (let isAgain = false;; isAgain = true) {
    const stream = await channel.request(fields, signal);
    const cut = () => stream.reset("CANCEL", "The call was called off");
    signal.addEventListener("abort", cut, { once: true });
    // It may have been called off just when the stream began.
    if (signal.aborted) cut();
    try {
      // An answer may come before all was taken; if none comes, `head` knows why.
      stream.send(message, { end: true }).catch(() => {});
      const head = metadataOf(await stream.head());
      checkHead(head);
      return { stream, head };
    } catch (thrown) {
      stream.reset("CANCEL", "Its answer cannot be read");
      const isRefused = thrown instanceof StreamError && thrown.code === "REFUSED_STREAM";
      if (!isRefused || isAgain || signal.aborted) throw thrown;
    } finally {
      signal.removeEventListener("abort", cut);
    }
  }
}

/** What is no gRPC answers in terms of HTTP. */
function checkHead(head: Metadata): void {
  const status = head.get(":status") ?? "";
  const isGrpc = /^application\/grpc\b/.test(head.get("content-type") ?? "");
  if (head.has("grpc-status") || (status === "200" && isGrpc)) return;
  if (status !== "200") throw new GrpcError(statusOfHttp(Number(status)), `The peer answered HTTP ${status}`);
  throw new GrpcError("UNKNOWN", "The peer's answer is no gRPC");
}

function checkStatus(head: Metadata, stream: Http2Stream): void {
  const fields = head.has("grpc-status") ? [...head] : stream.trailers;
  const { status, message } = readStatus(metadataOf(fields));
  if (status !== "OK") throw new GrpcError(status, message, { trailers: fields });
}

/** A stream that ends without a status was cut by whatever stands between: it may be asked for again. */
function toGrpcError(thrown: unknown): unknown {
  if (thrown instanceof GrpcError) return thrown;
  if (isUnreachable(thrown)) return new GrpcError("UNAVAILABLE", "The peer cannot be reached", { cause: thrown });
  if (!(thrown instanceof StreamError)) return thrown;
  switch (thrown.code) {
    case "ENHANCE_YOUR_CALM":
      return new GrpcError("RESOURCE_EXHAUSTED", "The peer wants to be asked less", { cause: thrown });
    case "PROTOCOL_ERROR":
    case "FRAME_SIZE_ERROR":
    case "FLOW_CONTROL_ERROR":
    case "COMPRESSION_ERROR":
      return new GrpcError("INTERNAL", "The peer's HTTP/2 cannot be read", { cause: thrown });
    default:
      return new GrpcError("UNAVAILABLE", "The connection broke off", { cause: thrown });
  }
}
