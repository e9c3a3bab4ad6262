import type { CardSecurity } from "../a2a/card/build_card.ts";
import type { SecurityScheme } from "../a2a/card/card_types.ts";

/** What is taken as a credential. */
export interface TakenCredentials {
  readonly jwt: boolean;
  /** Where the issuer describes itself; absent where it was not asked. */
  readonly openIdConnectUrl?: string | undefined;
  /** Absent where there are no API keys. */
  readonly apiKeyHeader?: string | undefined;
  readonly allowQueryToken: boolean;
  readonly required: boolean;
}

/**
 * The part of a card on credentials (A2A v1 §4.5): the schemes, any one of which is enough. `isInternal`: the agent is there only for callers with one, whatever else is asked of
 * callers. Where none is needed, an empty requirement stands beside the others, as OpenAPI 3.1 has it.
 */
export function cardSecurity(taken: TakenCredentials, isInternal: boolean): CardSecurity {
  const schemes = Object.fromEntries(schemesOf(taken));
  const requirements = Object.keys(schemes).map((name) => ({ schemes: { [name]: { list: [] } } }));
  return { schemes, requirements: taken.required || isInternal ? requirements : [...requirements, { schemes: {} }] };
}

function* schemesOf(taken: TakenCredentials): Generator<[name: string, scheme: SecurityScheme]> {
  const { jwt, openIdConnectUrl, apiKeyHeader, allowQueryToken } = taken;
  yield ["BearerAuth", {
    httpAuthSecurityScheme: jwt ? { scheme: "bearer", bearerFormat: "JWT" } : { scheme: "bearer" },
  }];
  if (openIdConnectUrl !== undefined) yield ["OpenIdConnect", { openIdConnectSecurityScheme: { openIdConnectUrl } }];
  if (apiKeyHeader === undefined) return;
  yield ["ApiKeyAuth", { apiKeySecurityScheme: { location: "header", name: apiKeyHeader } }];
  if (allowQueryToken) yield ["ApiKeyQuery", { apiKeySecurityScheme: { location: "query", name: "api_key" } }];
}
