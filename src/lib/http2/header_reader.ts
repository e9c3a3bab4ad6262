import type { Frame } from "./frame.ts";
import { HeaderAssembly, type HeaderBlock } from "./header_assembly.ts";
import { type DecodedHeaders, HpackDecoder, type HpackLimits } from "./hpack_decoder.ts";

/** A list of fields as it came. */
export type ReceivedHeaders = DecodedHeaders & Omit<HeaderBlock, "bytes">;

/** HEADERS and CONTINUATION frames → lists of fields. Every block is decoded: the next one may build on it. */
export class HeaderReader {
  readonly #assembly = new HeaderAssembly();
  readonly #decoder: HpackDecoder;

  constructor(limits: HpackLimits) {
    this.#decoder = new HpackDecoder(limits);
  }

  /** The stream whose block is under way: nothing else may come before it is whole. */
  get streamId(): number | undefined {
    return this.#assembly.streamId;
  }

  /** HEADERS; undefined while CONTINUATION has to follow. Throws ConnectionError. */
  begin(frame: Frame): ReceivedHeaders | undefined {
    return this.#decoded(this.#assembly.begin(frame));
  }

  /** CONTINUATION. Throws ConnectionError. */
  continue(frame: Frame): ReceivedHeaders | undefined {
    return this.#decoded(this.#assembly.continue(frame));
  }

  #decoded(block: HeaderBlock | undefined): ReceivedHeaders | undefined {
    if (block === undefined) return undefined;
    const { bytes, ...head } = block;
    return { ...head, ...this.#decoder.decode(bytes) };
  }
}
