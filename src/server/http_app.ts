import { type Context, Hono } from "hono";
import { type BindingDeps, type FindTarget, reported, type Target } from "../a2a/bindings/binding.ts";
import { jsonRpcHandler } from "../a2a/bindings/jsonrpc.ts";
import { restFailure, restHandler } from "../a2a/bindings/rest.ts";
import { restRoute } from "../a2a/bindings/rest_route.ts";
import { A2AError } from "../a2a/errors.ts";
import { ANONYMOUS } from "../a2a/service.ts";
import { isRecord } from "../lib/json.ts";
import { cardFor, type CardForm, cardResponse } from "./cards.ts";
import { type AgentDirectory, findAgent, type ServedAgent, visibleAgents } from "./directory.ts";
import type { WebSockets } from "./websocket.ts";

/** What the process tells of itself, for probes. */
export interface Health {
  readonly version: string;
  uptimeSeconds(): number;
  /** Why no traffic should come now; undefined when it may. */
  unreadyBecause(): string | undefined;
}

export interface HttpAppOptions {
  /** The agents of the revision that serves now. */
  readonly directory: () => AgentDirectory;
  readonly bindings: BindingDeps;
  readonly sockets: WebSockets;
  readonly health: Health;
  /** Throws A2AError for a request whose Host must not be served. */
  readonly checkHost: (request: Request) => void;
  readonly cardForm: CardForm;
  /** Where peers reach this server, without a trailing slash. */
  readonly baseUrl: () => string;
}

/** Where a WebSocket may be opened. */
const SOCKET_PATHS = [
  "/ws",
  ...["/v1/agents", "/agents"].flatMap((prefix) => [`${prefix}/:agent/ws`, `${prefix}/:agent/stream`]),
];

type Serve = (request: Request) => Promise<Response>;

/** The HTTP face: every route on one `fetch`, no port needed. It never throws. */
export function createHttpApp(options: HttpAppOptions): Serve {
  const app = new Hono({ strict: false });
  const rest = createRestFallback(options);
  const rpc = createJsonRpc(options);
  app.use(async (context, next) => {
    options.checkHost(context.req.raw);
    await next();
  });
  app.get("/health", (context) => context.json(healthBody(options.health)));
  app.get("/ready", (context) => {
    const reason = options.health.unreadyBecause();
    return reason === undefined
      ? context.json({ status: "ready" })
      : context.json({ status: "not ready", reason }, 503);
  });
  app.get("/", (context) => context.json(indexBody(options)));
  for (const path of ["/v1/agents", "/agents"]) app.get(path, (context) => listAgents(context.req.raw, options));
  for (const prefix of ["/v1/agents", "/agents"]) {
    for (const path of ["", "/.well-known/agent-card.json", "/v1/card"].map((end) => `${prefix}/:agent${end}`)) {
      app.get(path, (context) => agentCard(context.req.raw, [context.req.param("agent")], options));
    }
    app.post(`${prefix}/:agent`, (context) => rpc(context.req.raw, context.req.param("agent")));
  }
  for (const path of ["/.well-known/agent-card.json", "/.well-known/agent.json", "/v1/card"]) {
    app.get(path, (context) => agentCard(context.req.raw, namesIn(context), options));
  }
  for (const path of ["/", "/rpc"]) app.post(path, (context) => rpc(context.req.raw, undefined));
  for (const path of SOCKET_PATHS) {
    app.get(
      path,
      ({ req }) => options.sockets.upgrade(req.raw, (opening) => finder(opening, req.param("agent"), options)),
    );
  }
  app.all("*", (context) => rest(context.req.raw));
  app.onError((thrown, { req }) =>
    restFailure(reported(thrown, options.bindings.log), failureDialect(options), req.raw)
  );
  return async (request) => await app.fetch(request);
}

/** What is refused before a binding has read it is told in the newest words. */
function failureDialect({ bindings }: HttpAppOptions) {
  return bindings.dialects.a2a_v1.rest;
}

function namesIn({ req }: Context): (string | undefined)[] {
  return [req.query("agent"), req.query("name"), req.header("agent-name")];
}

function namesOf({ url, headers }: Request): (string | null)[] {
  const query = url.includes("?") ? new URL(url).searchParams : undefined;
  return [query?.get("agent") ?? null, query?.get("name") ?? null, headers.get("agent-name")];
}

