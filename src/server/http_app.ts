import { Hono } from "hono";
import type { Guard } from "../guard/guard.ts";
import type { Measure } from "../telemetry/measurement.ts";
import { addAgentRoutes, type AgentRoutesOptions, markRpc } from "./agent_routes.ts";
import { askWho, refuseNobody, withChallenge } from "./ask_who.ts";
import { addCardRoutes } from "./card_routes.ts";
import { addConfigRoutes, type ConfigRoutesOptions } from "./config_routes.ts";
import type { Face, Known } from "./face.ts";
import { failure } from "./failure.ts";
import { measureRequests } from "./measure_requests.ts";
import { addMetricsRoute, type MetricsRouteOptions } from "./metrics_route.ts";
import { addProbeRoutes, type ProbeRoutesOptions } from "./probe_routes.ts";

export interface HttpAppOptions extends AgentRoutesOptions, ProbeRoutesOptions {
  /** JSON Schema of the configuration. */
  readonly configSchema: () => object | Promise<object>;
  /** Throws A2AError for a request whose Host must not be served. */
  readonly checkHost: (request: Request) => void;
  readonly guard: Guard;
  readonly config: ConfigRoutesOptions;
  readonly metrics: MetricsRouteOptions;
  readonly measure: Measure;
}

/**
 * The HTTP face: every route on one `fetch`, no port needed. It never throws.
 *
 * What needs no credential stands above `refuseNobody`, so that a route that comes to be is closed to strangers unless
 * somebody opens it.
 */
export function createHttpApp(options: HttpAppOptions): (request: Request) => Promise<Response> {
  const app: Face = new Hono<{ Variables: Known }>({ strict: false });
  app.use(measureRequests(options.measure, options.bindings.timers));
  app.use(async (context, next) => {
    options.checkHost(context.req.raw);
    await next();
  });
  addProbeRoutes(app, options);
  markRpc(app);
  app.use(askWho(options.guard));
  addCardRoutes(app, options);
  app.use(refuseNobody(options.guard));
  addConfigRoutes(app, options.config);
  addMetricsRoute(app, options.metrics);
  app.get("/api/schema", async () => Response.json(schemaBody(await options.configSchema())));
  addAgentRoutes(app, options);
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
