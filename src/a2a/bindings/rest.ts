import { isRecord } from "../../lib/json.ts";
import { chooseDialect } from "../dialects/choose.ts";
import type { Dialect } from "../dialects/dialect.ts";
import { A2AError } from "../errors.ts";
import type { Operation } from "../operations.ts";
import { ask } from "./ask.ts";
import {
  type BindingDeps,
  errorHeaders,
  extensionsOf,
  type FindTarget,
  reported,
  signsOf,
  withExtensions,
} from "./binding.ts";
import type { EventFrames } from "./event_stream.ts";
import { framesOf } from "./frames_of.ts";
import { readJson } from "./read_body.ts";
import type { RestRoute } from "./rest_route.ts";
import { writeReply } from "./write_reply.ts";

/** What is known of a request so far; a failure is worded with it. */
interface Progress {
  dialect: Dialect;
  /** The extensions that are active. */
  extensions: readonly string[];
}

/** Answers one request whose route is known. It never throws: whatever goes wrong is an error answer. */
export type RestHandler = (request: Request, route: RestRoute, find: FindTarget) => Promise<Response>;

/** What a card's form depends on beside its path. */
const VARY = "A2A-Version, X-Hector-Dialect, Accept";

/** What the SDKs answer where A2A v1 §11 is silent. */
const STATUS: ReadonlyMap<Operation, number> = new Map([
  ["CreateTaskPushNotificationConfig", 201],
  ["DeleteTaskPushNotificationConfig", 204],
]);

/** A2A over HTTP+JSON (A2A v1 §11, A2A 0.3 §3.2.3). */
export function restHandler(deps: BindingDeps): RestHandler {
  return async (request, route, find) => {
    const progress: Progress = { dialect: deps.dialects.a2a_v1.rest, extensions: [] };
    const response = await answer({ request, route, find, progress }, deps);
    return withExtensions(response, request, progress.extensions);
  };
}

/** An error as a whole answer; also for what was refused before it was routed. */
export function restFailure(error: A2AError, dialect: Dialect, { headers }: Request): Response {
  return new Response(JSON.stringify(dialect.writeError(error)), {
    status: dialect.errorStatus(error),
    headers: { "content-type": mediaType(dialect, headers), ...errorHeaders(error) },
  });
}

interface Job {
  readonly request: Request;
  readonly route: RestRoute;
  readonly find: FindTarget;
  readonly progress: Progress;
}

async function answer(job: Job, deps: BindingDeps): Promise<Response> {
  try {
    return await run(job, deps);
  } catch (thrown) {
    return restFailure(reported(thrown, deps.log), job.progress.dialect, job.request);
  }
}

async function run({ request, route, find, progress }: Job, deps: BindingDeps): Promise<Response> {
  const { operation, pathParams } = route;
  const { version, dialect: named } = signsOf(request);
  const signs = { version: route.isExtension === true ? null : version, dialect: named, url: request.url };
  progress.dialect = deps.dialects[chooseDialect(signs)].rest;
  const payload = await readPayload(request, deps);
  const dialect = deps.dialects[chooseDialect({ ...signs, payload })].rest;
  progress.dialect = dialect;
  const target = await find(payload);
  progress.extensions = extensionsOf(target);
  const answer = await ask({ request, operation, dialect, payload: { ...payload, ...pathParams } }, target, deps);
  if ("stream" in answer) return answer.stream.respond(eventFrames(dialect));
  const status = route.status ?? STATUS.get(operation) ?? 200;
  const body = await writeReply(answer.reply, dialect, target.signCard);
  return answered(body, { status, dialect, operation, headers: request.headers });
}

/** The query of a GET or DELETE, the body of a POST; the body may be missing where the path says it all. */
async function readPayload(request: Request, deps: BindingDeps): Promise<Record<string, unknown>> {
  if (request.method === "GET" || request.method === "DELETE") return readQuery(new URL(request.url).searchParams);
  const body = await readJson(request, deps.body, deps.timers) ?? {};
  if (isRecord(body)) return body;
  throw new A2AError("INVALID_PARAMS", "Invalid parameters: expected an object", {
    violations: [{ field: "", description: "expected an object" }],
  });
}

/** Texts by name, lists where a name repeats. In proto3 an empty value is an unset one. */
function readQuery(query: URLSearchParams): Record<string, unknown> {
  const names = new Set(query.keys());
  return Object.fromEntries(
    [...names].flatMap((name): [string, unknown][] => {
      const values = query.getAll(name).filter((value) => value !== "");
      return values.length === 0 ? [] : [[name, values.length === 1 ? values[0] : values]];
    }),
  );
}

/** Every event is the bare object; an error behind the first one is an event of that name, as the SDKs read it. */
function eventFrames(dialect: Dialect): EventFrames {
  const error = (error: A2AError) => ({ event: "error", data: JSON.stringify(dialect.writeError(error)) });
  if ("openStream" in dialect) return { event: framesOf(dialect, JSON.stringify), error };
  return { event: (event, last) => ({ data: JSON.stringify(dialect.writeEvent(event, last)) }), error };
}

interface Form {
  readonly status: number;
  readonly dialect: Dialect;
  readonly operation: Operation;
  readonly headers: Headers;
}

function answered(body: unknown, { status, dialect, operation, headers }: Form): Response {
  if (status === 204) return new Response(null, { status });
  return new Response(JSON.stringify(body), {
    status,
    headers: {
      "content-type": mediaType(dialect, headers),
      // It is for who asks, and for nobody else (A2A v1 §13.3).
      ...(operation === "GetExtendedAgentCard" ? { "cache-control": "private, max-age=60", vary: VARY } : {}),
    },
  });
}

/** A peer that speaks of `application/json` only may not know A2A's own type (A2A v1 §11.1, Accept in RFC 9110 §12.5.1). */
function mediaType({ mediaType }: Dialect, headers: Headers): string {
  const accept = headers.get("accept") ?? "";
  if (mediaType === "application/json" || accept.includes(mediaType)) return mediaType;
  const plain = accept.includes("application/json") || headers.get("content-type")?.startsWith("application/json");
  return plain === true ? "application/json" : mediaType;
}
