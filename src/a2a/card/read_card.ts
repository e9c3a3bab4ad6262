import { isRecord } from "../../lib/json.ts";
import { AgentCard, OAuthFlows, SecurityRequirement, SecurityScheme } from "./card_types.ts";
import { A2AError } from "../errors.ts";
import { present } from "../present.ts";

/**
 * A peer's agent card, of A2A 1.0 or 0.3, as a 1.0 card. Security schemes of kinds that are not known here are left out:
 * they cannot be used, and a card is more than its schemes. Throws A2AError INVALID_AGENT_RESPONSE.
 */
export function readCard(raw: unknown): AgentCard {
  const card = isRecord(raw) ? fromEither(raw) : raw;
  const parsed = AgentCard.safeParse(card);
  if (parsed.success) return parsed.data;
  const { message, violations } = A2AError.from(parsed.error);
  const text = message.replace(/^Invalid parameters: /, "");
  throw new A2AError("INVALID_AGENT_RESPONSE", `Cannot read the agent card: ${text}`, {
    cause: parsed.error,
    violations,
  });
}

function fromEither(raw: Record<string, unknown>): Record<string, unknown> {
  const isV1 = raw.supportedInterfaces !== undefined || raw.supported_interfaces !== undefined;
  if (!isV1) return fromLegacyCard(raw);
  const { security_schemes, securitySchemes = security_schemes, ...card } = raw;
  return present({ ...card, securitySchemes: readSchemes(securitySchemes, (scheme) => scheme) });
}

function fromLegacyCard(raw: Record<string, unknown>): Record<string, unknown> {
  const { capabilities, skills } = raw;
  return present({
    ...raw,
    supportedInterfaces: legacyInterfaces(raw),
    capabilities: isRecord(capabilities)
      ? present({ ...capabilities, extendedAgentCard: raw.supportsAuthenticatedExtendedCard })
      : capabilities,
    securitySchemes: readSchemes(raw.securitySchemes, fromLegacyScheme),
    securityRequirements: fromLegacyRequirements(raw.security),
    skills: Array.isArray(skills) ? skills.map(fromLegacySkill) : skills,
    // They cover the card as it was sent, not the one that it is read as.
    signatures: undefined,
  });
}

/** A2A 0.3 §5.6: the main URL first, then the others; a transport that is not named is JSON-RPC. */
function legacyInterfaces({ url, preferredTransport, additionalInterfaces }: Record<string, unknown>): unknown[] {
  const others = Array.isArray(additionalInterfaces) ? additionalInterfaces.filter(isRecord) : [];
  const all = [{ url, transport: preferredTransport ?? "JSONRPC" }, ...others]
    .filter((entry) => typeof entry.url === "string" && typeof entry.transport === "string")
    .map((entry) => ({ url: entry.url, protocolBinding: `${entry.transport}`.toUpperCase(), protocolVersion: "0.3" }));
  const seen = new Set<string>();
  return all.filter((entry) => {
    const key = `${entry.protocolBinding} ${entry.url}`;
    return !seen.has(key) && seen.add(key);
  });
}

function fromLegacySkill(skill: unknown): unknown {
  if (!isRecord(skill)) return skill;
  const { security, ...rest } = skill;
  return present({ ...rest, securityRequirements: fromLegacyRequirements(security) });
}

/** `{ a: ["s"] }` → `{ schemes: { a: { list: ["s"] } } }`. */
function fromLegacyRequirements(security: unknown): SecurityRequirement[] | undefined {
  if (!Array.isArray(security)) return undefined;
  return security.filter(isRecord).map((requirement) =>
    SecurityRequirement.parse({
      schemes: Object.fromEntries(
        Object.entries(requirement).map(([name, scopes]) => [name, { list: Array.isArray(scopes) ? scopes : [] }]),
      ),
    })
  );
}

function readSchemes(schemes: unknown, toV1: (scheme: unknown) => unknown): Record<string, SecurityScheme> | undefined {
  if (!isRecord(schemes)) return undefined;
  return Object.fromEntries(
    Object.entries(schemes).flatMap(([name, scheme]): [string, SecurityScheme][] => {
      const parsed = SecurityScheme.safeParse(toV1(scheme));
      return parsed.success ? [[name, parsed.data]] : [];
    }),
  );
}

function fromLegacyScheme(scheme: unknown): unknown {
  if (!isRecord(scheme)) return scheme;
  const { type, ...rest } = scheme;
  switch (type) {
    case "apiKey":
      return { apiKeySecurityScheme: { ...rest, location: rest.in } };
    case "http":
      return { httpAuthSecurityScheme: rest };
    case "oauth2":
      return { oauth2SecurityScheme: { ...rest, flows: oneFlow(rest.flows) } };
    case "openIdConnect":
      return { openIdConnectSecurityScheme: rest };
    case "mutualTLS":
      return { mtlsSecurityScheme: rest };
    default:
      return undefined;
  }
}

/** 0.3 may offer several flows and 1.0 names one: the safest of them. */
function oneFlow(flows: unknown): OAuthFlows | undefined {
  if (!isRecord(flows)) return undefined;
  for (const name of ["authorizationCode", "clientCredentials", "implicit", "password"]) {
    const flow = OAuthFlows.safeParse({ [name]: flows[name] });
    if (flow.success) return flow.data;
  }
  return undefined;
}
