import { z } from "zod";
import { Text } from "./names.ts";

export const StudioSection = z.strictObject({
  enabled: z.boolean().default(false).describe(
    "Whether the configuration can be read and written over HTTP (/api/config). Beyond this machine it needs server.auth.",
  ),
  allowed_roles: z.array(Text).min(1).default(["operator"]).describe(
    "Whose callers may. They count where server.auth says who calls.",
  ),
  allowed_references: z.array(Text).default([]).describe(
    "Variables and files, such as OPENAI_API_KEY and file:/run/secrets/key, that a text written over HTTP may name where " +
      "the file does not name them yet. All others only who edits the file itself can add.",
  ),
  allow_programs: z.boolean().default(false).describe(
    "Whether a text written over HTTP may add and change tools that start programs, and tools and document stores whose " +
      "folder is outside of this file's. false: it can keep and remove those of the file.",
  ),
});
