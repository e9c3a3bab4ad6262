import type { ByteStream } from "../../lib/http2/byte_stream.ts";

/** A connection that says nothing should cost little; one that says much should not be asked for it in crumbs. */
const FIRST_COPY_BYTES = 4096;
const MAX_COPY_BYTES = 65_536;

/** What is told of the bytes on their way. */
export interface SpliceWatch {
  /** Bytes came out of the outer side. */
  received(): void;
  /** Bytes wait for the outer side. */
  writeBegins(): void;
  writeEnds(bytes: number): void;
}

export interface SpliceOptions {
  /** Has been read from the outer side already. */
  readonly first?: Uint8Array;
  readonly watch?: SpliceWatch;
}

/**
 * Passes bytes on both ways until both sides have ended. When either side breaks, both are closed: half a connection
 * would stay for ever. Never throws.
 */
export async function splice(
  outer: ByteStream,
  inner: ByteStream,
  { first = new Uint8Array(0), watch }: SpliceOptions = {},
): Promise<void> {
  const breakOff = () => {
    outer.close();
    inner.close();
  };
  const inwards = async () => {
    await writeAll(inner, first);
    await copy(outer, inner, { onRead: watch && (() => watch.received()) });
  };
  try {
    await Promise.all([inwards().catch(breakOff), copy(inner, outer, { watch }).catch(breakOff)]);
  } finally {
    breakOff();
  }
}

interface CopyOptions {
  readonly onRead?: (() => void) | undefined;
  readonly watch?: SpliceWatch | undefined;
}

async function copy(from: ByteStream, to: ByteStream, { onRead, watch }: CopyOptions): Promise<void> {
  let buffer = new Uint8Array(FIRST_COPY_BYTES);
  for (let count = await from.read(buffer); count !== null; count = await from.read(buffer)) {
    onRead?.();
    await writeAll(to, buffer.subarray(0, count), watch);
    if (count === buffer.length && count < MAX_COPY_BYTES) buffer = new Uint8Array(4 * count);
  }
  await to.closeWrite();
}

async function writeAll(to: ByteStream, bytes: Uint8Array, watch?: SpliceWatch): Promise<void> {
  for (let at = 0; at < bytes.length;) {
    watch?.writeBegins();
    const count = await to.write(at === 0 ? bytes : bytes.subarray(at));
    watch?.writeEnds(count);
    at += count;
  }
}
