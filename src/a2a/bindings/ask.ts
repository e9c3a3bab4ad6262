import type { Dialect } from "../dialects/dialect.ts";
import { A2AError } from "../errors.ts";
import { type Operation, OPERATIONS, type Reply } from "../operations.ts";
import type { Call } from "../service.ts";
import type { BindingDeps, Target } from "./binding.ts";
import { type OpenedStream, openEventStream } from "./event_stream.ts";
import { afterSeqOf } from "./resume.ts";

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
  const { request: raw, messageIdGenerated } = dialect.read(operation, payload);
  const call: Call = { ...found, ...(messageIdGenerated ? { messageIdGenerated } : {}) };
  if (!row.streaming) return { reply: await row.invoke(service, raw, call) };
  const afterSeq = afterSeqOf(request, payload);
  const stream = await openEventStream({
    isTurn: operation === "SendStreamingMessage",
    call: { ...call, ...(afterSeq === undefined ? {} : { afterSeq }) },
    open: (streamCall) => row.invoke(service, raw, streamCall),
  }, deps);
  return { stream };
}
