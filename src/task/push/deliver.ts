import { EgressRefused, type EgressRules } from "../../lib/egress_rules.ts";
import { EgressTimeout, type SafeFetch } from "../../lib/safe_fetch.ts";
import { VERSION } from "../../lib/version.ts";
import type { EventDialect } from "../../a2a/dialects/dialect.ts";
import type { Webhook } from "../../store/store.ts";
import type { Notice } from "./notices.ts";

export interface DeliverDeps {
  readonly fetch: SafeFetch;
  readonly rules: EgressRules;
  /** How each generation of receivers reads what it is sent. */
  readonly dialects: Readonly<Record<Webhook["protocolVersion"], EventDialect>>;
  readonly timeoutMs: number;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** What came of one attempt. */
export type Outcome =
  | { readonly kind: "told" }
  | {
    readonly kind: "failed";
    /** For the task's owner: nothing of what stands behind the URL. */
    readonly reason: string;
    /** The least that has to be waited before another attempt; 0 if the receiver named nothing. */
    readonly retryAfterMs: number;
    /** Another attempt is no use. */
    readonly isFinal: boolean;
  };

/** Of an answer nobody reads more than its status. */
const MAX_ANSWER_BYTES = 64 * 1024;
/** RFC 9110 §15.5.11: the receiver is gone for good and says so. */
const GONE = 410;

/** Posts one notice (A2A v1 §4.3.3). Rejects only with the reason of `signal`. */
export async function deliver(
  webhook: Webhook,
  notice: Notice,
  deps: DeliverDeps & { readonly signal: AbortSignal },
): Promise<Outcome> {
  const { fetch, rules, timeoutMs, now, signal } = deps;
  const dialect = deps.dialects[webhook.protocolVersion];
  const body = JSON.stringify(dialect.writeEvent(notice.event, notice.isLast));
  const headers = headersOf(webhook, notice, dialect.mediaType);
  try {
    const policy = { rules, timeoutMs, maxBytes: MAX_ANSWER_BYTES };
    const response = await fetch({ url: webhook.url, method: "POST", headers, body, signal }, policy);
    await response.body?.cancel();
    if (response.ok) return { kind: "told" };
    const retryAfterMs = readRetryAfter(response.headers.get("retry-after"), now());
    const reason = `The receiver answered ${response.status}`;
    return { kind: "failed", reason, retryAfterMs, isFinal: response.status === GONE };
  } catch (thrown) {
    signal.throwIfAborted();
    return { kind: "failed", reason: reasonOf(thrown), retryAfterMs: 0, isFinal: thrown instanceof EgressRefused };
  }
}

function headersOf({ ref, token, authentication }: Webhook, { seq }: Notice, mediaType: string) {
  return {
    "content-type": mediaType,
    "user-agent": `hector/${VERSION}`,
    // Delivered at least once: by this a receiver knows what it has had (A2A v1 §13.2 asks it to be idempotent).
    "idempotency-key": `${ref.id}:${seq}`,
    ...(token === undefined ? {} : { "x-a2a-notification-token": token }),
    ...(authentication?.credentials === undefined
      ? {}
      : { authorization: `${authentication.scheme} ${authentication.credentials}` }),
  };
}

function reasonOf(thrown: unknown): string {
  if (thrown instanceof EgressRefused) return `The receiver's URL ${thrown.message}`;
  if (thrown instanceof EgressTimeout) return "The receiver did not answer in time";
  return "The receiver could not be reached";
}

/** RFC 9110 §10.2.3: seconds or a date. */
function readRetryAfter(text: string | null, nowMs: number): number {
  if (text === null) return 0;
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000;
  const date = Date.parse(text);
  return Number.isNaN(date) ? 0 : Math.max(0, date - nowMs);
}
