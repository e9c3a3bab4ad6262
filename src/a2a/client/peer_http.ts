import { JsonDepthError, parseJson } from "../../lib/json.ts";
import { A2AError } from "../errors.ts";

/** What a client needs of the world to speak HTTP. */
export interface PeerHttp {
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  /** Credentials and the like. The URL comes from the peer's card, so it decides what may go there. */
  readonly headers?: (url: URL) => Readonly<Record<string, string>> | Promise<Readonly<Record<string, string>>>;
  /** The largest answer, and the largest event of a stream, that is read. */
  readonly maxBytes: number;
}

export interface PeerRequest {
  readonly method: "GET" | "POST" | "DELETE";
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly signal: AbortSignal;
}

/** Sends a request. Throws A2AError UNAVAILABLE if there is no connection, `signal.reason` if it was called off. */
export async function sendToPeer(
  http: PeerHttp,
  { method, url, headers, body, signal }: PeerRequest,
): Promise<Response> {
  const target = new URL(url);
  const own = await http.headers?.(target) ?? {};
  const sent = body === undefined ? {} : { body: JSON.stringify(body) };
  try {
    return await http.fetch(url, { method, signal, headers: { ...own, ...headers }, ...sent });
  } catch (cause) {
    throw lostConnection(cause, target.origin, signal);
  }
}

/** What to throw for a connection that failed, at the start or under way. */
export function lostConnection(cause: unknown, origin: string, signal: AbortSignal): unknown {
  if (signal.aborted) return signal.reason;
  if (cause instanceof A2AError) return cause;
  return new A2AError("UNAVAILABLE", `Cannot reach ${origin}: the connection failed`, { cause });
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

/** An error as the peer told it, with how long it wants to be left alone. */
export function withRetryAfter(error: A2AError, headers: Headers): A2AError {
  const seconds = /^\d+$/.test(headers.get("retry-after") ?? "") ? Number(headers.get("retry-after")) : undefined;
  if (seconds === undefined || error.retryAfterSeconds !== undefined) return error;
  const { reason, message, violations, metadata, cause } = error;
  return new A2AError(reason, message, { cause, violations, metadata, retryAfterSeconds: seconds });
}

async function readText({ maxBytes }: PeerHttp, response: Response, signal: AbortSignal): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  try {
    for await (const chunk of response.body ?? []) {
      bytes += chunk.byteLength;
      if (bytes > maxBytes) throw unreadable(`it is larger than ${maxBytes} bytes`);
      text += decoder.decode(chunk, { stream: true });
    }
  } catch (cause) {
    throw lostConnection(cause, new URL(response.url || "http://peer").origin, signal);
  }
  return text + decoder.decode();
}
