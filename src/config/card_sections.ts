import { z } from "zod";
import { lateSchema } from "../lib/late_schema.ts";
import { late } from "../lib/late.ts";
import { SecretText } from "../lib/secret.ts";
import { MediaType, Text } from "./names.ts";

export const Skill = lateSchema(() =>
  z.strictObject({
    id: Text.describe("Unique among the agent's skills."),
    name: Text.describe("The name that people read."),
    description: Text.describe("What the agent can do with it."),
    tags: z.array(Text).default([]).describe("Words to find it by."),
    examples: z.array(Text).default([]).describe("Requests that it answers."),
  })
);

/** It is one of several in a header, with commas between them. */
const ExtensionUri = late(() =>
  z.string().refine((uri) => URL.canParse(uri) && !/[\s,]/.test(uri), {
    error: "a URI without spaces and commas",
  })
);

/** An extension of A2A (A2A v1 §4.6) that the agent declares. */
export const ExtensionSection = lateSchema(() =>
  z.strictObject({
    uri: ExtensionUri().describe("Names the extension and its version."),
    required: z.boolean().default(false).describe("true: calls that do not name it in A2A-Extensions are refused."),
    description: z.string().optional().describe("How the agent uses it."),
    params: z.record(z.string(), z.unknown()).optional().describe("What the extension's own document asks for."),
  })
);

/** What an interface of an agent is called in a file. */
export const TransportName = z.enum(["jsonrpc", "rest", "grpc"]);

/** What the card says beside what follows from the rest of the file (A2A v1 §4.4.1). */
export const CardSection = z.strictObject({
  version: Text.optional().describe("The agent's own version. Default: hector's."),
  provider: z.strictObject({
    organization: Text.describe("Who stands behind the agent."),
    url: z.url().describe("Where people read more about them."),
  }).optional().describe("Who offers the agent."),
  documentation_url: z.url().optional().describe("Where people read more about the agent."),
  preferred_transport: TransportName.optional().describe(
    "Which of its interfaces stands first. Default: server.transport.",
  ),
});

/** What callers who are known see beside the public card (A2A v1 §3.1.11). */
export const ExtendedCardSection = lateSchema(() =>
  z.strictObject({
    name: Text.optional().describe("In place of the public one."),
    description: Text.optional().describe("In place of the public one."),
    documentation_url: z.url().optional().describe("Where people read more."),
    skills: z.array(Skill).default([]).describe("Beside the public ones; one with the id of a public one replaces it."),
    input_modes: z.array(MediaType).default([]).describe("Beside the public ones."),
    output_modes: z.array(MediaType).default([]).describe("Beside the public ones."),
  })
);

/** Keys that sign agent cards (A2A v1 §8.4). */
export const CardSigningSection = lateSchema(() =>
  z.strictObject({
    keys: z.array(z.strictObject({
      key: SecretText.describe(
        "A private key without a passphrase, as PEM or JWK: EC P-256 or P-384, Ed25519, or RSA from 2048 bits. " +
          "`${file:card_key.pem}` reads it from a file.",
      ),
      kid: Text.max(200).optional().describe("What the key is called. Default: its thumbprint (RFC 7638)."),
      alg: z.enum(["ES256", "ES384", "EdDSA", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512"]).optional()
        .describe(
          "How it signs. Default: ES256, ES384, EdDSA or RS256, as the key is.",
        ),
    })).min(1).describe("The first signs. All are published at /.well-known/jwks.json, so that keys can be changed."),
  })
);
