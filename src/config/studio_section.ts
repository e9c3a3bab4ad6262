import { z } from "zod";
import { Text } from "./names.ts";

export const StudioSection = z.strictObject({
  enabled: z.boolean().default(false).describe(
    "Whether the configuration can be read and written over HTTP (/api/config). Beyond this machine it needs server.auth.",
  ),
  allowed_roles: z.array(Text).min(1).default(["operator"]).describe(
    "Whose callers may. They count where server.auth says who calls.",
  ),
});
