import type { CardSecurity } from "../a2a/card/build_card.ts";
import type { AgentConfig, ServerConfig } from "../config/config.ts";
import { discoveryUrl } from "../guard/fetch_keys.ts";
import { cardSecurity } from "../guard/security_schemes.ts";

export type AuthConfig = NonNullable<ServerConfig["auth"]>;

/** What an agent's card says of credentials; undefined where nobody is asked. */
export function securityOf(
  { auth }: Pick<ServerConfig, "auth">,
  { visibility }: Pick<AgentConfig, "visibility">,
): CardSecurity | undefined {
  if (auth === undefined || !auth.enabled) return undefined;
  const { issuer, api_keys, api_key_header } = auth;
  const taken = {
    jwt: isDiscovered(auth) || auth.jwks !== undefined || auth.jwks_url !== undefined || auth.secret !== undefined,
    openIdConnectUrl: issuer !== undefined && isDiscovered(auth) ? discoveryUrl(issuer) : undefined,
    apiKeyHeader: api_keys.length === 0 ? undefined : api_key_header,
    allowQueryToken: auth.allow_query_token,
    required: auth.required,
  };
  return cardSecurity(taken, visibility === "internal");
}

/** Whether the issuer is asked where its keys are. */
export function isDiscovered({ issuer, jwks, jwks_url, secret }: AuthConfig): boolean {
  return issuer !== undefined && jwks === undefined && jwks_url === undefined && secret === undefined;
}
