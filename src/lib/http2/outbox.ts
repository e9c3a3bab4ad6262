import type { ByteStream } from "./byte_stream.ts";

/** Beyond this much unsent, those who send data wait. */
const HIGH_WATER_BYTES = 262_144;
/** Beyond this much, made of answers that no window holds back, we listen to the peer no more until it reads. */
const FLOOD_BYTES = 1_048_576;
/** Pieces are put together up to this size: one write for many frames. */
const MAX_WRITE_BYTES = 65_536;

/** How far the writing is. */
export interface Sending {
  readonly sentBytes: number;
  /** Whether a write is under way. */
  readonly isBusy: boolean;
}

/** What waits to be written: frames queue up while one write is under way and leave together in the next. */
export class Outbox {
  readonly #bytes: ByteStream;
  readonly #onError: (error: unknown) => void;
  #queue: Uint8Array[] = [];
  #queuedBytes = 0;
  #writing: Promise<void> | undefined;
  #closed = false;
  #sentBytes = 0;
  readonly #drained: (() => void)[] = [];

  constructor(bytes: ByteStream, onError: (error: unknown) => void) {
    this.#bytes = bytes;
    this.#onError = onError;
  }

  get sending(): Sending {
    return { sentBytes: this.#sentBytes, isBusy: this.#writing !== undefined };
  }

  get isFull(): boolean {
    return this.#queuedBytes >= HIGH_WATER_BYTES;
  }

  get isFlooded(): boolean {
    return this.#queuedBytes >= FLOOD_BYTES;
  }

  /** The bytes must not be changed afterwards. */
  push(bytes: Uint8Array): void {
    if (this.#closed) return;
    this.#queue.push(bytes);
    this.#queuedBytes += bytes.length;
    this.#writing ??= this.#write();
  }

  /** Resolves when there is room again, or nobody to write to. */
  async drained(): Promise<void> {
    if (!this.isFull || this.#closed) return;
    await new Promise<void>((resolve) => this.#drained.push(resolve));
  }

  /** Resolves when everything so far is written, or cannot be. */
  async flushed(): Promise<void> {
    while (this.#writing !== undefined) await this.#writing;
  }

  /** Forgets what is not written. */
  close(): void {
    this.#closed = true;
    this.#queue = [];
    this.#queuedBytes = 0;
    this.#wake();
  }

  async #write(): Promise<void> {
    // Whatever the same turn of the event loop still pushes goes along.
    await Promise.resolve();
    try {
      while (this.#queue.length > 0) {
        const bytes = this.#takeBatch();
        for (let at = 0; at < bytes.length;) {
          const count = await this.#bytes.write(at === 0 ? bytes : bytes.subarray(at));
          this.#sentBytes += count;
          at += count;
        }
        if (!this.isFull) this.#wake();
      }
    } catch (error) {
      this.close();
      this.#onError(error);
    } finally {
      this.#writing = undefined;
    }
  }

  #takeBatch(): Uint8Array {
    const [first = new Uint8Array(0)] = this.#queue;
    let count = 1;
    let length = first.length;
    for (; count < this.#queue.length; count++) {
      const next = this.#queue[count]?.length ?? 0;
      if (length + next > MAX_WRITE_BYTES) break;
      length += next;
    }
    const taken = this.#queue.splice(0, count);
    this.#queuedBytes -= length;
    if (taken.length === 1) return first;
    const batch = new Uint8Array(length);
    let at = 0;
    for (const piece of taken) {
      batch.set(piece, at);
      at += piece.length;
    }
    return batch;
  }

  #wake(): void {
    for (const resolve of this.#drained.splice(0)) resolve();
  }
}
