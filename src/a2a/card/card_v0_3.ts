import type { AgentCard, OAuthFlows, SecurityRequirement, SecurityScheme } from "./card_types.ts";
import { present } from "../present.ts";

/* The agent card as A2A 0.3 §5.5 has it. */

/** The version that a 0.3 card states; 1.0's interfaces leave out the patch number, 0.3's `protocolVersion` does not. */
const PROTOCOL_VERSION = "0.3.0";

/** The members that 0.3 has and 1.0 has not, or has under another name. */
export function legacyCardMembers(card: AgentCard): Record<string, unknown> {
  const interfaces = card.supportedInterfaces.filter(({ protocolVersion }) => protocolVersion === "0.3");
  const main = interfaces[0];
  return present({
    protocolVersion: PROTOCOL_VERSION,
    url: main?.url ?? card.supportedInterfaces[0]?.url ?? "",
    preferredTransport: main?.protocolBinding ?? card.supportedInterfaces[0]?.protocolBinding ?? "JSONRPC",
    additionalInterfaces: interfaces.length === 0
      ? undefined
      : interfaces.map(({ url, protocolBinding }) => ({ url, transport: protocolBinding })),
    supportsAuthenticatedExtendedCard: card.capabilities.extendedAgentCard,
    security: legacyRequirements(card.securityRequirements),
  });
}

/** A 1.0 card → the card of A2A 0.3. Its signatures cover the 1.0 card alone, so they stay behind. */
export function toV03Card(card: AgentCard): Record<string, unknown> {
  const { name, description, version, provider, documentationUrl, iconUrl } = card;
  return present({
    ...legacyCardMembers(card),
    name,
    description,
    version,
    provider,
    documentationUrl,
    iconUrl,
    capabilities: toLegacyCapabilities(card),
    securitySchemes: card.securitySchemes === undefined ? undefined : mapValues(card.securitySchemes, toLegacyScheme),
    defaultInputModes: card.defaultInputModes,
    defaultOutputModes: card.defaultOutputModes,
    skills: card.skills.map(({ securityRequirements, ...skill }) =>
      present({ ...skill, security: legacyRequirements(securityRequirements) })
    ),
  });
}

function toLegacyCapabilities({ capabilities }: AgentCard): Record<string, unknown> {
  const { streaming, pushNotifications, extensions } = capabilities;
  return present({ streaming, pushNotifications, stateTransitionHistory: false, extensions });
}

/** `{ schemes: { a: { list: [] } } }` → `{ a: [] }`. */
export function legacyRequirements(requirements: readonly SecurityRequirement[] | undefined) {
  return requirements?.map(({ schemes }) => mapValues(schemes, ({ list = [] }) => list));
}

/** A2A 0.3 §5.5.3: the kind of scheme is its `type`. */
export function toLegacyScheme(scheme: SecurityScheme): Record<string, unknown> {
  if ("apiKeySecurityScheme" in scheme) {
    const { location, ...rest } = scheme.apiKeySecurityScheme;
    return { type: "apiKey", in: location, ...rest };
  }
  if ("httpAuthSecurityScheme" in scheme) return { type: "http", ...scheme.httpAuthSecurityScheme };
  if ("openIdConnectSecurityScheme" in scheme) return { type: "openIdConnect", ...scheme.openIdConnectSecurityScheme };
  if ("mtlsSecurityScheme" in scheme) return { type: "mutualTLS", ...scheme.mtlsSecurityScheme };
  const { flows, ...rest } = scheme.oauth2SecurityScheme;
  return { type: "oauth2", ...rest, flows: toLegacyFlows(flows) };
}

/** 0.3 knows neither the device flow nor whether PKCE is required. */
function toLegacyFlows(flows: OAuthFlows): Record<string, unknown> {
  if ("deviceCode" in flows) return {};
  if (!("authorizationCode" in flows)) return flows;
  const { pkceRequired: _unknown, ...authorizationCode } = flows.authorizationCode;
  return { authorizationCode };
}

function mapValues<In, Out>(record: Readonly<Record<string, In>>, map: (value: In) => Out): Record<string, Out> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value)]));
}
