import { buildCard } from "../a2a/card/build_card.ts";
import { capabilitiesOf } from "../a2a/card/capabilities.ts";
import { type AgentCard, type AgentExtension, AgentExtension as ExtensionSchema } from "../a2a/card/card_types.ts";
import { extendCard } from "../a2a/card/extend_card.ts";
import { givingAccepted } from "../a2a/giving_accepted.ts";
import { offeredService } from "../a2a/offered_service.ts";
import { takingOnly } from "../a2a/taking_only.ts";
import type { AgentConfig, Config } from "../config/config.ts";
import { VERSION } from "../lib/version.ts";
import type { AgentDirectory, ServedAgent } from "../server/directory.ts";
import type { TaskService } from "../task/service.ts";
import type { House } from "./house.ts";
import { servesTls } from "./open_tls.ts";
import { pick } from "./pick.ts";
import { securityOf } from "./security_of.ts";

/** The agents of a house as the outside meets them: those of the configuration that it has today. */
export function directoryOf(house: House): () => AgentDirectory {
  let known: { readonly of: Config; readonly directory: AgentDirectory } | undefined;
  return () => {
    if (known?.of !== house.config) known = { of: house.config, directory: createDirectory(house) };
    return known.directory;
  };
}

function createDirectory(house: House): AgentDirectory {
  const { config, services, signer } = house;
  const agents = [...config.agents].map(([id, agent]): [string, ServedAgent] => [
    id,
    serve({ id, agent, config, service: pick(services, id) }, house),
  ]);
  return { agents: new Map(agents), defaultAgent: config.server.default_agent, signer };
}

/** What A2A calls the transports of a file. */
const BINDINGS = { jsonrpc: "JSONRPC", rest: "HTTP+JSON", grpc: "GRPC" } as const;

interface Declared {
  readonly id: string;
  readonly agent: AgentConfig;
  readonly config: Config;
  readonly service: TaskService;
}

function serve({ id, agent, config, service }: Declared, house: House): ServedAgent {
  const { name, description, visibility, input_modes, output_modes, streaming, extended_card, card: said } = agent;
  const security = securityOf(config.server, agent);
  const capabilities = capabilitiesOf({
    streaming,
    pushNotifications: house.pushes,
    extendedAgentCard: extended_card !== undefined,
    asksPeople: agent.type !== "remote" && (agent.type !== "llm" || agent.tools.length + agent.agent_tools.length > 0),
    extensions: agent.extensions.map((extension): AgentExtension => ExtensionSchema.parse(extension)),
  });
  const card = (baseUrl: string): AgentCard =>
    buildCard({
      id,
      baseUrl,
      version: said.version ?? VERSION,
      name,
      description,
      skills: agent.skills.map(writableSkill),
      inputModes: input_modes,
      outputModes: output_modes,
      capabilities,
      security,
      ...(said.provider === undefined ? {} : { provider: { ...said.provider } }),
      ...(said.documentation_url === undefined ? {} : { documentationUrl: said.documentation_url }),
      preferred: BINDINGS[said.preferred_transport ?? config.server.transport],
      grpc: {
        address: house.grpcAddress,
        isDefault: id === config.server.default_agent,
        isEncrypted: servesTls(config.server),
      },
    });
  const extended = extensionOfCard(agent);
  const extendedCard = extended === undefined ? undefined : () => extendCard(card(house.baseUrl), extended);
  const authenticates = security !== undefined;
  return {
    id,
    visibility,
    card,
    cancelToolCall: (ref, call) => service.cancelToolCall(ref, call),
    service: offeredService(takingOnly(givingAccepted(service), input_modes), {
      capabilities,
      extendedCard,
      authenticates,
    }),
    ...(extendedCard === undefined
      ? {}
      : { extendedCard: ({ anonymous }) => authenticates && anonymous ? undefined : extendedCard() }),
  };
}

/** undefined for an extended card of which nothing is told: it is declared, but not configured (A2A v1 §3.1.11). */
function extensionOfCard({ extended_card }: AgentConfig) {
  if (extended_card === undefined) return undefined;
  const { name, description, documentation_url, skills, input_modes, output_modes } = extended_card;
  const isSaid = name !== undefined || description !== undefined || documentation_url !== undefined ||
    skills.length + input_modes.length + output_modes.length > 0;
  if (!isSaid) return undefined;
  return {
    name,
    description,
    documentationUrl: documentation_url,
    skills: skills.map(writableSkill),
    inputModes: input_modes,
    outputModes: output_modes,
  };
}

type SkillConfig = AgentConfig["skills"][number];

/** Cards are made of A2A's own types, which are not read-only. */
function writableSkill(skill: SkillConfig) {
  return { ...skill, tags: [...skill.tags], examples: [...skill.examples] };
}
