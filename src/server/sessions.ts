import { z } from "zod";
import type { FindTarget } from "../a2a/bindings/binding.ts";
import type { BindingDeps } from "../a2a/bindings/binding.ts";
import { readJson } from "../a2a/bindings/read_body.ts";
import type { RestHandler } from "../a2a/bindings/rest.ts";
import { methodNotAllowed } from "../a2a/bindings/rest_route.ts";
import { A2AError } from "../a2a/errors.ts";
import type { Caller } from "../a2a/service.ts";
import { Struct } from "../a2a/proto_json.ts";
import type { JsonObject } from "../lib/json.ts";
import { type AgentDirectory, findAgent, visibleAgents } from "./directory.ts";
import type { Asked } from "./find_target.ts";

/** A conversation that a caller has begun before its first message: an A2A context with a name and notes of its own. */
export interface Session {
  /** The context's id. */
  readonly id: string;
  readonly agent: string;
  /** RFC 3339 UTC. */
  readonly createdAt: string;
  readonly metadata: JsonObject;
}

/** Which of a caller's sessions: with these agents, behind the page that ended so, at most so many. */
export interface SessionQuery {
  readonly agents: readonly string[];
  readonly after?: string | undefined;
  readonly limit: number;
}

export interface SessionPage {
  readonly sessions: readonly Session[];
  /** Where the next page begins; undefined where there is none. */
  readonly next: string | undefined;
}

/** The sessions of all callers; nobody meets another's. Every operation throws A2AError and nothing else. */
export interface Sessions {
  create(session: Pick<Session, "agent" | "metadata">, caller: Caller): Promise<Session>;
  /** With one of these agents. Also a context that came to be by its messages alone. */
  get(
    wanted: { readonly id: string; readonly agents: readonly string[] },
    caller: Caller,
  ): Promise<Session | undefined>;
  /** Likewise, latest id first; those that the server named are the newest first. */
  list(query: SessionQuery, caller: Caller): Promise<SessionPage>;
  /** Deletes it with its tasks: what was said in it is gone. Throws UNAVAILABLE while one of them is open. */
  delete(session: Session, caller: Caller): Promise<void>;
}

export interface SessionDeps {
  readonly sessions: Sessions;
  readonly directory: () => AgentDirectory;
  readonly bindings: BindingDeps;
  readonly rest: RestHandler;
  /** Whom a request of this agent is for. */
  readonly find: (asked: Asked, agent: string) => FindTarget;
}

const PATH =
  /^(?:(?:\/v1)?\/agents\/(?<agent>[^/]+))?\/sessions(?:\/(?<session>[^/]+)(?<messages>\/messages(?<stream>[:/]stream)?)?)?\/?$/;

/** What a path of sessions names, decoded. */
export interface SessionPath {
  readonly agent: string | undefined;
  readonly session: string | undefined;
  readonly operation: "SendMessage" | "SendStreamingMessage" | undefined;
}

/** undefined: this is no path of sessions. Throws INVALID_REQUEST for a broken escape. */
export function sessionPath(pathname: string): SessionPath | undefined {
  const groups = PATH.exec(pathname)?.groups;
  if (groups === undefined) return undefined;
  const { agent, session, messages, stream } = groups;
  const operation = stream === undefined ? "SendMessage" : "SendStreamingMessage";
  return {
    agent: decoded(agent),
    session: decoded(session),
    operation: messages === undefined ? undefined : operation,
  };
}

function decoded(segment: string | undefined): string | undefined {
  try {
    return segment === undefined ? undefined : decodeURIComponent(segment);
  } catch (cause) {
    throw new A2AError("INVALID_REQUEST", "Cannot decode the path: it holds a broken percent escape", { cause });
  }
}

interface SessionAsked extends Asked {
  readonly path: SessionPath;
}

