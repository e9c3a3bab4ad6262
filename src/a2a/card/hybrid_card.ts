import { present } from "../present.ts";
import type { AgentCard } from "./card_types.ts";
import { legacyCardMembers, legacyRequirements, toLegacyScheme } from "./card_v0_3.ts";

export interface HybridOptions {
  /** Also the snake_case spellings of hector's older HTTP API. */
  readonly snakeCase: boolean;
}

/**
 * One card that readers of A2A 1.0 and of 0.3 both understand: each ignores what it does not know. A signature covers
 * one form of a card only, so a hybrid carries none of the 1.0 card's.
 */
export function toHybridCard(card: AgentCard, { snakeCase }: HybridOptions): Record<string, unknown> {
  const { signatures: _ofTheOtherForm, ...rest } = card;
  const legacySchemes = Object.entries(card.securitySchemes ?? {}).map(([name, scheme]) =>
    [name, scheme, toLegacyScheme(scheme)] as const
  );
  const hybrid = {
    ...rest,
    ...legacyCardMembers(card),
    capabilities: { ...card.capabilities, stateTransitionHistory: false },
    skills: card.skills.map((skill) => present({ ...skill, security: legacyRequirements(skill.securityRequirements) })),
    securitySchemes: legacySchemes.length === 0
      ? undefined
      : Object.fromEntries(legacySchemes.map(([name, scheme, legacy]) => [name, { ...scheme, ...legacy }])),
  };
  if (!snakeCase) return present(hybrid);
  const security = Object.fromEntries(legacySchemes.map(([name, , legacy]) => [name, snakeNames(legacy)]));
  return present({
    ...hybrid,
    ...snakeMembers(card),
    capabilities: { ...hybrid.capabilities, ...snakeNames(hybrid.capabilities) },
    provider: card.provider === undefined ? undefined : { ...card.provider, org: card.provider.organization },
    security_schemes: legacySchemes.length === 0 ? undefined : security,
  });
}

/** What the older API called the bindings. */
const OLDER_TRANSPORTS: ReadonlyMap<unknown, string> = new Map([["GRPC", "grpc"], ["HTTP+JSON", "rest"]]);

/** The older API said "1.0" and "jsonrpc" where 0.3 says "0.3.0" and "JSONRPC". */
function snakeMembers(card: AgentCard) {
  const { defaultInputModes, defaultOutputModes, documentationUrl, iconUrl } = card;
  return {
    protocol_version: "1.0",
    preferred_transport: OLDER_TRANSPORTS.get(legacyCardMembers(card).preferredTransport) ?? "jsonrpc",
    default_input_modes: defaultInputModes,
    default_output_modes: defaultOutputModes,
    documentation_url: documentationUrl,
    icon_url: iconUrl,
  };
}

function snakeNames(record: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(record).map((
      [name, value],
    ) => [name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`), value]),
  );
}
