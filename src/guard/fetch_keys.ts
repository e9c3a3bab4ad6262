import { z } from "zod";
import { EgressRules } from "../lib/egress_rules.ts";
import { parseJson } from "../lib/json.ts";
import { JwkSet } from "../lib/jwk_set.ts";
import type { SafeFetch } from "../lib/safe_fetch.ts";

/** OpenID Connect Discovery 1.0 §3, as far as it matters here. */
const Discovered = z.object({ issuer: z.string(), jwks_uri: z.url({ protocol: /^https?$/ }) });

export interface FetchKeysOptions {
  /** Where the keys are; undefined: the issuer says so. */
  readonly jwksUrl: string | undefined;
  readonly issuer: string | undefined;
  /** Hosts that may be private or without TLS, though they are not named above. */
  readonly allow: readonly string[];
  readonly fetch: SafeFetch;
}

const TIMEOUT_MS = 5000;
const MAX_BYTES = 262_144;

/** OpenID Connect Discovery 1.0 §4: where an issuer describes itself. */
export function discoveryUrl(issuer: string): string {
  return `${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`;
}

/** Asks a provider for its keys. What it fetches throws; the error names the URL, which is the operator's own. */
export function keyFetcher({ jwksUrl, issuer, allow, fetch }: FetchKeysOptions): () => Promise<JwkSet> {
  const read = async (url: string, rules: EgressRules): Promise<unknown> => {
    const { signal } = new AbortController();
    const policy = { rules, timeoutMs: TIMEOUT_MS, maxBytes: MAX_BYTES };
    const response = await fetch({ url, headers: { accept: "application/json" }, signal }, policy);
    const text = await response.text();
    if (response.status !== 200) throw new Error(`${url} answered HTTP ${response.status}`);
    return parseJson(text);
  };
  // Whoever wrote the URL into the configuration trusts its host, wherever that is.
  const rulesFor = (url: string) => new EgressRules([...allow, new URL(url).hostname.replace(/^\[|\]$/g, "")]);
  return async () => {
    if (jwksUrl !== undefined) return JwkSet.parse(await read(jwksUrl, rulesFor(jwksUrl)));
    if (issuer === undefined) throw new TypeError("Neither a key set nor an issuer is configured");
    const rules = rulesFor(issuer);
    const found = Discovered.parse(await read(discoveryUrl(issuer), rules));
    // OpenID Connect Discovery 1.0 §4.3: else one issuer could speak for another.
    if (found.issuer !== issuer) throw new Error(`${discoveryUrl(issuer)} describes the issuer ${found.issuer}`);
    return JwkSet.parse(await read(found.jwks_uri, rules));
  };
}