/** Answers requests on sessions. Throws A2AError. */
export function sessionHandler(deps: SessionDeps): (asked: SessionAsked) => Promise<Response> {
  return async (asked) => {
    const { request: { method }, path: { session, operation } } = asked;
    if (session === undefined) {
      if (method === "POST") return await create(asked, deps);
      if (method === "GET") return await list(asked, deps);
      throw methodNotAllowed(method, ["GET", "POST"]);
    }
    if (operation !== undefined) {
      if (method !== "POST") throw methodNotAllowed(method, ["POST"]);
      const { id, agent } = await find(session, asked, deps);
      const route = { operation, pathParams: { contextId: id }, isExtension: true } as const;
      return await deps.rest(asked.request, route, deps.find(asked, agent));
    }
    if (method === "GET") return Response.json(written(await find(session, asked, deps)));
    if (method !== "DELETE") throw methodNotAllowed(method, ["GET", "DELETE"]);
    await deps.sessions.delete(await find(session, asked, deps), asked.identity.caller);
    return new Response(null, { status: 204 });
  };
}

/** Notes, not documents: they are kept in one row. */
const MAX_METADATA_LENGTH = 8192;

const NewSession = z.object({
  agent_name: z.string().optional(),
  agentName: z.string().optional(),
  metadata: Struct.optional().refine(
    (metadata) => metadata === undefined || JSON.stringify(metadata).length <= MAX_METADATA_LENGTH,
    `at most ${MAX_METADATA_LENGTH} characters of JSON`,
  ),
});

async function create(
  { request, path, identity: { caller } }: SessionAsked,
  { sessions, directory, bindings }: SessionDeps,
) {
  const body = NewSession.parse(await readJson(request, bindings.body, bindings.timers) ?? {});
  const agent = findAgent(directory(), [path.agent, body.agent_name, body.agentName], caller);
  const session = await sessions.create({ agent: agent.id, metadata: body.metadata ?? {} }, caller);
  const location = `/v1/agents/${encodeURIComponent(agent.id)}/sessions/${encodeURIComponent(session.id)}`;
  return Response.json(written(session), { status: 201, headers: { location } });
}

const Page = z.object({
  page_size: z.coerce.number().int().min(1).max(1000).default(100),
  page_token: z.string().min(1).optional(),
});

async function list({ request, path, identity: { caller } }: SessionAsked, { sessions, directory }: SessionDeps) {
  const agents = agentsOf(path, directory(), caller);
  const { page_size: limit, page_token: after } = Page.parse(Object.fromEntries(new URL(request.url).searchParams));
  const page = await sessions.list({ agents, after, limit }, caller);
  // Counting all of them would read all of them: the total is told where one page has them.
  const total = after === undefined && page.next === undefined ? { total: page.sessions.length } : {};
  return Response.json({ sessions: page.sessions.map(written), ...total, next_page_token: page.next ?? "" });
}

/** The agents whose sessions a path means. Throws AGENT_NOT_FOUND. */
function agentsOf({ agent }: SessionPath, directory: AgentDirectory, caller: Caller): readonly string[] {
  if (agent !== undefined) return [findAgent(directory, [agent], caller).id];
  return visibleAgents(directory, caller).map(({ id }) => id);
}

/** One text for what does not exist, is another's, or belongs to another agent (A2A v1 §13.1). */
async function find(
  id: string,
  { path, identity: { caller } }: SessionAsked,
  { sessions, directory }: SessionDeps,
): Promise<Session> {
  const session = await sessions.get({ id, agents: agentsOf(path, directory(), caller) }, caller);
  if (session !== undefined) return session;
  throw new A2AError("SESSION_NOT_FOUND", `Session "${id}" was not found`);
}

/** Both documents that know sessions find their members: `id` of the one, `session_id` of the other. */
function written({ id, agent, createdAt, metadata }: Session): Record<string, unknown> {
  return { id, session_id: id, agent_name: agent, created_at: createdAt, metadata };
}
