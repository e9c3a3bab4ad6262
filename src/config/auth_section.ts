import { z } from "zod";
import { lateSchema } from "../lib/late_schema.ts";
import { late } from "../lib/late.ts";
import { isAllowEntry } from "../lib/egress_rules.ts";
import { isRecord, parseJson } from "../lib/json.ts";
import { JwkSet } from "../lib/jwk_set.ts";
import { Secret, SecretText } from "../lib/secret.ts";
import { Text } from "./names.ts";

/** RFC 9110 §5.1. Two names have a meaning of their own. */
const HeaderName = late(() =>
  z.string().regex(/^(?!(?:authorization|cookie)$)[\w!#$%&'*+.^`|~-]{1,64}$/i, {
    error: "the name of a header, neither Authorization nor Cookie",
  })
);
const HttpUrl = late(() => z.url({ protocol: /^https?$/, error: "a URL that begins with https://" }));
const Host = late(() =>
  z.stringFormat("host", isAllowEntry, {
    error: "a host name, *.domain, an IP address or a network such as 10.0.0.0/8",
  })
);
const OneOrMore = <T extends z.ZodType>(one: T) => z.union([one.transform((text) => [text]), z.array(one).min(1)]);
const Scalar = late(() => z.union([z.string(), z.number(), z.boolean()]));

const ApiKey = late(() =>
  z.union([
    Text.transform((text) => ({ key: new Secret(text), roles: [] })).meta({
      description: "A credential. Write ${NAME} and put it into the environment.",
    }),
    z.strictObject({
      key: SecretText,
      subject: Text.optional().describe("Who calls with it. Several keys of one subject are one caller."),
      tenant: Text.optional().describe("Whose it is. Default: `default`."),
      roles: z.array(Text).default([]).describe("What its caller is."),
    }),
  ])
);

const ALGORITHMS = [
  ...["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519"] as const,
  ...["HS256", "HS384", "HS512"] as const,
] as const;

/** Written as JSON in one text, as `${file:jwks.json}` gives it, or as a mapping. */
const Jwks = late(() =>
  z.union([
    JwkSet,
    z.string().transform((text, context) => {
      const parsed = JwkSet.safeParse(jsonIn(text));
      if (parsed.success) return parsed.data;
      context.addIssue({ code: "custom", message: "found text, expected a JWK Set: a mapping with the list `keys`" });
      return z.NEVER;
    }),
  ])
);

const ClaimNames = late(() =>
  z.strictObject({
    subject: Text.default("sub").describe("The claim that says who calls."),
    tenant: Text.default("tenant_id").describe("The claim that says whose user it is. Without it: `default`."),
    roles: OneOrMore(Text).default(["roles", "role"]).describe("Claims that say what the caller is. All count."),
  })
);

