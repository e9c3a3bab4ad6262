import type { Timers } from "../timers.ts";
import type { Http2Connection } from "./http2_connection.ts";

export interface KeepAliveLimits {
  /** How long the peer may take to introduce itself. */
  readonly greetingMs: number;
  /** Silence on a connection with open streams after which the peer is asked whether it is still there. */
  readonly silenceMs: number;
  /** How long it may take to answer. */
  readonly answerMs: number;
  /** A connection without a stream is closed after this long. */
  readonly idleMs: number;
}

const TICK_MS = 1000;
/**
 * Servers of gRPC leave clients that ask more than twice within five minutes of silence (gRFC A8), so the pauses grow
 * until they are longer than that.
 */
const MAX_SILENCE_MS = 310_000;

/** Watches a client's connection: closes it when its peer is gone or it is of no more use. Returns how to stop. */
export function keepAlive(connection: Http2Connection, limits: KeepAliveLimits, timers: Timers): () => void {
  const bornMs = timers.now();
  let silenceMs = limits.silenceMs;
  let askedMs: number | undefined;
  /** When the peer's last answer came: what comes later is more than an answer. */
  let answeredMs = -1;
  const ask = () => {
    askedMs = timers.now();
    silenceMs = Math.max(limits.silenceMs, Math.min(2 * silenceMs, MAX_SILENCE_MS));
    connection.ping().then(() => {
      askedMs = undefined;
      answeredMs = connection.receivedMs;
    });
  };
  return timers.every(TICK_MS, () => {
    const nowMs = timers.now();
    const { idleSinceMs, receivedMs } = connection;
    if (!connection.isEstablished) {
      if (nowMs - bornMs >= limits.greetingMs) connection.close("PROTOCOL_ERROR", "No SETTINGS came");
    } else if (idleSinceMs !== undefined) {
      if (nowMs - idleSinceMs >= limits.idleMs) connection.drain();
    } else if (askedMs !== undefined) {
      if (nowMs - askedMs >= limits.answerMs) connection.close("NO_ERROR", "No answer to PING");
    } else {
      if (answeredMs >= 0 && receivedMs > answeredMs) silenceMs = limits.silenceMs;
      if (nowMs - receivedMs >= silenceMs) ask();
    }
  });
}
