import type { AgentCard } from "../card/card_types.ts";
import { legacyRequirements, toLegacyScheme } from "../card/card_v0_3.ts";

/**
 * The card of hector's first document. Its capabilities are those of hector's agents in general; what a card of A2A cannot
 * say, all of them can.
 */
export function toHectorV1Card(card: AgentCard): Record<string, unknown> {
  const { name, description, version, capabilities, skills, defaultInputModes, defaultOutputModes } = card;
  const requirements = legacyRequirements(card.securityRequirements) ?? [];
  return {
    name,
    description,
    version,
    url: card.supportedInterfaces[0]?.url ?? "",
    capabilities: {
      streaming: capabilities.streaming ?? false,
      multiTurn: true,
      toolUse: true,
      orchestration: false,
      supportedInputFormats: defaultInputModes.map(formatOf),
      supportedOutputFormats: defaultOutputModes.map(formatOf),
    },
    tags: [...new Set(skills.flatMap(({ tags }) => tags))],
    metadata: {},
    authentication: {
      required: requirements.length > 0 && requirements.every((schemes) => Object.keys(schemes).length > 0),
      schemes: Object.values(card.securitySchemes ?? {}).map(schemeOf),
    },
  };
}

/** `text/plain` → `text`, `image/png` → `image`. */
function formatOf(mediaType: string): string {
  return mediaType.split("/")[0] ?? mediaType;
}

function schemeOf(scheme: Parameters<typeof toLegacyScheme>[0]): unknown {
  const { type, scheme: httpScheme } = toLegacyScheme(scheme);
  return httpScheme ?? type;
}
