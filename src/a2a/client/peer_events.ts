import { parseSse, type SseMessage, SseOverflowError } from "../../lib/parse_sse.ts";
import { lostConnection, type PeerHttp, unreadable } from "./peer_http.ts";

/** Whether the answer is a stream. A peer may answer a streaming request with one error instead. */
export function isEventStream({ headers }: Response): boolean {
  return /^text\/event-stream\b/i.test(headers.get("content-type") ?? "");
}

/** The events of a streamed answer. Throws A2AError, or `signal.reason`. */
export async function* peerEvents(http: PeerHttp, response: Response, signal: AbortSignal): AsyncGenerator<SseMessage> {
  if (response.body === null) return;
  try {
    for await (const message of parseSse(response.body, { maxEventBytes: http.maxBytes })) {
      if (message.data !== "") yield message;
    }
  } catch (cause) {
    if (cause instanceof SseOverflowError) throw unreadable(`an event is larger than ${http.maxBytes} bytes`, cause);
    throw lostConnection(cause, new URL(response.url || "http://peer").origin, signal);
  }
}
