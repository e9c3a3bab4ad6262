import type { Agent } from "../agent/agent.ts";
import { handedTo, handoverEnd, handoverName, handoverTool } from "../agent/many/handover.ts";
import { createTeam } from "../agent/many/team.ts";
import type { Config } from "../config/config.ts";
import type { Tool } from "../tool/tool.ts";
import { delegates } from "./agent_links.ts";
import type { AgentParts } from "./create_agent.ts";
import { pick } from "./pick.ts";

/** What an agent is given that hands conversations over. */
export interface Teamwork {
  readonly tools: readonly Tool[];
  readonly endOfCalls: NonNullable<AgentParts["endOfCalls"]>;
}

export interface TeamOf {
  readonly config: Config;
  /** Makes one of its agents with what it needs to hand over. */
  readonly create: (id: string, team: Teamwork) => Promise<Agent>;
}

/**
 * An agent with those to whom it may hand a conversation over, theirs included. Each may hand it to its own, back to whom
 * it has it from, and to those beside it.
 */
export async function createTeamOf(root: string, { config, create }: TeamOf): Promise<Agent> {
  const parents = new Map<string, string | undefined>([[root, undefined]]);
  for (const [id] of parents) for (const child of below(id, config)) if (!parents.has(child)) parents.set(child, id);
  const members = await Promise.all([...parents].map(async ([id, parent]): Promise<[string, Agent]> => {
    const beside = parent === undefined ? [] : [parent, ...below(parent, config)];
    const targets = [...new Set([...below(id, config), ...beside])].filter((other) => other !== id);
    const byTool = new Map(targets.map((target) => [handoverName(target), target]));
    return [
      id,
      await create(id, {
        tools: targets.map((target) =>
          handoverTool({ id: target, description: pick(config.agents, target).description })
        ),
        endOfCalls: (outcomes) => {
          const to = handedTo(outcomes, byTool);
          return to === undefined ? undefined : handoverEnd(to);
        },
      }),
    ];
  }));
  return createTeam({ root, members: new Map(members) });
}

/** Workflows work with their sub-agents, and those who delegate give them tasks: neither hands a conversation over. */
function below(id: string, config: Config): readonly string[] {
  const agent = pick(config.agents, id);
  return agent.type === "llm" && !delegates(agent, config) ? agent.sub_agents ?? [] : [];
}