export const AuthSection = lateSchema(() =>
  z.strictObject({
    enabled: z.boolean().default(true).describe("false: as if nothing stood here."),
    required: z.boolean().default(true).describe(
      "Whether requests without a credential are refused. Cards, /health and /ready never need one; what is shown is " +
        "always checked.",
    ),
    excluded_paths: z.array(z.string().regex(/^\//, { error: "a path that begins with /" })).default([]).describe(
      "Paths on which a request without a credential is taken from anybody, as of public agents. `/a/` or `/a/*`: all below.",
    ),
    issuer: Text.optional().describe(
      "Who makes the tokens: their claim `iss`. Alone, it is asked for its keys (OpenID Connect Discovery).",
    ),
    audience: OneOrMore(Text).optional().describe(
      "For whom tokens are made: one of these stands in their claim `aud`.",
    ),
    jwks_url: HttpUrl().optional().describe("Where the issuer's public keys are."),
    jwks: Jwks().optional().describe("The issuer's public keys themselves, such as ${file:jwks.json}."),
    secret: SecretText.optional().describe(
      "The secret of tokens that are signed with HS256, HS384 or HS512: 32 bytes.",
    ),
    algorithms: z.array(z.enum(ALGORITHMS)).min(1).optional().describe(
      "How tokens may be signed. Default: every way for which there are keys or a secret.",
    ),
    refresh_interval_seconds: z.number().min(60).max(86_400).default(900).describe(
      "How long fetched keys are good. A key that the issuer takes back is taken no longer than this.",
    ),
    clock_skew_seconds: z.number().min(0).max(300).default(30).describe("By how much the clocks may differ."),
    allow: z.array(Host()).default([]).describe(
      "Hosts of the issuer that may be reached without TLS, or (where the issuer names them) at private addresses.",
    ),
    claims: ClaimNames().prefault({}),
    required_claims: z.record(Text, OneOrMore(Scalar())).default({}).describe(
      'What claims have to say: one value or one of several, "*" for any. Other tokens are answered with 403.',
    ),
    client_id: Text.optional().describe("The id by which browser apps sign in at the issuer; told by /health."),
    api_keys: z.array(ApiKey()).default([]).describe("Keys that are taken instead of tokens."),
    api_key_header: HeaderName().default("X-API-Key").describe("The header for keys. They may also be sent as Bearer."),
    allow_query_token: z.boolean().default(false).describe(
      "Whether credentials may stand in the query (access_token, token, api_key), where logs of others see them.",
    ),
  }).superRefine((auth, context) => {
    if (!auth.enabled) return;
    for (const [path, message] of contradictions(auth)) context.addIssue({ code: "custom", path: [path], message });
  })
);

interface Taken {
  readonly issuer?: string | undefined;
  readonly audience?: readonly string[] | undefined;
  readonly jwks_url?: string | undefined;
  readonly jwks?: unknown;
  readonly secret?: unknown;
  readonly algorithms?: readonly string[] | undefined;
  readonly allow: readonly string[];
  readonly api_keys: readonly unknown[];
}

/** A section that protects less than it seems to is refused. */
function* contradictions(auth: Taken): Generator<readonly [path: string, message: string]> {
  const { issuer, audience, jwks_url, jwks, secret, algorithms, api_keys } = auth;
  const hasKeys = jwks_url !== undefined || jwks !== undefined;
  const isDiscovered = issuer !== undefined && !hasKeys && secret === undefined;
  if (!hasKeys && !isDiscovered && secret === undefined && api_keys.length === 0) {
    return yield ["enabled", "found nothing to know callers by, expected jwks_url, issuer, jwks, secret or api_keys"];
  }
  if (jwks_url !== undefined && jwks !== undefined) yield ["jwks", "found jwks beside jwks_url, expected one of them"];
  if (hasKeys && issuer === undefined) yield ["issuer", "found nothing, expected who makes the tokens"];
  if ((hasKeys || isDiscovered) && audience === undefined) {
    yield ["audience", "found nothing, expected for whom the tokens are made: others would be taken, too"];
  }
  if (isDiscovered && !isSafeUrl(issuer, auth.allow)) yield ["issuer", unsafe("an issuer")];
  if (jwks_url !== undefined && !isSafeUrl(jwks_url, auth.allow)) yield ["jwks_url", unsafe("a jwks_url")];
  const isUsable = (name: string) => name.startsWith("HS") ? secret !== undefined : hasKeys || isDiscovered;
  const useless = algorithms?.find((name) => !isUsable(name));
  if (useless !== undefined) {
    yield ["algorithms", `found ${useless}, expected only what there are keys (or, for HS…, a secret) for`];
  }
}

function unsafe(what: string): string {
  return `found ${what} without TLS, expected https:// (or its host in server.auth.allow)`;
}

/** Whoever can change the keys on their way can be anybody. */
function isSafeUrl(text: string, allow: readonly string[]): boolean {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol)) return false;
  return url.protocol === "https:" || /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname) ||
    allow.includes(url.hostname);
}

function jsonIn(text: string): unknown {
  try {
    const value = parseJson(text);
    return isRecord(value) ? value : undefined;
  } catch {
    // What it is instead of JSON is no help: it is said what is expected.
    return undefined;
  }
}
