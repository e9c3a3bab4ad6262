import type { HeaderField } from "../../lib/http2/static_table.ts";
import { RESUME_EXTENSION } from "../extensions.ts";
import { A2AError } from "../errors.ts";
import type { EventDialect } from "../dialects/dialect.ts";
import type { MessageCodec } from "../proto/codec.ts";
import type { Call, Numbered } from "../service.ts";
import type { StreamResponse } from "../types.ts";
import { isLast } from "./event_stream.ts";

export interface GrpcEventsOptions {
  readonly call: Call;
  /** Whether a stream that says nothing is whole: all was told before. */
  readonly isFinished: () => Promise<boolean>;
  readonly isTurn: boolean;
  readonly dialect: EventDialect;
  readonly codec: MessageCodec;
  /** What goes behind the last message. */
  readonly trailers: HeaderField[];
}

/** A server that stops needs a moment to be there again. */
const RETRY_SECONDS = 1;

/**
 * Events as messages. gRPC has no place for the number of an event beside its message. So a peer that asked for the resume
 * extension finds it within: `metadata` of each event holds `{ seq }` under the extension's URI. Every peer finds the
 * number of the last event in the trailer `last-event-id`.
 *
 * A stream that stops before its end (when the server stops, or its reader fell behind) would look like one that is over:
 * it ends with UNAVAILABLE, which tells clients to come again.
 */
export async function* grpcEvents(
  events: AsyncIterable<Numbered<StreamResponse>>,
  { call, isFinished, isTurn, dialect, codec, trailers }: GrpcEventsOptions,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void, undefined> {
  const isNumbered = call.extensions.includes(RESUME_EXTENSION);
  let heard: number | undefined;
  let isOver = false;
  try {
    for await (const { seq, event } of events) {
      heard = seq;
      isOver = isLast(isTurn, event);
      yield codec.encode(dialect.writeEvent(isNumbered ? withNumber(event, seq) : event, isOver));
    }
  } finally {
    if (heard !== undefined) trailers.push(["last-event-id", String(heard)]);
  }
  if (isOver || call.signal.aborted || (heard === undefined && await isFinished())) return;
  const place = heard ?? call.afterSeq;
  const advice = place === undefined ? "ask for it again" : `take it up again after event ${place}`;
  throw new A2AError("UNAVAILABLE", `The stream stopped before its end: ${advice}`, {
    retryAfterSeconds: RETRY_SECONDS,
  });
}

function withNumber(event: StreamResponse, seq: number): StreamResponse {
  const mark = { [RESUME_EXTENSION]: { seq } };
  if ("task" in event) return { task: { ...event.task, metadata: { ...event.task.metadata, ...mark } } };
  if ("message" in event) return { message: { ...event.message, metadata: { ...event.message.metadata, ...mark } } };
  if ("statusUpdate" in event) {
    return { statusUpdate: { ...event.statusUpdate, metadata: { ...event.statusUpdate.metadata, ...mark } } };
  }
  return { artifactUpdate: { ...event.artifactUpdate, metadata: { ...event.artifactUpdate.metadata, ...mark } } };
}
