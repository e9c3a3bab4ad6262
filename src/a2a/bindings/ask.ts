import type { Dialect } from "../dialects/dialect.ts";
import { A2AError } from "../errors.ts";
import { type Operation, OPERATIONS, type Reply } from "../operations.ts";
import type { Call } from "../service.ts";
import type { BindingDeps, Target } from "./binding.ts";
import { type OpenedStream, openEventStream } from "./event_stream.ts";
import { afterSeqOf, withoutPlace } from "./resume.ts";

export interface Question {
  readonly request: Request;
  readonly operation: Operation;
  readonly dialect: Dialect;
  /** `params` of JSON-RPC; path, query and body of REST. */
  readonly payload: unknown;
}

export type Answer = { readonly reply: Reply } | { readonly stream: OpenedStream };

/** Reads a question in its dialect and puts it to the agent. Throws A2AError, for a stream until its first event. */
export async function ask(
  { request, operation, dialect, payload }: Question,
  { service, call: found }: Target,
  deps: BindingDeps,
): Promise<Answer> {
  const row = OPERATIONS.get(operation);
  if (row === undefined) throw new A2AError("UNSUPPORTED_OPERATION", `Cannot ${operation}: there is no such operation`);
  const { request: read, messageIdGenerated, lastEventId } = dialect.read(operation, payload);
  const raw = withoutPlace(read);
  const call: Call = {
    ...found,
    // hector's own earlier spellings are of the older generation: their readers know nothing of 1.0.
    ...(dialect.name === "a2a_v1" ? {} : { protocolVersion: "0.3" }),
    ...(messageIdGenerated ? { messageIdGenerated } : {}),
  };
  if (!row.streaming) return { reply: await row.invoke(service, raw, call) };
  const isTurn = operation === "SendStreamingMessage";
  const place = placeIn(dialect, isTurn, afterSeqOf(request, payload, lastEventId));
  const stream = await openEventStream({
    isTurn,
    call: { ...call, ...(place.afterSeq === undefined ? {} : { afterSeq: place.afterSeq }) },
    open: (streamCall) => row.invoke(service, raw, streamCall),
    ...(place.heardSeq === undefined ? {} : { heardSeq: place.heardSeq }),
  }, deps);
  return { stream };
}

interface Place {
  readonly afterSeq?: number;
  readonly heardSeq?: number;
}

/**
 * Where a stream begins, and up to where its reader has it. A spelling that tells an event in the light of those before has
 * to see them all, and what its reader has is left out of what is sent.
 */
function placeIn(dialect: Dialect, isTurn: boolean, afterSeq: number | undefined): Place {
  if (!("openStream" in dialect)) return afterSeq === undefined ? {} : { afterSeq };
  // A turn that is sent again is told from its beginning: its numbers may be those of another task.
  return isTurn ? {} : { afterSeq: 0, heardSeq: afterSeq ?? 0 };
}
