import { Hono } from "hono";
import { type BindingDeps, reported, signsOf } from "../a2a/bindings/binding.ts";
import { jsonRpcHandler } from "../a2a/bindings/jsonrpc.ts";
import { restFailure } from "../a2a/bindings/rest.ts";
import { chooseDialect } from "../a2a/dialects/choose.ts";
import type { DialectName } from "../a2a/dialects/dialect.ts";
import { addCardRoutes } from "./card_routes.ts";
import { type FindDeps, finder } from "./find_target.ts";
import { type Health, healthBody } from "./health.ts";
import { createRestFallback } from "./rest_fallback.ts";
import type { Sessions } from "./sessions.ts";
import type { WebSockets } from "./websocket.ts";

export interface HttpAppOptions extends FindDeps {
  readonly bindings: BindingDeps;
  readonly sockets: WebSockets;
  readonly sessions: Sessions;
  readonly health: Health;
  /** JSON Schema of the configuration. */
  readonly configSchema: () => object | Promise<object>;
  /** Throws A2AError for a request whose Host must not be served. */
  readonly checkHost: (request: Request) => void;
}

/** Where a WebSocket may be opened. */
const SOCKET_PATHS = [
  "/ws",
  ...["/v1/agents", "/agents"].flatMap((prefix) => [`${prefix}/:agent/ws`, `${prefix}/:agent/stream`]),
];

/** The HTTP face: every route on one `fetch`, no port needed. It never throws. */
export function createHttpApp(options: HttpAppOptions): (request: Request) => Promise<Response> {
  const app = new Hono({ strict: false });
  const rest = createRestFallback(options);
  const rpc = jsonRpcHandler(options.bindings);
  app.use(async (context, next) => {
    options.checkHost(context.req.raw);
    await next();
  });
  addProcessRoutes(app, options);
  addCardRoutes(app, options);
  for (const path of ["/agents/:agent", "/v1/agents/:agent"]) {
    app.post(path, ({ req }) => rpc(req.raw, finder(req.raw, req.param("agent"), options)));
  }
  for (const path of ["/", "/rpc"]) app.post(path, ({ req }) => rpc(req.raw, finder(req.raw, undefined, options)));
  for (const path of SOCKET_PATHS) {
    app.get(
      path,
      ({ req }) => options.sockets.upgrade(req.raw, (opening) => finder(opening, req.param("agent"), options)),
    );
  }
  app.all("*", (context) => rest(context.req.raw));
  app.onError((thrown, { req }) => {
    const { dialects, log } = options.bindings;
    return restFailure(reported(thrown, log), dialects[dialectOf(req.raw)].rest, req.raw);
  });
  return async (request) => await app.fetch(request);
}

/** The dialect of what no binding answers: by what the peer names or the path tells, else the newest words. */
function dialectOf(request: Request): DialectName {
  try {
    return chooseDialect({ ...signsOf(request), url: request.url, otherwise: "a2a_v1" });
  } catch {
    // The request names a version or a dialect that does not exist; it is refused for that elsewhere, if at all.
    return "a2a_v1";
  }
}

/** What tells of the process and of its configuration rather than of an agent. */
function addProcessRoutes(app: Hono, options: HttpAppOptions): void {
  const { health, configSchema } = options;
  app.get("/health", ({ req }) => Response.json(healthBody(health, dialectOf(req.raw))));
  app.get("/ready", (context) => {
    const reason = health.unreadyBecause();
    return reason === undefined
      ? context.json({ status: "ready" })
      : context.json({ status: "not ready", reason }, 503);
  });
  app.get("/", () => Response.json(indexBody(options)));
  app.get("/api/schema", async () => Response.json(schemaBody(await configSchema())));
}

function indexBody({ baseUrl, health }: HttpAppOptions) {
  const base = baseUrl();
  return {
    name: "hector",
    version: health.version,
    agents: `${base}/v1/agents`,
    card: `${base}/.well-known/agent-card.json`,
    health: `${base}/health`,
    schema: `${base}/api/schema`,
  };
}

/** As editors and the older HTTP API know it. */
function schemaBody(schema: object) {
  return {
    $id: "https://hector.dev/schemas/config.json",
    title: "Hector Configuration Schema",
    description: "Complete configuration schema for Hector v2",
    ...schema,
  };
}
