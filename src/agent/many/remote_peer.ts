import type { AgentCard } from "../../a2a/card/card_types.ts";
import { A2AError } from "../../a2a/errors.ts";
import { RESUME_EXTENSION } from "../../a2a/extensions.ts";
import { type A2AService, ANONYMOUS, type Call } from "../../a2a/service.ts";
import type { Message } from "../../a2a/types.ts";
import { retry, type RetryPolicy } from "../../lib/retry.ts";
import { isUnreachable } from "../../lib/unreachable.ts";
import { traceOf } from "./hops.ts";

/** An agent of another server. */
export interface RemotePeer extends A2AService {
  /** Read once. */
  card(signal: AbortSignal): Promise<AgentCard>;
}

export interface RemoteDeps {
  readonly peer: RemotePeer;
  readonly retry: RetryPolicy;
  readonly random: () => number;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** A call to another server; who asks is told by its credentials. */
export function remoteCall(message: Pick<Message, "metadata">, signal: AbortSignal): Call {
  return { signal, caller: ANONYMOUS, extensions: [], trace: traceOf(message.metadata ?? {}) };
}

/** What changes nothing when it is asked twice, asked until it is answered. */
export function askPatiently<T>(act: () => Promise<T>, deps: RemoteDeps, signal: AbortSignal): Promise<T> {
  return retry(act, deps.retry, {
    ...deps,
    signal,
    retryAfterMs: (thrown) => passes(thrown) ? afterMs(thrown) : undefined,
  });
}

/**
 * Sends a message until it has arrived. One that may have arrived is only sent again to who takes the same message once:
 * a peer that numbers its events knows its messages, too.
 */
export function sendPatiently<T>(
  act: () => Promise<T>,
  deps: RemoteDeps & { readonly card: AgentCard },
  signal: AbortSignal,
) {
  const knowsRepeats = deps.card.capabilities.extensions?.some(({ uri }) => uri === RESUME_EXTENSION) === true;
  return retry(act, deps.retry, {
    ...deps,
    signal,
    retryAfterMs: (thrown) => passes(thrown) && (knowsRepeats || isUnreachable(thrown)) ? afterMs(thrown) : undefined,
  });
}

/** Whether it may be otherwise in a moment. */
export function passes(thrown: unknown): boolean {
  return thrown instanceof A2AError && (thrown.reason === "UNAVAILABLE" || thrown.reason === "RATE_LIMITED");
}

function afterMs(thrown: unknown): number {
  return thrown instanceof A2AError ? (thrown.retryAfterSeconds ?? 0) * 1000 : 0;
}

/** A peer that does not answer must not keep what is over from ending. */
const LONGEST_MS = 10_000;

/** Cancels a task over there, if that can be done soon. */
export async function callOffRemote(id: string, { peer, sleep }: Pick<RemoteDeps, "peer" | "sleep">): Promise<void> {
  const late = new AbortController();
  const over = new AbortController();
  sleep(LONGEST_MS, over.signal).then(() => late.abort(), () => {});
  await peer.cancelTask({ id }, remoteCall({}, late.signal)).catch(() => {});
  over.abort();
}
