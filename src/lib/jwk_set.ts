import { z } from "zod";
import { lateSchema } from "./late_schema.ts";

/** A JWK Set (RFC 7517 §5): members and kinds of keys that are not known are passed over. */
export const JwkSet = lateSchema(() =>
  z.looseObject({
    keys: z.array(z.looseObject({ kty: z.string().describe("RSA, EC, OKP: what the other members are.") })).min(1).max(
      100,
    )
      .describe("Keys in the form of RFC 7517."),
  })
);
export type JwkSet = z.infer<typeof JwkSet>;
