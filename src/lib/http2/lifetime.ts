import type { Timers } from "../timers.ts";
import type { Http2Connection } from "./http2_connection.ts";

export interface LifetimeLimits {
  /** How long a peer may take to introduce itself. */
  readonly greetingMs: number;
  /** A connection without a stream is closed after this long. */
  readonly idleMs: number;
  /** Silence after which the peer is asked whether it is still there. */
  readonly pingAfterMs: number;
  /** How long it may take to answer. */
  readonly pingTimeoutMs: number;
  /** After this long a connection is drained, so that load spreads again. */
  readonly maxAgeMs: number;
  /** A stream whose peer takes nothing for this long is given up, and a connection of which not a byte is taken. */
  readonly stallMs: number;
}

/** How often the limits are looked at. */
const TICK_MS = 1000;

/** Ends a connection that has outlived its use. The returned function stops watching. */
export function watchLifetime(
  connection: Http2Connection,
  limits: LifetimeLimits,
  { timers, random }: { readonly timers: Timers; readonly random: () => number },
): () => void {
  const bornMs = timers.now();
  // Connections that were made together should not all come back together.
  const maxAgeMs = limits.maxAgeMs * (0.9 + 0.2 * random());
  let pingedMs: number | undefined;
  let sent = { bytes: -1, sinceMs: bornMs };
  return timers.every(TICK_MS, () => {
    const nowMs = timers.now();
    for (const stream of connection.openStreams) if (stream.stalledMs >= limits.stallMs) stream.stall();
    const { isBusy, sentBytes } = connection.sending;
    if (!isBusy || sentBytes !== sent.bytes) sent = { bytes: sentBytes, sinceMs: nowMs };
    if (nowMs - sent.sinceMs >= limits.stallMs) return connection.close("NO_ERROR", "The peer takes nothing");
    if (!connection.isEstablished) {
      if (nowMs - bornMs >= limits.greetingMs) connection.close("PROTOCOL_ERROR", "No SETTINGS came");
      return;
    }
    if (pingedMs !== undefined && connection.receivedMs >= pingedMs) pingedMs = undefined;
    if (pingedMs !== undefined) {
      if (nowMs - pingedMs >= limits.pingTimeoutMs) connection.close("NO_ERROR", "No answer to PING");
    } else if (nowMs - connection.receivedMs >= limits.pingAfterMs) {
      pingedMs = nowMs;
      connection.ping();
    }
    const { idleSinceMs } = connection;
    const isIdle = idleSinceMs !== undefined && nowMs - idleSinceMs >= limits.idleMs;
    if (isIdle || nowMs - bornMs >= maxAgeMs) connection.drain();
  });
}
