import type { MiddlewareHandler } from "hono";
import { matchedRoutes } from "hono/route";
import type { Timers } from "../lib/timers.ts";
import type { Measure } from "../telemetry/measurement.ts";
import type { FaceContext, Known } from "./face.ts";
import { restPattern } from "./route_pattern.ts";

/** Those that ask how the server does are no work of it, and come so often that they would hide the rest. */
const PROBES: ReadonlySet<string> = new Set(["/health", "/ready", "/metrics"]);
/** RFC 9110 §9.1, RFC 5789; what strangers make up is one of the others. */
const METHODS: ReadonlySet<string> = new Set(["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"]);
const EVERYTHING: ReadonlySet<string> = new Set(["*", "/*"]);

/** Measures each request until its answer begins, refused ones too. */
export function measureRequests(
  measure: Measure,
  timers: Pick<Timers, "now">,
): MiddlewareHandler<{ Variables: Known }> {
  return async (context, next) => {
    const begunMs = timers.now();
    await next();
    const route = routeOf(context);
    if (PROBES.has(route)) return;
    const { method } = context.req;
    measure({
      kind: "request",
      method: METHODS.has(method) ? method : "_OTHER",
      route,
      status: context.res.status,
      seconds: (timers.now() - begunMs) / 1000,
    });
  };
}

/** `*` for what no route takes. */
function routeOf(context: FaceContext): string {
  const own = matchedRoutes(context).find(({ path }) => !EVERYTHING.has(path));
  if (own !== undefined) return own.path;
  return restPattern(context.req.method, new URL(context.req.url).pathname) ?? "*";
}
