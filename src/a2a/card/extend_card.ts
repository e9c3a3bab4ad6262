import type { AgentCard, AgentSkill } from "./card_types.ts";
import { writtenSkill } from "./build_card.ts";

/** What a caller who is known may see beside the public card. */
export interface CardExtension {
  readonly name?: string | undefined;
  readonly description?: string | undefined;
  /** One with the id of a public skill stands for it. */
  readonly skills?: readonly AgentSkill[];
  readonly inputModes?: readonly string[];
  readonly outputModes?: readonly string[];
  readonly documentationUrl?: string | undefined;
}

/** The extended card (A2A v1 §3.1.11): the public one with more in it, for it stands in for it at the peer. */
export function extendCard(card: AgentCard, more: CardExtension): AgentCard {
  const { name, description, skills = [], inputModes = [], outputModes = [], documentationUrl } = more;
  const own = new Map([...card.skills, ...skills.map(writtenSkill)].map((skill) => [skill.id, skill]));
  return {
    ...card,
    ...(name === undefined ? {} : { name }),
    ...(description === undefined ? {} : { description }),
    ...(documentationUrl === undefined ? {} : { documentationUrl }),
    defaultInputModes: [...new Set([...card.defaultInputModes, ...inputModes])],
    defaultOutputModes: [...new Set([...card.defaultOutputModes, ...outputModes])],
    skills: [...own.values()],
  };
}
