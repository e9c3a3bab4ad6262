import { A2AError } from "../a2a/errors.ts";
import type { Face } from "./face.ts";
import { requireRole } from "./require_role.ts";

export interface MetricsRouteOptions {
  /** In the text format of Prometheus; undefined while nothing is counted. */
  readonly text: () => Promise<string> | undefined;
  /** One of them is needed; undefined for everybody that the guard admits. */
  readonly roles: () => readonly string[] | undefined;
}

const TEXT_FORMAT = "text/plain; version=0.0.4; charset=utf-8";

/** Numbers for whoever watches the server. */
export function addMetricsRoute(app: Face, { text, roles }: MetricsRouteOptions): void {
  app.get("/metrics", async ({ var: { identity } }) => {
    requireRole(identity.caller, roles(), "the metrics");
    const body = await text();
    if (body === undefined) {
      throw new A2AError("METHOD_NOT_FOUND", "Cannot GET /metrics: observability.metrics is not enabled");
    }
    return new Response(body, { headers: { "content-type": TEXT_FORMAT, "cache-control": "no-store" } });
  });
}
