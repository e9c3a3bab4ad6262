import { isRecord } from "../../lib/json.ts";
import { RESUME_EXTENSION } from "../extensions.ts";
import { chooseDialect } from "../dialects/choose.ts";
import type { Dialect } from "../dialects/dialect.ts";
import { hectorState } from "../dialects/legacy_names.ts";
import { A2AError } from "../errors.ts";
import { present } from "../present.ts";
import type { StreamResponse } from "../types.ts";
import { ask } from "./ask.ts";
import { type BindingDeps, type FindTarget, signsOf, type Target } from "./binding.ts";
import { hasFinished, type OpenedStream, type StreamItem } from "./event_stream.ts";
import { askJsonRpc, unread } from "./jsonrpc_request.ts";

/** How a socket came to be: its upgrade request says version, dialect and extensions for every frame on it. */
export interface SocketOpening {
  readonly request: Request;
  readonly find: FindTarget;
}

/** One frame of a peer, and how it is answered. Frames are JSON. */
export interface SocketExchange {
  /** The frames that answer it. Throws A2AError. */
  answers(): AsyncIterable<unknown>;
  /** The frame that tells of an error; undefined: the peer wants no answer. */
  failure(error: A2AError): unknown;
}

/**
 * Three forms of a frame are known: `{"content":…}`, a message that is answered with the bare events of A2A 0.3;
 * `{"message":…}`, one that is answered with what the agent says; and a JSON-RPC 2.0 request of either generation.
 */
export function socketExchange(body: unknown, opening: SocketOpening, deps: BindingDeps): SocketExchange {
  if (isRecord(body) && body.jsonrpc === undefined && body.method === undefined) {
    if (body.message !== undefined || body.request !== undefined) return replyExchange(body, opening, deps);
    if (body.content !== undefined) return eventExchange(body, opening, deps);
  }
  return jsonRpcExchange(body, opening, deps);
}

type Body = Readonly<Record<string, unknown>>;

function jsonRpcExchange(body: unknown, { request, find }: SocketOpening, deps: BindingDeps): SocketExchange {
  const progress = unread(deps, request);
  let isNumbered = false;
  let isFinished = () => Promise.resolve(false);
  const watchingFind: FindTarget = async (params) => {
    const target = await find(params);
    isNumbered = wantsNumbers(params, target);
    isFinished = () => hasFinished(isRecord(params) ? params.id : undefined, target);
    return target;
  };
  const answers = async function* () {
    const outcome = await askJsonRpc({ body, request, find: watchingFind, progress }, deps);
    const { id, dialect } = progress;
    if (id === undefined) {
      // What was asked for is under way, and nobody wants to watch.
      if ("stream" in outcome) await outcome.stream.leave();
    } else if ("stream" in outcome) {
      const write = payloadsIn(dialect);
      for await (const item of toItsEnd(outcome.stream, () => isFinished())) {
        const results = write(item);
        const last = results.length - 1;
        yield* results.map((result, at) => ({
          jsonrpc: "2.0",
          id,
          result,
          ...(isNumbered && at === last ? { seq: item.seq } : {}),
        }));
      }
    } else yield { jsonrpc: "2.0", id, result: outcome.result };
  };
  return {
    answers,
    failure: (error) => {
      const { id, dialect } = progress;
      return id === undefined ? undefined : { jsonrpc: "2.0", id, error: dialect.writeError(error) };
    },
  };
}

/**
 * A response carries the number of its event beside its `result`, when the upgrade or the request asked for the resume
 * extension: so no object of A2A gets a member that its schema does not have.
 */
function wantsNumbers(params: unknown, { call }: Target): boolean {
  if (call.extensions.includes(RESUME_EXTENSION)) return true;
  return isRecord(params) && isRecord(params.metadata) && params.metadata[RESUME_EXTENSION] !== undefined;
}

/** `{"content":…}` → the events of A2A 0.3 as they are, up to the one that is `final`. */
function eventExchange(body: Body, opening: SocketOpening, deps: BindingDeps): SocketExchange {
  const dialect = deps.dialects.a2a_v0_3.jsonrpc;
  const write = payloadsIn(dialect);
  return {
    answers: async function* () {
      for await (const item of toItsEnd(await openTurn({ body, dialect, opening }, deps))) yield* write(item);
    },
    failure: (error) => ({ error: dialect.writeError(error) }),
  };
}

/** `{"message":…}` → `{"response":…}` as the agent says more, then `{"done":true,"task_id":…}`. */
function replyExchange(body: Body, opening: SocketOpening, deps: BindingDeps): SocketExchange {
  const dialect = deps.dialects.hector_v1_rest.rest;
  const write = payloadsIn(dialect);
  return {
    answers: async function* () {
      for await (const item of toItsEnd(await openTurn({ body, dialect, opening }, deps))) {
        yield* write(item);
        if (item.last) yield goodbye(item.event);
      }
    },
    failure: dialect.writeError,
  };
}

/** An end other than the answer's is named. */
function goodbye(event: StreamResponse): unknown {
  if ("message" in event) return present({ done: true, task_id: event.message.taskId });
  if ("artifactUpdate" in event) return { done: true, task_id: event.artifactUpdate.taskId };
  const [task_id, { state }] = "task" in event
    ? [event.task.id, event.task.status]
    : [event.statusUpdate.taskId, event.statusUpdate.status];
  return { done: true, task_id, ...(state === "TASK_STATE_COMPLETED" ? {} : { status: hectorState(state) }) };
}

interface PlainMessage {
  readonly body: Body;
  readonly dialect: Dialect;
  readonly opening: SocketOpening;
}

/** The form of a plain message decides how it is answered; a version that is not spoken is refused all the same. */
async function openTurn({ body, dialect, opening }: PlainMessage, deps: BindingDeps): Promise<OpenedStream> {
  const { request, find } = opening;
  chooseDialect(signsOf(request));
  const target = await find(body);
  const answer = await ask({ request, operation: "SendStreamingMessage", dialect, payload: body }, target, deps);
  if ("stream" in answer) return answer.stream;
  throw new TypeError("A streaming operation gave a reply");
}

/** How a dialect tells the events of one stream. A text is no frame here: it marks an end that server-sent events need. */
function payloadsIn(dialect: Dialect): (item: StreamItem) => readonly unknown[] {
  if ("writeEvent" in dialect) return ({ event, last }) => [dialect.writeEvent(event, last)];
  const write = dialect.openStream();
  return ({ event, last, isHeard }) => {
    const frames = write(event, last);
    return isHeard ? [] : frames.map(({ data }) => data).filter((data) => typeof data !== "string");
  };
}

/**
 * A stream whose end its reader can see: it closes no connection, so if no event says that it is the last, an error does.
 * That is so when the server stops, or another one takes the task over.
 */
async function* toItsEnd(
  stream: OpenedStream,
  isFinished: () => Promise<boolean> = () => Promise.resolve(false),
): AsyncGenerator<StreamItem> {
  let last: StreamItem | undefined;
  for await (const item of stream.items()) {
    last = item;
    yield item;
  }
  if (last?.last === true) return;
  // Who was told to come again would come for ever.
  if (last === undefined && await isFinished()) {
    throw new A2AError("UNSUPPORTED_OPERATION", "Cannot tell more of the task: it has ended, and all of it was told");
  }
  throw new A2AError("UNAVAILABLE", "The stream ended before the task: subscribe to it again behind the last event");
}
