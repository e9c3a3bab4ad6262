import { Hono } from "hono";
import type { BindingDeps } from "../a2a/bindings/binding.ts";
import { jsonRpcHandler } from "../a2a/bindings/jsonrpc.ts";
import type { Guard } from "../guard/guard.ts";
import { askWho, refuseNobody, withChallenge } from "./ask_who.ts";
import { addCardRoutes } from "./card_routes.ts";
import { addConfigRoutes, type ConfigRoutesOptions } from "./config_routes.ts";
import type { Face, Known } from "./face.ts";
import { failure } from "./failure.ts";
import { type FindDeps, finder } from "./find_target.ts";
import { addProbeRoutes, type ProbeRoutesOptions } from "./probe_routes.ts";
import { createRestFallback } from "./rest_fallback.ts";
import type { Sessions } from "./sessions.ts";
import type { WebSockets } from "./websocket.ts";

export interface HttpAppOptions extends FindDeps, ProbeRoutesOptions {
  readonly bindings: BindingDeps;
  readonly sockets: WebSockets;
  readonly sessions: Sessions;
  /** JSON Schema of the configuration. */
  readonly configSchema: () => object | Promise<object>;
  /** Throws A2AError for a request whose Host must not be served. */
  readonly checkHost: (request: Request) => void;
  readonly guard: Guard;
  readonly config: ConfigRoutesOptions;
}

/** Where JSON-RPC is answered. */
const RPC_PATHS = ["/agents/:agent", "/v1/agents/:agent", "/", "/rpc"];

/** Where a WebSocket may be opened. */
const SOCKET_PATHS = [
  "/ws",
  ...["/v1/agents", "/agents"].flatMap((prefix) => [`${prefix}/:agent/ws`, `${prefix}/:agent/stream`]),
];

/**
 * The HTTP face: every route on one `fetch`, no port needed. It never throws.
 *
 * What needs no credential stands above `refuseNobody`, so that a route that comes to be is closed to strangers unless
 * somebody opens it.
 */
export function createHttpApp(options: HttpAppOptions): (request: Request) => Promise<Response> {
  const app: Face = new Hono<{ Variables: Known }>({ strict: false });
  const rest = createRestFallback(options);
  const rpc = jsonRpcHandler(options.bindings);
  app.use(async (context, next) => {
    options.checkHost(context.req.raw);
    await next();
  });
  addProbeRoutes(app, options);
  for (const path of RPC_PATHS) {
    app.post(path, async (context, next) => {
      context.set("isRpc", true);
      await next();
    });
  }
  app.use(askWho(options.guard));
  addCardRoutes(app, options);
  app.use(refuseNobody(options.guard));
  addConfigRoutes(app, options.config);
  app.get("/api/schema", async () => Response.json(schemaBody(await options.configSchema())));
  for (const path of RPC_PATHS) {
    app.post(path, ({ req, var: { identity } }) => {
      const asked = { request: req.raw, identity };
      return rpc(req.raw, finder(asked, req.param("agent"), options));
    });
  }
  for (const path of SOCKET_PATHS) {
    app.get(path, ({ req, var: { identity } }) => {
      const find = (request: Request) => finder({ request, identity }, req.param("agent"), options);
      return options.sockets.upgrade(req.raw, find);
    });
  }
  app.all("*", ({ req, var: { identity } }) => rest({ request: req.raw, identity }));
  app.onError((thrown, context) => withChallenge(failure(thrown, context, options.bindings), thrown));
  return async (request) => withChallenge(await app.fetch(request));
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
