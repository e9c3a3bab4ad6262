import { isRecord } from "../../lib/json.ts";
import { RESUME_EXTENSION } from "../extensions.ts";
import { A2AError } from "../errors.ts";

/** A Request, or what stands for one where there is none. */
export interface ResumeSigns {
  readonly headers: { get(name: string): string | null | undefined };
}

/**
 * Behind which event a stream is to go on: the extension's `afterSeq` in the request's metadata, else the id that the
 * dialect has a place for (`lastEventId`), else the Last-Event-ID that a browser sends by itself. An id that is none of
 * ours says nothing. Throws INVALID_PARAMS for a wrong `afterSeq`.
 */
export function afterSeqOf(
  { headers }: ResumeSigns,
  payload: unknown,
  lastEventId?: string,
): number | undefined {
  const metadata = isRecord(payload) && isRecord(payload.metadata) ? payload.metadata : {};
  const extension = metadata[RESUME_EXTENSION];
  const afterSeq = isRecord(extension) ? extension.afterSeq : undefined;
  if (afterSeq !== undefined) {
    if (typeof afterSeq === "number" && isSeq(afterSeq)) return afterSeq;
    const description = "expected a whole number from 0";
    throw new A2AError("INVALID_PARAMS", `Invalid parameters: afterSeq: ${description}`, {
      violations: [{ field: `metadata.${RESUME_EXTENSION}.afterSeq`, description }],
    });
  }
  const id = lastEventId ?? headers.get("last-event-id") ?? "";
  return /^\d{1,16}$/.test(id) && isSeq(Number(id)) ? Number(id) : undefined;
}

/**
 * The request without the extension's part of its metadata: where a reader wants to go on is no part of what it says, so
 * a message that is sent again with another place is the same message.
 */
export function withoutPlace(request: unknown): unknown {
  if (!isRecord(request) || !isRecord(request.metadata) || !(RESUME_EXTENSION in request.metadata)) return request;
  const { [RESUME_EXTENSION]: _place, ...metadata } = request.metadata;
  const { metadata: _all, ...rest } = request;
  return Object.keys(metadata).length === 0 ? rest : { ...rest, metadata };
}

function isSeq(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}
