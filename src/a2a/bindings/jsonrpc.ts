import { isRecord } from "../../lib/json.ts";
import { chooseDialect } from "../dialects/choose.ts";
import type { Dialect } from "../dialects/dialect.ts";
import { A2AError } from "../errors.ts";
import { type Method, METHODS } from "../methods.ts";
import { OPERATIONS } from "../operations.ts";
import { ask } from "./ask.ts";
import { type BindingDeps, errorHeaders, type FindTarget, reported, signsOf } from "./binding.ts";
import type { EventFrames } from "./event_stream.ts";
import { readJson } from "./read_body.ts";

/** Answers one POST. It never throws: whatever goes wrong is a JSON-RPC error. */
export type JsonRpcHandler = (request: Request, find: FindTarget) => Promise<Response>;

type Id = string | number | null;

interface Envelope {
  /** undefined: the peer wants no answer (JSON-RPC 2.0 §4.1). */
  readonly id: Id | undefined;
  readonly method: string;
  readonly params: Record<string, unknown>;
}

/** What is known of a request so far; a failure is worded with it. */
interface Progress {
  id: Id;
  dialect: Dialect;
  /** An error is sent as the one event of a stream. */
  inStream: boolean;
}

/** A longer id would be repeated with every event of a stream. */
const MAX_ID_LENGTH = 1024;

/**
 * A2A over JSON-RPC 2.0 (A2A v1 §9, A2A 0.3 §3.2.1).
 *
 * A request without an id is carried out like any other and answered with 204, for neither generation of A2A defines
 * notifications. If it fails, it is answered with the error and id null, though JSON-RPC 2.0 §4.1 would have it ignored:
 * HTTP owes an answer anyway, and the conformance kit of 0.3 wants this one.
 */
export function jsonRpcHandler(deps: BindingDeps): JsonRpcHandler {
  return async (request, find) => {
    const progress: Progress = { id: null, dialect: deps.dialects.a2a_v1.jsonrpc, inStream: false };
    try {
      const body = await readJson(request, deps.body, deps.timers);
      if (body === undefined) throw new A2AError("PARSE_ERROR", "Invalid JSON payload: the body is empty");
      const envelope = readEnvelope(body, progress);
      const { operation, generation } = chooseMethod(request, envelope, { deps, progress });
      progress.inStream = generation === "v0.3" && operation !== "GetAgentCard" &&
        OPERATIONS.get(operation)?.streaming === true && envelope.id !== undefined;
      return await run({ request, find, envelope, operation }, { deps, progress });
    } catch (thrown) {
      return failed(reported(thrown, deps.log), progress);
    }
  };
}

/** The answer to a request that was refused before it was read: by authentication, a rate limit, a missing route. */
export function jsonRpcFailure(error: A2AError, dialect: Dialect): Response {
  return failed(error, { id: null, dialect, inStream: false });
}

function readEnvelope(body: unknown, progress: Progress): Envelope {
  // A2A defines no batches (A2A v1 §9).
  if (!isRecord(body)) {
    throw new A2AError("INVALID_REQUEST", "Request payload validation error: expected one JSON-RPC request object");
  }
  const id = readId(body.id);
  progress.id = id ?? null;
  if (body.jsonrpc !== "2.0") {
    throw new A2AError("INVALID_REQUEST", 'Request payload validation error: jsonrpc: expected "2.0"');
  }
  if (typeof body.method !== "string") {
    throw new A2AError("INVALID_REQUEST", "Request payload validation error: method: expected a string");
  }
  const params = body.params ?? {};
  if (!isRecord(params)) {
    throw new A2AError("INVALID_PARAMS", "Invalid parameters: expected an object", {
      violations: [{ field: "", description: "expected an object" }],
    });
  }
  return { id, method: body.method, params };
}

/** An id has to come back as it was sent: a number that a double cannot hold would come back as another one. */
function readId(id: unknown): Id | undefined {
  if (id === undefined || id === null) return id;
  if (typeof id === "string" && id.length <= MAX_ID_LENGTH) return id;
  if (typeof id === "number" && Number.isFinite(id) && (Number.isSafeInteger(id) || !Number.isInteger(id))) return id;
  throw new A2AError(
    "INVALID_REQUEST",
    `Request payload validation error: id: expected null, a number, or a string of at most ${MAX_ID_LENGTH} characters`,
  );
}

interface Given {
  readonly deps: BindingDeps;
  readonly progress: Progress;
}

function chooseMethod(request: Request, envelope: Envelope, { deps, progress }: Given): Method {
  const { method } = envelope;
  progress.dialect = deps.dialects[chooseDialect({ ...signsOf(request), method })].jsonrpc;
  const known = METHODS.get(method);
  if (known === undefined) throw methodNotFound(envelope);
  return known;
}

interface Job {
  readonly request: Request;
  readonly find: FindTarget;
  readonly envelope: Envelope;
  readonly operation: Method["operation"];
}

async function run({ request, find, envelope, operation }: Job, { deps, progress }: Given): Promise<Response> {
  const { dialect } = progress;
  const target = await find(envelope.params);
  if (operation === "GetAgentCard") {
    if (target.publicCard !== undefined) return answered(await target.publicCard(dialect.name), envelope, dialect);
    throw methodNotFound(envelope);
  }
  const answer = await ask({ request, operation, dialect, payload: envelope.params }, target, deps);
  if ("reply" in answer) return answered(dialect.write(answer.reply), envelope, dialect);
  if (envelope.id !== undefined) return answer.stream.respond(eventFrames(envelope.id, dialect));
  // What was asked for is under way, and nobody wants to watch.
  await answer.stream.leave();
  return noContent();
}

function methodNotFound({ method }: Envelope): A2AError {
  return new A2AError("METHOD_NOT_FOUND", `Method not found: ${JSON.stringify(method.slice(0, 100))}`);
}

/** Every event is a whole JSON-RPC response with the request's id (A2A v1 §9.4.2). */
function eventFrames(id: Id, dialect: Dialect): EventFrames {
  const head = `{"jsonrpc":"2.0","id":${JSON.stringify(id)},`;
  return {
    event: (event, last) => ({ data: `${head}"result":${JSON.stringify(dialect.writeEvent(event, last))}}` }),
    error: (error) => ({ data: `${head}"error":${JSON.stringify(dialect.writeError(error))}}` }),
  };
}

function answered(result: unknown, { id }: Envelope, dialect: Dialect): Response {
  if (id === undefined) return noContent();
  return new Response(JSON.stringify({ jsonrpc: "2.0", id, result }), {
    headers: { "content-type": dialect.mediaType },
  });
}

function noContent(): Response {
  return new Response(null, { status: 204 });
}

function failed(error: A2AError, { id, dialect, inStream }: Progress): Response {
  const body = JSON.stringify({ jsonrpc: "2.0", id, error: dialect.writeError(error) });
  const status = dialect.errorStatus(error);
  // The SDKs of 0.3 cannot read a JSON answer where they expect a stream.
  if (inStream && status === 200) {
    return new Response(`data: ${body}\n\n`, {
      headers: { "content-type": "text/event-stream", "cache-control": "no-cache, no-store" },
    });
  }
  return new Response(body, { status, headers: { "content-type": dialect.mediaType, ...errorHeaders(error) } });
}
