import { FLAG, type Frame, readUint31, unpadded } from "./frame.ts";
import { ConnectionError } from "./http2_error.ts";

/** A header block is collected whole before it is decoded, so its compressed size is bounded, too. */
const MAX_BLOCK_BYTES = 65_536;
/** Blocks of many small frames cost more than they say: the CONTINUATION flood (CVE-2024-27316). */
const MAX_BLOCK_FRAMES = 32;
const PRIORITY_BYTES = 5;

/** A whole header block. */
export interface HeaderBlock {
  readonly streamId: number;
  readonly endStream: boolean;
  /** RFC 7540 §5.3.1: a stream that depends on itself is an error, though priorities themselves mean nothing any more. */
  readonly dependsOnItself: boolean;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Puts HEADERS and the CONTINUATIONs behind it together (RFC 9113 §4.3). */
export class HeaderAssembly {
  #begun: Omit<HeaderBlock, "bytes"> | undefined;
  #parts: Uint8Array<ArrayBuffer>[] = [];
  #length = 0;

  /** The stream whose block is under way: nothing else may come before it is whole. */
  get streamId(): number | undefined {
    return this.#begun?.streamId;
  }

  /** HEADERS. The block, if it is whole. Throws ConnectionError. */
  begin(frame: Frame): HeaderBlock | undefined {
    let fragment = unpadded(frame);
    let dependsOnItself = false;
    if ((frame.flags & FLAG.PRIORITY) !== 0) {
      if (fragment.length < PRIORITY_BYTES) throw new ConnectionError("FRAME_SIZE_ERROR", "HEADERS is cut off");
      dependsOnItself = readUint31(fragment, 0) === frame.streamId;
      fragment = fragment.subarray(PRIORITY_BYTES);
    }
    const endStream = (frame.flags & FLAG.END_STREAM) !== 0;
    this.#begun = { streamId: frame.streamId, endStream, dependsOnItself };
    return this.#add(frame, fragment);
  }

  /** CONTINUATION. The block, if it is whole now. Throws ConnectionError. */
  continue(frame: Frame): HeaderBlock | undefined {
    if (frame.streamId !== this.#begun?.streamId) {
      throw new ConnectionError("PROTOCOL_ERROR", "CONTINUATION without HEADERS");
    }
    return this.#add(frame, frame.payload);
  }

  #add({ flags }: Frame, fragment: Uint8Array<ArrayBuffer>): HeaderBlock | undefined {
    const begun = this.#begun;
    if (begun === undefined) return undefined;
    const isWhole = (flags & FLAG.END_HEADERS) !== 0;
    if (isWhole && this.#parts.length === 0) {
      this.#begun = undefined;
      return { ...begun, bytes: fragment };
    }
    this.#length += fragment.length;
    this.#parts.push(fragment.slice());
    if (this.#length > MAX_BLOCK_BYTES || this.#parts.length > MAX_BLOCK_FRAMES) {
      throw new ConnectionError("ENHANCE_YOUR_CALM", "A header block is too large");
    }
    if (!isWhole) return undefined;
    const bytes = joined(this.#parts, this.#length);
    this.#begun = undefined;
    this.#parts = [];
    this.#length = 0;
    return { ...begun, bytes };
  }
}

function joined(parts: readonly Uint8Array[], length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
