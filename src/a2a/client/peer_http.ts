import { JsonDepthError, parseJson } from "../../lib/json.ts";
import { idleLimit } from "../../lib/idle_limit.ts";
import { networkReason } from "../../lib/network_reason.ts";
import { timedSleep, type Timers } from "../../lib/timers.ts";
import { A2AError } from "../errors.ts";
import type { Keyring } from "./keyring.ts";

/** What a client needs of the world to speak HTTP. */
export interface PeerHttp {
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  /** What goes with every request besides what the protocol and the credentials want, such as a trace. */
  readonly headers?: (url: URL) => Readonly<Record<string, string>> | Promise<Readonly<Record<string, string>>>;
  readonly keyring: Keyring;
  /** The largest answer, and the largest event of a stream, that is read. */
  readonly maxBytes: number;
  /** An answer in which nothing comes for this long, not even a heartbeat, is given up. */
  readonly idleMs: number;
  readonly timers: Timers;
}

export interface PeerRequest {
  readonly method: "GET" | "POST" | "DELETE";
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly signal: AbortSignal;
  /** How long the answer may take to begin. Absent: as long as it needs. */
  readonly answerMs?: number | undefined;
  /** The credentials that went with this before were not taken. */
  readonly refused?: boolean;
}

const MAX_REDIRECTS = 5;

/**
 * Sends a request. Redirects are followed here, because credentials must not follow them to whoever they name. Throws
 * A2AError UNAVAILABLE if there is no connection or no answer, `signal.reason` if it was called off.
 */
export async function sendToPeer(http: PeerHttp, request: PeerRequest): Promise<Response> {
  let url = new URL(request.url);
  for (let redirects = 0;; redirects++) {
    const response = await sendOnce(http, url, request);
    const location = response.status >= 300 && response.status < 400 ? response.headers.get("location") : null;
    if (location === null) return response;
    await response.body?.cancel();
    const next = URL.parse(location, url);
    // Any other status would make a GET of it (RFC 9110 §15.4).
    const keepsMethod = request.method === "GET" || response.status === 307 || response.status === 308;
    if (next === null || !/^https?:$/.test(next.protocol) || !keepsMethod || redirects === MAX_REDIRECTS) {
      throw unreadable(`${url.origin} redirects to ${next?.origin ?? "nowhere"}`);
    }
    url = next;
  }
}

async function sendOnce(http: PeerHttp, url: URL, request: PeerRequest): Promise<Response> {
  const { method, headers, body, signal, answerMs, refused = false } = request;
  const own = await http.headers?.(url) ?? {};
  const credentials = await http.keyring.credentials(url, { refused, signal });
  const target = new URL(url);
  for (const [name, value] of Object.entries(credentials.query)) target.searchParams.set(name, value);
  const sent = body === undefined ? {} : { body: JSON.stringify(body) };
  const late = new AbortController();
  const either = AbortSignal.any([signal, late.signal]);
  const stop = answerMs === undefined ? () => {} : http.timers.after(answerMs, () => {
    late.abort(new A2AError("UNAVAILABLE", `Cannot reach ${url.origin}: no answer within ${answerMs} ms`));
  });
  try {
    return await http.fetch(target.href, {
      method,
      redirect: "manual",
      signal: either,
      headers: { ...own, ...credentials.headers, ...headers },
      ...sent,
    });
  } catch (thrown) {
    // What fetch says of a failure repeats the URL, and with it a key that had to go there.
    const cause = target.href === url.href ? thrown : new Error(networkReason(thrown) ?? "the connection failed");
    throw lostConnection(late.signal.aborted ? late.signal.reason : cause, url.origin, signal);
  } finally {
    stop();
  }
}

/** What to throw for a connection that failed, at the start or under way. */
export function lostConnection(cause: unknown, origin: string, signal: AbortSignal): unknown {
  if (signal.aborted) return signal.reason;
  if (cause instanceof A2AError) return cause;
  return cannotReach(origin, cause);
}

