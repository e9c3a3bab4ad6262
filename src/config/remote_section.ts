import { z } from "zod";
import { lateSchema } from "../lib/late_schema.ts";
import { isAllowEntry } from "../lib/egress_rules.ts";
import { JwkSet } from "../lib/jwk_set.ts";
import { SecretText } from "../lib/secret.ts";
import { Text } from "./names.ts";

const HttpUrl = z.url({ protocol: /^https?$/, error: "a URL that begins with https:// or http://" });

const Host = z.stringFormat("host", isAllowEntry, {
  error: "a host name, *.domain, an IP address or a network such as 10.0.0.0/8",
});

/** What each kind of credential is made of. */
const CREDENTIAL_PARTS = {
  bearer: ["token"],
  api_key: ["api_key"],
  basic: ["username", "password"],
  oauth2: ["token_url", "client_id", "client_secret"],
} as const;

const CredentialsSection = lateSchema(() =>
  z.strictObject({
    type: z.enum(["bearer", "api_key", "basic", "oauth2"]).describe(
      "bearer: token. api_key: api_key. basic: username and password. oauth2: a token of its own by client credentials " +
        "(RFC 6749 §4.4): token_url, client_id and client_secret.",
    ),
    token: SecretText.optional(),
    api_key: SecretText.optional(),
    api_key_header: Text.optional().describe(
      "The header of the key. Default: what the agent's card says, or X-API-Key.",
    ),
    username: Text.optional().describe("Whose password it is."),
    password: SecretText.optional(),
    token_url: HttpUrl.optional().describe("Who gives out tokens. Never taken from a card: the secret is shown there."),
    client_id: Text.optional().describe("Who asks for tokens."),
    client_secret: SecretText.optional(),
    scopes: z.array(Text).default([]).describe("What the token is to be good for."),
  }).superRefine((credentials, context) => {
    for (const part of CREDENTIAL_PARTS[credentials.type]) {
      if (credentials[part] !== undefined) continue;
      context.addIssue({
        code: "custom",
        path: [part],
        message: `found nothing, which type ${credentials.type} needs`,
      });
    }
  })
);

/** The keys of an agent that stands for one of another server. */
export const REMOTE_KEYS = {
  url: HttpUrl.optional().describe(
    "type remote: where the agent is: a server, an agent, an endpoint or its card. On a hector server the agent of the " +
      "same id is meant, or target_agent_id, else the server's default agent.",
  ),
  agent_card_url: HttpUrl.optional().describe("type remote: where its card is, in place of url."),
  agent_card_file: Text.optional().describe("type remote: a file that holds its card, in place of url."),
  target_agent_id: Text.optional().describe("type remote: the agent's id on its hector server."),
  protocol_version: z.enum(["1.0", "0.3", "any"]).optional().describe(
    "type remote: the generation of A2A that is spoken. any: whatever is reachable. Default: that of the first interface " +
      "on its card.",
  ),
  credentials: CredentialsSection.optional().describe("type remote: who asks. Shown to the agent's own origins only."),
  headers: z.record(z.string().regex(/^[\w!#$%&'*+.^`|~-]{1,64}$/), SecretText).optional().describe(
    "type remote: what else goes with every request to the agent's own origin.",
  ),
  allow: z.array(Host).optional().describe(
    "type remote: hosts that its card may lead to though they are private or without TLS. The host that you name yourself " +
      "is one of them.",
  ),
  insecure_skip_verify: z.boolean().optional().describe(
    "type remote: true: believe any certificate, so that whoever is on the way can read and change everything.",
  ),
  ca_certificate: Text.optional().describe(
    "type remote: a PEM file of authorities that are trusted besides the system's.",
  ),
  card_sha256: z.string().regex(/^[0-9a-f]{64}$/i, { error: "64 hexadecimal digits" }).optional().describe(
    "type remote: the only card that is believed: SHA-256 of its canonical JSON (RFC 8785) without signatures. What was " +
      "found instead is told.",
  ),
  trusted_keys: JwkSet.optional().describe("type remote: whose signature its card has to have: a JWK Set."),
  timeout_seconds: z.number().positive().max(604_800).optional().describe(
    "type remote: how long it may take to answer a request; its work may take as long as the turn. Default: 30.",
  ),
} as const;

export type Credentials = z.output<typeof CredentialsSection>;
