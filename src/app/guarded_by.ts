import { keyFetcher } from "../guard/fetch_keys.ts";
import { createGuard, type Guard } from "../guard/guard.ts";
import { jwtVerifier, type VerifyJwt } from "../guard/jwt.ts";
import { fixedKeys, type KeySource } from "../guard/key_set.ts";
import { RemoteKeys } from "../guard/remote_keys.ts";
import type { Log } from "../lib/log.ts";
import { createSafeFetch } from "../lib/safe_fetch.ts";
import type { Timers } from "../lib/timers.ts";
import { ANONYMOUS } from "../a2a/service.ts";
import { createEgress } from "../server/egress.ts";
import type { AuthNotice } from "../server/health.ts";
import { type AuthConfig, isDiscovered } from "./security_of.ts";

/** Who may call, and what is told of that. */
export interface Auth {
  readonly guard: Guard;
  /** For /health; absent where nobody is asked. */
  readonly notice?: AuthNotice;
}

export interface AuthDeps {
  readonly timers: Timers;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly log: Log;
}

/** RFC 7518 §3.2: a secret is as long as the digest. */
const MIN_SECRET_BYTES = 32;

/** Nothing is fetched before the first token comes: a provider that is down keeps no server from starting. */
export function guardedBy(config: AuthConfig, deps: AuthDeps): Auth {
  const { issuer, audience, client_id, api_keys, api_key_header, secret } = config;
  const verifyJwt = createVerifier(config, deps);
  if (secret !== undefined && new TextEncoder().encode(secret.reveal()).length < MIN_SECRET_BYTES) {
    deps.log.warn("server.auth.secret is short: whoever has one token can find it by trying", {
      recommended_bytes: MIN_SECRET_BYTES,
    });
  }
  return {
    guard: createGuard({
      required: config.required,
      excludedPaths: config.excluded_paths,
      apiKeys: api_keys,
      apiKeyHeader: api_key_header,
      allowQueryToken: config.allow_query_token,
      defaultTenant: ANONYMOUS.tenant,
      verifyJwt,
    }),
    notice: {
      enabled: true,
      type: verifyJwt === undefined ? "api_key" : "jwt",
      issuer,
      audience: audience?.[0],
      client_id,
    },
  };
}

function createVerifier(config: AuthConfig, deps: AuthDeps): VerifyJwt | undefined {
  const keys = createKeys(config, deps);
  if (keys === undefined && config.secret === undefined) return undefined;
  return jwtVerifier({
    keys,
    secret: config.secret,
    issuer: config.issuer,
    audiences: config.audience,
    algorithms: config.algorithms,
    clockSkewSeconds: config.clock_skew_seconds,
    requiredClaims: new Map(Object.entries(config.required_claims)),
    claims: config.claims,
    defaultTenant: ANONYMOUS.tenant,
    now: deps.now,
  });
}

function createKeys(config: AuthConfig, { timers, log }: AuthDeps): KeySource | undefined {
  const { jwks, jwks_url, issuer, allow, refresh_interval_seconds } = config;
  if (jwks !== undefined) return fixedKeys(jwks);
  if (jwks_url === undefined && !isDiscovered(config)) return undefined;
  const fetch = createSafeFetch(createEgress({ timers }));
  return new RemoteKeys({
    fetchKeys: keyFetcher({ jwksUrl: jwks_url, issuer, allow, fetch }),
    refreshMs: refresh_interval_seconds * 1000,
    now: () => timers.now(),
    log,
  });
}
