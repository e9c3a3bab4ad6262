/** How a stream came to its end: whose frames may still be on their way depends on it (RFC 9113 §5.1). */
export type Ending = "ended" | "reset_by_us" | "reset_by_peer";

/** The latest streams that are closed; older ones are forgotten. */
export class ClosedStreams {
  readonly #endings = new Map<number, Ending>();
  readonly #kept: number;

  constructor(kept: number) {
    this.#kept = kept;
  }

  add(streamId: number, ending: Ending): void {
    this.#endings.set(streamId, ending);
    if (this.#endings.size <= this.#kept) return;
    for (const oldest of this.#endings.keys()) {
      this.#endings.delete(oldest);
      return;
    }
  }

  get(streamId: number): Ending | undefined {
    return this.#endings.get(streamId);
  }
}
