import { ConnectionError } from "./http2_error.ts";
import { DEFAULT_WINDOW_BYTES, MAX_WINDOW_BYTES } from "./settings.ts";

/** How much all streams of a connection together may still send (RFC 9113 §6.9). */
export class SendWindow {
  #bytes = DEFAULT_WINDOW_BYTES;
  readonly #waiting: (() => void)[] = [];

  get bytes(): number {
    return this.#bytes;
  }

  /** Whether others wait for room, so that one stream should not take all of it. */
  get isContended(): boolean {
    return this.#waiting.length > 0;
  }

  take(bytes: number): void {
    this.#bytes -= bytes;
  }

  /** Calls `wake` once there is room. */
  wait(wake: () => void): void {
    this.#waiting.push(wake);
  }

  /** Throws ConnectionError FLOW_CONTROL_ERROR (RFC 9113 §6.9.1). */
  widen(bytes: number): void {
    if (this.#bytes + bytes > MAX_WINDOW_BYTES) {
      throw new ConnectionError("FLOW_CONTROL_ERROR", "The connection's window is too wide");
    }
    this.#bytes += bytes;
    for (const wake of this.#waiting.splice(0)) wake();
  }
}
