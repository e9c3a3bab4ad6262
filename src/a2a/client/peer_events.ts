import { parseSse, type SseMessage, SseOverflowError } from "../../lib/parse_sse.ts";
import { lostConnection, originOf, peerBytes, type PeerHttp, unreadable } from "./peer_http.ts";

/** Whether the answer is a stream. A peer may answer a streaming request with one error instead. */
export function isEventStream({ headers }: Response): boolean {
  return /^text\/event-stream\b/i.test(headers.get("content-type") ?? "");
}

/** The events of a streamed answer. Throws A2AError, or `signal.reason`. */
export async function* peerEvents(http: PeerHttp, response: Response, signal: AbortSignal): AsyncGenerator<SseMessage> {
  try {
    for await (const message of parseSse(peerBytes(http, response, signal), { maxEventBytes: http.maxBytes })) {
      if (message.data !== "") yield message;
    }
  } catch (cause) {
    if (cause instanceof SseOverflowError) throw unreadable(`an event is larger than ${http.maxBytes} bytes`, cause);
    throw lostConnection(cause, originOf(response), signal);
  }
}
