import { z } from "zod";
import { message, oneof, Struct, unsetText } from "../proto_json.ts";

/* The agent card of A2A 1.0.1 (specification/a2a.proto; A2A v1 §4.4 and §8). Its builder: card.ts. */

const Strings = z.array(z.string());
const Scopes = z.record(z.string(), z.string());

/** A2A v1 §4.5.2: keys of one requirement are ANDed; the list of requirements is ORed. */
export const SecurityRequirement = message({
  schemes: z.record(z.string(), message({ list: Strings.optional() })),
});
export type SecurityRequirement = z.infer<typeof SecurityRequirement>;

const AuthorizationCodeOAuthFlow = message({
  authorizationUrl: z.string(),
  tokenUrl: z.string(),
  refreshUrl: z.string().optional(),
  scopes: Scopes,
  pkceRequired: z.boolean().optional(),
});
const ClientCredentialsOAuthFlow = message({
  tokenUrl: z.string(),
  refreshUrl: z.string().optional(),
  scopes: Scopes,
});
const ImplicitOAuthFlow = message({
  authorizationUrl: z.string().optional(),
  refreshUrl: z.string().optional(),
  scopes: Scopes.optional(),
});
const PasswordOAuthFlow = message({
  tokenUrl: z.string().optional(),
  refreshUrl: z.string().optional(),
  scopes: Scopes.optional(),
});
const DeviceCodeOAuthFlow = message({
  deviceAuthorizationUrl: z.string(),
  tokenUrl: z.string(),
  refreshUrl: z.string().optional(),
  scopes: Scopes,
});

/** A2A v1 §4.5.8: exactly one flow. */
export const OAuthFlows = oneof({
  authorizationCode: AuthorizationCodeOAuthFlow,
  clientCredentials: ClientCredentialsOAuthFlow,
  implicit: ImplicitOAuthFlow,
  password: PasswordOAuthFlow,
  deviceCode: DeviceCodeOAuthFlow,
});
export type OAuthFlows = z.infer<typeof OAuthFlows>;

const description = z.string().optional();

/** A2A v1 §4.5.1: exactly one scheme; its key tells which. */
export const SecurityScheme = oneof({
  apiKeySecurityScheme: message({
    description,
    location: z.enum(["query", "header", "cookie"]),
    name: z.string(),
  }),
  httpAuthSecurityScheme: message({ description, scheme: z.string(), bearerFormat: z.string().optional() }),
  oauth2SecurityScheme: message({ description, flows: OAuthFlows, oauth2MetadataUrl: z.string().optional() }),
  openIdConnectSecurityScheme: message({ description, openIdConnectUrl: z.string() }),
  mtlsSecurityScheme: message({ description }),
});
export type SecurityScheme = z.infer<typeof SecurityScheme>;

/** A2A v1 §4.4.6. `protocolVersion` is Major.Minor. */
export const AgentInterface = message({
  url: z.string(),
  protocolBinding: z.string(),
  tenant: unsetText(z.string()),
  protocolVersion: z.string(),
});
export type AgentInterface = z.infer<typeof AgentInterface>;

/** A2A v1 §4.4.4. */
export const AgentExtension = message({
  uri: z.string().optional(),
  description,
  required: z.boolean().optional(),
  params: Struct.optional(),
});
export type AgentExtension = z.infer<typeof AgentExtension>;

/** A2A v1 §4.4.3. */
export const AgentCapabilities = message({
  streaming: z.boolean().optional(),
  pushNotifications: z.boolean().optional(),
  extensions: z.array(AgentExtension).optional(),
  extendedAgentCard: z.boolean().optional(),
});
export type AgentCapabilities = z.infer<typeof AgentCapabilities>;

/** A2A v1 §4.4.5. */
export const AgentSkill = message({
  id: z.string(),
  name: z.string(),
  description: z.string(),
  tags: Strings,
  examples: Strings.optional(),
  inputModes: Strings.optional(),
  outputModes: Strings.optional(),
  securityRequirements: z.array(SecurityRequirement).optional(),
});
export type AgentSkill = z.infer<typeof AgentSkill>;

/** A2A v1 §4.4.7: a detached JWS (RFC 7515) over the canonical card. */
export const AgentCardSignature = message({
  protected: z.string(),
  signature: z.string(),
  header: Struct.optional(),
});
export type AgentCardSignature = z.infer<typeof AgentCardSignature>;

/** A2A v1 §4.4.1. `supportedInterfaces` is in the agent's order of preference. */
export const AgentCard = message({
  name: z.string(),
  description: z.string(),
  supportedInterfaces: z.array(AgentInterface),
  provider: message({ url: z.string(), organization: z.string() }).optional(),
  version: z.string(),
  documentationUrl: z.string().optional(),
  capabilities: AgentCapabilities,
  securitySchemes: z.record(z.string(), SecurityScheme).optional(),
  securityRequirements: z.array(SecurityRequirement).optional(),
  defaultInputModes: Strings,
  defaultOutputModes: Strings,
  skills: z.array(AgentSkill),
  signatures: z.array(AgentCardSignature).optional(),
  iconUrl: z.string().optional(),
});
export type AgentCard = z.infer<typeof AgentCard>;
