import { isRecord } from "../../lib/json.ts";
import { chooseDialect } from "../dialects/choose.ts";
import type { Dialect } from "../dialects/dialect.ts";
import { A2AError } from "../errors.ts";
import { type Method, METHODS } from "../methods.ts";
import { OPERATIONS } from "../operations.ts";
import { ask } from "./ask.ts";
import { type BindingDeps, extensionsOf, type FindTarget, signsOf } from "./binding.ts";
import type { OpenedStream } from "./event_stream.ts";
import { writeReply } from "./write_reply.ts";

/* One JSON-RPC 2.0 request, whatever carries it. */

export type Id = string | number | null;

/** What is known of a request so far; a failure is worded with it. */
export interface Progress {
  /** null as long as it is not known; undefined: the peer wants no answer (JSON-RPC 2.0 §4.1). */
  id: Id | undefined;
  dialect: Dialect;
  /** A peer of 0.3 expects a stream. */
  legacyStream: boolean;
  /** The extensions that are active. */
  extensions: readonly string[];
}

/** As long as the method is not known, the version alone tells how its peer reads an error. */
export function unread({ dialects }: BindingDeps, request: Request): Progress {
  const isLegacy = signsOf(request).version?.trim().startsWith("0.3") === true;
  const { jsonrpc } = isLegacy ? dialects.a2a_v0_3 : dialects.a2a_v1;
  return { id: null, dialect: jsonrpc, legacyStream: false, extensions: [] };
}

export type Outcome = { readonly result: unknown } | { readonly stream: OpenedStream };

export interface JsonRpcQuestion {
  /** The request as it came in JSON. */
  readonly body: unknown;
  /** What carried it: it may say the version and the dialect. */
  readonly request: Request;
  readonly find: FindTarget;
  /** Is kept up to date. */
  readonly progress: Progress;
}

/** Puts a request to the agent that it is for. Throws A2AError, for a stream until its first event. */
export async function askJsonRpc(question: JsonRpcQuestion, deps: BindingDeps): Promise<Outcome> {
  const { body, request, find, progress } = question;
  const envelope = readEnvelope(body, progress);
  const { method, params } = envelope;
  const dialect =
    deps.dialects[chooseDialect({ ...signsOf(request), method, url: request.url, payload: params })].jsonrpc;
  progress.dialect = dialect;
  const { operation, generation } = methodOf(envelope);
  progress.legacyStream = generation === "v0.3" && operation !== "GetAgentCard" &&
    OPERATIONS.get(operation)?.streaming === true && envelope.id !== undefined;
  const target = await find(params);
  progress.extensions = extensionsOf(target);
  if (operation === "GetAgentCard") {
    if (target.publicCard === undefined) throw methodNotFound(envelope);
    return { result: await target.publicCard(dialect.name) };
  }
  const answer = await ask({ request, operation, dialect, payload: params }, target, deps);
  return "reply" in answer ? { result: await writeReply(answer.reply, dialect, target.signCard) } : answer;
}

interface Envelope {
  readonly id: Id | undefined;
  readonly method: string;
  readonly params: Record<string, unknown>;
}

/** A longer id would be repeated with every event of a stream. */
const MAX_ID_LENGTH = 1024;

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
  progress.id = id;
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

function methodOf(envelope: Envelope): Method {
  const known = METHODS.get(envelope.method);
  if (known === undefined) throw methodNotFound(envelope);
  return known;
}

function methodNotFound({ method }: Envelope): A2AError {
  return new A2AError("METHOD_NOT_FOUND", `Method not found: ${JSON.stringify(method.slice(0, 100))}`);
}