export function cannotReach(where: string, cause: unknown): A2AError {
  return new A2AError("UNAVAILABLE", `Cannot reach ${where}: ${networkReason(cause) ?? "the connection failed"}`, {
    cause,
  });
}

/** Nothing came for so long that nobody can know whether the peer is still there. */
export class PeerSilent extends Error {
  override readonly name = "PeerSilent";
}

/** The bytes of an answer; throws A2AError UNAVAILABLE caused by PeerSilent when nothing comes any more. */
export function peerBytes(
  { idleMs, timers }: PeerHttp,
  response: Response,
  signal: AbortSignal,
): AsyncIterable<Uint8Array> {
  return idleLimit((left) => bytesOf(response, left), {
    idleMs,
    signal,
    sleep: timedSleep(timers),
    expired: () => {
      const cause = new PeerSilent(`Nothing came for ${idleMs} ms`);
      return new A2AError("UNAVAILABLE", `Cannot reach ${originOf(response)}: nothing came for ${idleMs} ms`, {
        cause,
      });
    },
  });
}

/** A body whose reader can leave while it waits: an iterator of its own would first wait for what never comes. */
async function* bytesOf({ body }: Response, left: AbortSignal): AsyncGenerator<Uint8Array> {
  if (body === null) return;
  const reader = body.getReader();
  const cancel = () => void reader.cancel().catch(() => {});
  left.addEventListener("abort", cancel, { once: true });
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value;
  } finally {
    left.removeEventListener("abort", cancel);
    cancel();
  }
}

export function originOf(response: Response): string {
  return new URL(response.url || "http://peer").origin;
}

/** A whole answer as JSON; undefined if it is empty or no JSON. Throws A2AError. */
export async function readPeerJson(http: PeerHttp, response: Response, signal: AbortSignal): Promise<unknown> {
  const text = await readText(http, response, signal);
  try {
    return text.trim() === "" ? undefined : parseJson(text);
  } catch (cause) {
    if (cause instanceof JsonDepthError) throw unreadable(cause.message, cause);
    return undefined;
  }
}

/** One event of a stream as JSON. Throws A2AError INVALID_AGENT_RESPONSE. */
export function parsePeerEvent(data: string): unknown {
  try {
    return parseJson(data);
  } catch (cause) {
    throw unreadable("an event of its stream is not JSON", cause);
  }
}

export function unreadable(why: string, cause?: unknown): A2AError {
  return new A2AError("INVALID_AGENT_RESPONSE", `Cannot read the peer's answer: ${why}`, { cause });
}

/** An error as the peer told it, with how long it wants to be left alone and which credentials it asks for. */
export function withHeaders(error: A2AError, headers: Headers): A2AError {
  const { reason, message, violations, cause } = error;
  const after = headers.get("retry-after") ?? "";
  const retryAfterSeconds = error.retryAfterSeconds ?? (/^\d+$/.test(after) ? Number(after) : undefined);
  const challenge = reason === "UNAUTHENTICATED" ? headers.get("www-authenticate") : null;
  if (retryAfterSeconds === error.retryAfterSeconds && challenge === null) return error;
  return new A2AError(reason, message, {
    cause,
    violations,
    metadata: challenge === null ? error.metadata : { ...error.metadata, wwwAuthenticate: challenge },
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
  });
}

async function readText(http: PeerHttp, response: Response, signal: AbortSignal): Promise<string> {
  const { maxBytes } = http;
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  try {
    for await (const chunk of peerBytes(http, response, signal)) {
      bytes += chunk.byteLength;
      if (bytes > maxBytes) throw unreadable(`it is larger than ${maxBytes} bytes`);
      text += decoder.decode(chunk, { stream: true });
    }
  } catch (cause) {
    throw lostConnection(cause, originOf(response), signal);
  }
  return text + decoder.decode();
}
