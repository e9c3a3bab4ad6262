import type { Face } from "./face.ts";
import { dialectOf } from "./failure.ts";
import { type Health, healthBody, readyResponse } from "./health.ts";

export interface ProbeRoutesOptions {
  readonly health: Health;
  /** Where peers reach the server, without a trailing slash. */
  readonly baseUrl: () => string;
}

/** What tells of the process rather than of an agent: for everybody. */
export function addProbeRoutes(app: Face, options: ProbeRoutesOptions): void {
  const { health } = options;
  app.get("/health", ({ req }) => Response.json(healthBody(health, dialectOf(req.raw))));
  app.get("/ready", () => readyResponse(health));
  app.get("/", () => Response.json(indexBody(options)));
}

function indexBody({ baseUrl, health }: ProbeRoutesOptions) {
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
