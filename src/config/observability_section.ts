import { z } from "zod";
import { Text } from "./names.ts";

export const ObservabilitySection = z.strictObject({
  metrics: z.strictObject({
    enabled: z.boolean().default(true).describe("Whether anything is counted, and can be read at /metrics."),
    allowed_roles: z.array(Text).min(1).optional().describe(
      "Whose callers may read it. They count where server.auth says who calls, as for all that is not in its " +
        "excluded_paths. Default: every caller.",
    ),
  }).prefault({}).describe("Numbers about requests, tasks, models, tools and the configuration, for Prometheus."),
});
