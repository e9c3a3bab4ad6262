import type { Dialect } from "../dialects/dialect.ts";
import { A2AError } from "../errors.ts";
import { type BindingDeps, errorHeaders, type FindTarget, reported, withExtensions } from "./binding.ts";
import type { EventFrames } from "./event_stream.ts";
import { framesOf } from "./frames_of.ts";
import { askJsonRpc, type Id, type JsonRpcQuestion, type Outcome, type Progress, unread } from "./jsonrpc_request.ts";
import { readJson } from "./read_body.ts";

/** Answers one POST. It never throws: whatever goes wrong is a JSON-RPC error. */
export type JsonRpcHandler = (request: Request, find: FindTarget) => Promise<Response>;

/**
 * A2A over JSON-RPC 2.0 (A2A v1 §9, A2A 0.3 §3.2.1).
 *
 * A request without an id is carried out like any other and answered with 204, for neither generation of A2A defines
 * notifications. If it fails, it is answered with the error and id null, though JSON-RPC 2.0 §4.1 would have it ignored:
 * HTTP owes an answer anyway, and the conformance kit of 0.3 wants this one.
 */
export function jsonRpcHandler(deps: BindingDeps): JsonRpcHandler {
  return async (request, find) => {
    const progress = unread(deps, request);
    const response = await answer({ request, find, progress }, deps);
    return withExtensions(response, request, progress.extensions);
  };
}

async function answer(question: Omit<JsonRpcQuestion, "body">, deps: BindingDeps): Promise<Response> {
  const { request, progress } = question;
  try {
    const body = await readJson(request, deps.body, deps.timers);
    if (body === undefined) throw new A2AError("PARSE_ERROR", "Invalid JSON payload: the body is empty");
    return await answered(await askJsonRpc({ ...question, body }, deps), progress);
  } catch (thrown) {
    return failed(reported(thrown, deps.log), progress);
  }
}

/** The answer to a request that was refused before it was read: by authentication, a rate limit, a missing route. */
export function jsonRpcFailure(error: A2AError, dialect: Dialect): Response {
  return failed(error, { id: null, dialect, legacyStream: false, extensions: [] });
}

async function answered(outcome: Outcome, { id, dialect }: Progress): Promise<Response> {
  if (id === undefined) {
    // What was asked for is under way, and nobody wants to watch.
    if ("stream" in outcome) await outcome.stream.leave();
    return new Response(null, { status: 204 });
  }
  if ("stream" in outcome) return outcome.stream.respond(eventFrames(id, dialect));
  return new Response(JSON.stringify({ jsonrpc: "2.0", id, result: outcome.result }), {
    headers: { "content-type": dialect.mediaType },
  });
}

/** Every event is a whole JSON-RPC response with the request's id (A2A v1 §9.4.2). */
function eventFrames(id: Id, dialect: Dialect): EventFrames {
  const head = `{"jsonrpc":"2.0","id":${JSON.stringify(id)},`;
  const result = (value: unknown) => `${head}"result":${JSON.stringify(value)}}`;
  const error = (error: A2AError) => ({ data: `${head}"error":${JSON.stringify(dialect.writeError(error))}}` });
  if ("openStream" in dialect) {
    return { event: framesOf(dialect, dialect.inEnvelope ? result : JSON.stringify), error };
  }
  return { event: (event, last) => ({ data: result(dialect.writeEvent(event, last)) }), error };
}

function failed(error: A2AError, { id = null, dialect, legacyStream }: Progress): Response {
  const body = JSON.stringify({ jsonrpc: "2.0", id, error: dialect.writeError(error) });
  const status = dialect.errorStatus(error);
  // The SDKs of 0.3 cannot read a JSON answer where they expect a stream.
  if (legacyStream && status === 200) {
    return new Response(`data: ${body}\n\n`, {
      headers: { "content-type": "text/event-stream", "cache-control": "no-cache, no-store" },
    });
  }
  return new Response(body, { status, headers: { "content-type": dialect.mediaType, ...errorHeaders(error) } });
}