/** The names that a body gives: `name` and `agent` of older clients, `tenant` of A2A v1 §3.10. */
function namesInPayload(payload: unknown): (string | undefined)[] {
  if (!isRecord(payload)) return [];
  return [payload.name, payload.agent, payload.tenant].map((name) => typeof name === "string" ? name : undefined);
}

function extensionsOf({ headers }: Request): string[] {
  const listed = headers.get("a2a-extensions") ?? headers.get("x-a2a-extensions") ?? "";
  return listed.split(",").map((uri) => uri.trim()).filter((uri) => uri !== "");
}

/** Finds the agent by `named` (from the path), else by query, header and body, and makes the call in the caller's name. */
function finder(request: Request, named: string | undefined, options: HttpAppOptions): FindTarget {
  return (payload) => {
    const agent = findAgent(options.directory(), [named, ...namesOf(request), ...namesInPayload(payload)], ANONYMOUS);
    return targetOf(request, agent, options);
  };
}

function targetOf(request: Request, agent: ServedAgent, options: HttpAppOptions): Target {
  return {
    service: agent.service,
    call: { signal: request.signal, caller: ANONYMOUS, extensions: extensionsOf(request) },
    publicCard: () => cardFor(request, agent.card(options.baseUrl()), { form: options.cardForm, snakeCase: true }),
  };
}

function createJsonRpc(options: HttpAppOptions): (request: Request, agent: string | undefined) => Promise<Response> {
  const handle = jsonRpcHandler(options.bindings);
  return (request, agent) => handle(request, finder(request, agent, options));
}

/** `/v1/agents/{a}/…` and `/agents/{a}/…` first, then the unscoped forms `/v1/…` and `/…`, at last the tenant form `/{a}/…`. */
const SCOPED = /^(?:\/v1)?\/agents\/([^/]+)(\/.+)$/;

function createRestFallback(options: HttpAppOptions): Serve {
  const handle = restHandler(options.bindings);
  return async (request) => {
    const { pathname } = new URL(request.url);
    const found = locate(request.method, pathname);
    if (found === undefined) {
      throw new A2AError(
        "METHOD_NOT_FOUND",
        `Cannot ${request.method} ${pathname.slice(0, 200)}: there is no such route`,
      );
    }
    return await handle(request, found.route, finder(request, found.agent, options));
  };
}

function locate(method: string, pathname: string) {
  const scoped = SCOPED.exec(pathname);
  if (scoped !== null) return withAgent(scoped[1], restRoute(method, scoped[2] ?? ""));
  const unscoped = restRoute(method, pathname);
  if (unscoped !== undefined) return { agent: undefined, route: unscoped };
  const tenant = /^\/([^/]+)(\/.+)$/.exec(pathname);
  return tenant === null ? undefined : withAgent(tenant[1], restRoute(method, tenant[2] ?? ""));
}

function withAgent(name: string | undefined, route: ReturnType<typeof restRoute>) {
  if (route === undefined || name === undefined) return undefined;
  try {
    return { agent: decodeURIComponent(name), route };
  } catch (cause) {
    throw new A2AError("INVALID_REQUEST", "Cannot decode the path: it holds a broken percent escape", { cause });
  }
}

function healthBody({ version, uptimeSeconds }: Health) {
  return { status: "ok", healthy: true, version, uptime: uptimeSeconds(), studio_mode: false };
}

function indexBody(options: HttpAppOptions) {
  const base = options.baseUrl();
  return {
    name: "hector",
    version: options.health.version,
    agents: `${base}/v1/agents`,
    card: `${base}/.well-known/agent-card.json`,
    health: `${base}/health`,
  };
}

/** Discovery over all agents: each card with its id. */
function listAgents(request: Request, options: HttpAppOptions): Response {
  const cards = visibleAgents(options.directory(), ANONYMOUS).map((agent) => ({
    id: agent.id,
    ...cardFor(request, agent.card(options.baseUrl()), { form: options.cardForm, snakeCase: true }),
  }));
  const asArray = new URL(request.url).searchParams.get("format") === "array";
  return cardResponse(request, asArray ? cards : { agents: cards, total: cards.length });
}

function agentCard(
  request: Request,
  names: readonly (string | undefined)[],
  options: HttpAppOptions,
): Response {
  const agent = findAgent(options.directory(), names, ANONYMOUS);
  const { pathname } = new URL(request.url);
  const snakeCase = pathname.includes("/agents/");
  return cardResponse(request, cardFor(request, agent.card(options.baseUrl()), { form: options.cardForm, snakeCase }));
}
