import type { Heartbeat } from "../../lib/heartbeat.ts";
import type { Timers } from "../../lib/timers.ts";

/** The sending side of a socket, as the rim adapts it. */
export interface SocketSink {
  /** Sends a text, or does nothing when the socket is not open any more. */
  send(text: string): void;
  /** Bytes that were sent and that the peer has not taken yet. */
  readonly bufferedAmount: number;
}

export interface SocketWriterOptions {
  readonly timers: Timers;
  readonly heartbeat: Heartbeat;
  /** A peer that has taken nothing for this long while something waits for it is stalled. */
  readonly stallMs: number;
  readonly onStall: () => void;
}

/** So much may wait for the peer before nothing more is read for it. */
export const MAX_BUFFERED_BYTES = 262_144;
/** A WebSocket tells nobody when its buffer empties, so a full one is looked at again after this time. */
export const POLL_MS = 5;

/** Sends at the pace of the peer. */
export class SocketWriter {
  readonly #sink: SocketSink;
  readonly #options: SocketWriterOptions;
  readonly #leaveHeartbeat: () => void;
  /** All that was ever sent, less what waits: what the peer has taken. */
  #sentBytes = 0;
  #takenBytes = 0;
  #stuckSinceMs: number | undefined;
  #waiting: ((open: boolean) => void)[] = [];
  #stopPoll: (() => void) | undefined;
  #closed = false;

  constructor(sink: SocketSink, options: SocketWriterOptions) {
    this.#sink = sink;
    this.#options = options;
    this.#leaveHeartbeat = options.heartbeat.join((nowMs) => this.#beat(nowMs));
  }

  get isFull(): boolean {
    return this.#sink.bufferedAmount >= MAX_BUFFERED_BYTES;
  }

  /** Sends at once, then waits until there is room for more. Resolves with false when the socket is closed. */
  async send(text: string): Promise<boolean> {
    if (this.#closed) return false;
    const before = this.#sink.bufferedAmount;
    this.#sink.send(text);
    this.#sentBytes += this.#sink.bufferedAmount - before;
    return this.isFull ? await this.#room() : true;
  }

  /** Lets go of everybody who waits. */
  close(): void {
    this.#closed = true;
    this.#leaveHeartbeat();
    this.#stopPoll?.();
    this.#wake();
  }

  #room(): Promise<boolean> {
    this.#poll();
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #poll(): void {
    this.#stopPoll ??= this.#options.timers.after(POLL_MS, () => {
      this.#stopPoll = undefined;
      if (this.isFull) this.#poll();
      else this.#wake();
    });
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve(!this.#closed);
  }

  #beat(nowMs: number): void {
    const buffered = this.#sink.bufferedAmount;
    const taken = this.#sentBytes - buffered;
    if (buffered === 0 || taken > this.#takenBytes) this.#stuckSinceMs = undefined;
    else this.#stuckSinceMs ??= nowMs;
    this.#takenBytes = taken;
    if (this.#stuckSinceMs !== undefined && nowMs - this.#stuckSinceMs >= this.#options.stallMs) {
      this.#options.onStall();
    }
  }
}
