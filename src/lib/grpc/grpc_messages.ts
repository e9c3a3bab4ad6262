import type { ByteBudget } from "../byte_budget.ts";
import type { Http2Stream } from "../http2/http2_stream.ts";
import { GrpcError } from "./grpc_status.ts";

/** Each message is preceded by a flag and its length (gRPC over HTTP/2, "Length-Prefixed-Message"). */
const PREFIX_BYTES = 5;
/** Below this, packing costs more than it saves. */
const MIN_PACKED_BYTES = 4096;

export interface MessageLimits {
  /** Size of one message, packed or not. */
  readonly maxBytes: number;
  /** What messages that are still arriving take. Default: as much as they like. */
  readonly budget?: ByteBudget | undefined;
}

/** How a peer packs what it sends: its `grpc-encoding`. */
export type Encoding = "identity" | "gzip";

/** The messages that a stream's body holds. */
export class GrpcMessages {
  readonly #stream: Http2Stream;
  readonly #encoding: Encoding;
  readonly #maxBytes: number;
  readonly #budget: ByteBudget | undefined;
  #chunks: Uint8Array[] = [];
  #length = 0;

  constructor(stream: Http2Stream, encoding: Encoding, { maxBytes, budget }: MessageLimits) {
    this.#stream = stream;
    this.#encoding = encoding;
    this.#maxBytes = maxBytes;
    this.#budget = budget;
  }

  /** The next message; undefined at the end. Throws GrpcError, StreamError. */
  async next(): Promise<Uint8Array<ArrayBuffer> | undefined> {
    if (!await this.#fill(PREFIX_BYTES)) {
      if (this.#length > 0) throw new GrpcError("INTERNAL", "A message is cut off");
      return undefined;
    }
    const prefix = this.#take(PREFIX_BYTES);
    const [flag = 0] = prefix;
    const length = new DataView(prefix.buffer).getUint32(1);
    if (length > this.#maxBytes) throw tooLarge(length, this.#maxBytes);
    if (!await this.#fill(length)) throw new GrpcError("INTERNAL", "A message is cut off");
    const message = this.#take(length);
    if (flag === 0) return message;
    if (flag !== 1 || this.#encoding === "identity") {
      throw new GrpcError("INTERNAL", "A message is packed, but nothing says how");
    }
    return await unpack(message, this.#maxBytes);
  }

  /** The only message of a call that has one; gRPC's table of statuses calls another number UNIMPLEMENTED. Throws GrpcError. */
  async only(): Promise<Uint8Array<ArrayBuffer>> {
    const message = await this.next();
    if (message === undefined) throw new GrpcError("UNIMPLEMENTED", "The request holds no message");
    if (await this.next() !== undefined) {
      throw new GrpcError("UNIMPLEMENTED", "The request holds more than one message");
    }
    return message;
  }

  /** All messages until the end. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array<ArrayBuffer>, void, undefined> {
    for (let message = await this.next(); message !== undefined; message = await this.next()) yield message;
  }

  /** Nobody reads on: what has arrived so far is forgotten. */
  discard(): void {
    this.#budget?.giveBack(this.#length);
    this.#chunks = [];
    this.#length = 0;
  }

  async #fill(length: number): Promise<boolean> {
    while (this.#length < length) {
      const chunk = await this.#stream.read();
      if (chunk === undefined) return false;
      if (this.#budget?.take(chunk.length) === false) {
        throw new GrpcError("UNAVAILABLE", "Too many requests are arriving at once");
      }
      this.#chunks.push(chunk);
      this.#length += chunk.length;
    }
    return true;
  }

  #take(length: number): Uint8Array<ArrayBuffer> {
    const taken = new Uint8Array(length);
    let at = 0;
    let used = 0;
    for (const chunk of this.#chunks) {
      if (at === length) break;
      const piece = chunk.subarray(0, length - at);
      taken.set(piece, at);
      at += piece.length;
      if (piece.length === chunk.length) used++;
      else this.#chunks[used] = chunk.subarray(piece.length);
    }
    this.#chunks.splice(0, used);
    this.#length -= length;
    this.#budget?.giveBack(length);
    return taken;
  }
}

/** A message with its prefix, packed if the peer takes that and it is worth it. */
export async function framedMessage(message: Uint8Array<ArrayBuffer>, encoding: Encoding): Promise<Uint8Array> {
  if (encoding === "identity" || message.length < MIN_PACKED_BYTES) return framed(message, 0);
  const packed = new Blob([message]).stream().pipeThrough(new CompressionStream("gzip"));
  return framed(new Uint8Array(await new Response(packed).arrayBuffer()), 1);
}

function framed(message: Uint8Array, flag: 0 | 1): Uint8Array {
  const bytes = new Uint8Array(PREFIX_BYTES + message.length);
  bytes[0] = flag;
  new DataView(bytes.buffer).setUint32(1, message.length);
  bytes.set(message, PREFIX_BYTES);
  return bytes;
}

/** Unpacks at most `maxBytes`: a small message can hold a very large one. */
async function unpack(packed: Uint8Array<ArrayBuffer>, maxBytes: number): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let length = 0;
  try {
    for await (const chunk of new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"))) {
      length += chunk.length;
      if (length > maxBytes) throw tooLarge(length, maxBytes);
      chunks.push(chunk);
    }
  } catch (thrown) {
    if (thrown instanceof GrpcError) throw thrown;
    throw new GrpcError("INTERNAL", "Cannot unpack a message: it is no gzip", { cause: thrown });
  }
  return new Uint8Array(await new Blob(chunks).arrayBuffer());
}

function tooLarge(length: number, maxBytes: number): GrpcError {
  return new GrpcError("RESOURCE_EXHAUSTED", `A message of ${length} bytes: at most ${maxBytes}`);
}
