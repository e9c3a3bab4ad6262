import { buildCard } from "../a2a/card/build_card.ts";
import { capabilitiesOf } from "../a2a/card/capabilities.ts";
import { takingOnly } from "../a2a/taking_only.ts";
import type { Config } from "../config/config.ts";
import { VERSION } from "../lib/version.ts";
import type { AgentDirectory, ServedAgent } from "../server/directory.ts";
import type { TaskService } from "../task/service.ts";
import { pick } from "./pick.ts";
import type { Runtime } from "./runtime.ts";
import { securityOf } from "./security_of.ts";

export function createDirectory(
  config: Config,
  services: ReadonlyMap<string, TaskService>,
  { push, grpcAddress }: Pick<Runtime, "push"> & { readonly grpcAddress: () => string | undefined },
): AgentDirectory {
  const agents = [...config.agents].map(([id, agent]): [string, ServedAgent] => [id, {
    id,
    visibility: agent.visibility,
    service: takingOnly(pick(services, id), agent.input_modes),
    card: (baseUrl) =>
      buildCard({
        id,
        baseUrl,
        version: VERSION,
        name: agent.name,
        description: agent.description,
        skills: agent.skills.map((skill) => ({ ...skill, tags: [...skill.tags], examples: [...skill.examples] })),
        inputModes: agent.input_modes,
        outputModes: agent.output_modes,
        capabilities: capabilitiesOf({ pushNotifications: push !== undefined }),
        security: securityOf(config.server, agent),
        grpc: { address: grpcAddress(), isDefault: id === config.server.default_agent },
      }),
  }]);
  return { agents: new Map(agents), defaultAgent: config.server.default_agent };
}
