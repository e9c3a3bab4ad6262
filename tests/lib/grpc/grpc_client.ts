import { metadataOf } from "../../../src/lib/grpc/grpc_metadata.ts";
import { type Encoding, framedMessage, GrpcMessages } from "../../../src/lib/grpc/grpc_messages.ts";
import type { Http2Connection } from "../../../src/lib/http2/http2_connection.ts";
import type { Http2Stream } from "../../../src/lib/http2/http2_stream.ts";
import type { HeaderField } from "../../../src/lib/http2/static_table.ts";

type Bytes = Uint8Array<ArrayBuffer>;

export interface Answer {
  readonly head: ReadonlyMap<string, string>;
  readonly messages: readonly Bytes[];
  /** Of the head, too, if there is nothing between. */
  readonly trailers: ReadonlyMap<string, string>;
}

export interface AskOptions {
  readonly metadata?: readonly HeaderField[];
  /** How the request is packed. */
  readonly encoding?: Encoding;
}

export function grpcHead(path: string, metadata: readonly HeaderField[] = []): HeaderField[] {
  return [
    [":method", "POST"],
    [":scheme", "http"],
    [":path", path],
    [":authority", "localhost"],
    ["te", "trailers"],
    ["content-type", "application/grpc"],
    ...metadata,
  ];
}

/** Begins a call and sends its messages. */
export async function beginCall(
  connection: Http2Connection,
  path: string,
  { messages, metadata = [], encoding = "identity" }: AskOptions & { readonly messages: readonly Bytes[] },
): Promise<Http2Stream> {
  const packing: HeaderField[] = encoding === "gzip" ? [["grpc-encoding", "gzip"]] : [];
  const stream = await connection.request(grpcHead(path, [...packing, ...metadata]));
  for (const message of messages) await stream.send(await framedMessage(message, encoding));
  await stream.send(new Uint8Array(0), { end: true });
  return stream;
}

/** The messages of an answer as they come. */
export async function* messagesOf(stream: Http2Stream): AsyncGenerator<Bytes> {
  const encoding = metadataOf(await stream.head()).get("grpc-encoding") === "gzip" ? "gzip" : "identity";
  yield* new GrpcMessages(stream, encoding, { maxBytes: 100_000_000 });
}

export async function answerOf(stream: Http2Stream): Promise<Answer> {
  const messages: Bytes[] = [];
  for await (const message of messagesOf(stream)) messages.push(message);
  const head = metadataOf(await stream.head());
  const isTrailersOnly = stream.trailers.length === 0;
  return { head, messages, trailers: isTrailersOnly ? head : metadataOf(stream.trailers) };
}

/** One call with one message, answered in full. */
export async function ask(connection: Http2Connection, path: string, message: Bytes, options: AskOptions = {}) {
  return await answerOf(await beginCall(connection, path, { messages: [message], ...options }));
}

export function bytesOf(base64: string): Bytes {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}
