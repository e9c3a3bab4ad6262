import type { Peer } from "../../lib/peer.ts";

export interface VisitLimits {
  /** Time for the head of a request to arrive in full; for the first one with the greeting and TLS. */
  readonly headMs: number;
  /** Time without a request. */
  readonly idleMs: number;
  /** As many bytes a second a peer takes, at least, on average over `RATE_WINDOW_MS`, of what waits for it. */
  readonly minBytesPerSecond: number;
}

/** Over which the speed of a reader is taken: short pauses are no crime. */
export const RATE_WINDOW_MS = 30_000;

/**
 * One connection of HTTP as its bytes and its requests show it. Where a head ends and a request begins is told by the
 * server behind the door: nothing here reads HTTP.
 */
export class Visit implements Peer {
  readonly address: string;
  readonly #limits: VisitLimits;
  readonly #now: () => number;
  #requests = 0;
  /** Since when a head has been owed; undefined while none is. */
  #headSinceMs: number | undefined;
  #idleSinceMs: number;
  #isFramed = false;
  #isSocket = false;
  #isWriting = false;
  #behindSinceMs: number | undefined;
  #takenBytes = 0;

  constructor(address: string, limits: VisitLimits, now: () => number) {
    this.address = address;
    this.#limits = limits;
    this.#now = now;
    this.#headSinceMs = this.#idleSinceMs = now();
  }

  /** Bytes came from the peer. */
  received(): void {
    if (this.#requests === 0 && !this.#isFramed) this.#headSinceMs ??= this.#now();
  }

  /** It speaks HTTP/2: bytes that come between requests are no head, and only idleness is looked at. */
  speaksHttp2(): void {
    this.#isFramed = true;
    this.#headSinceMs = undefined;
  }

  requestBegins(): void {
    this.#requests++;
    this.#headSinceMs = undefined;
  }

  requestEnds(): void {
    this.#requests--;
    this.#idleSinceMs = this.#now();
  }

  /** From now on it is a WebSocket, which asks by itself whether its peer is there. */
  becomesSocket(): void {
    this.#isSocket = true;
  }

  /** Something waits for the peer. */
  writeBegins(): void {
    this.#isWriting = true;
  }

  /** The peer, or what is on the way to it, has taken `bytes` of it. */
  writeEnds(bytes: number): void {
    this.#isWriting = false;
    this.#takenBytes += bytes;
  }

  /** Why the connection has to end; undefined if it may go on. To be asked again and again, every second or so. */
  overdue(): string | undefined {
    const nowMs = this.#now();
    const { headMs, idleMs } = this.#limits;
    if (this.#isTooSlow(nowMs)) return "the peer takes too little of its answer";
    if (this.#requests > 0 || this.#isSocket) return undefined;
    if (this.#headSinceMs !== undefined && nowMs - this.#headSinceMs >= headMs) return "no whole request came in time";
    return nowMs - this.#idleSinceMs >= idleMs ? "no request came" : undefined;
  }

  #isTooSlow(nowMs: number): boolean {
    if (!this.#isWriting) {
      this.#behindSinceMs = undefined;
      return false;
    }
    if (this.#behindSinceMs !== undefined) {
      const behindMs = nowMs - this.#behindSinceMs;
      if (behindMs < RATE_WINDOW_MS) return false;
      if (this.#takenBytes * 1000 < this.#limits.minBytesPerSecond * behindMs) return true;
    }
    this.#behindSinceMs = nowMs;
    this.#takenBytes = 0;
    return false;
  }
}
