import { STREAM_RETRY } from "../a2a/client/client_options.ts";
import type { Agent } from "../agent/agent.ts";
import { agentTool } from "../agent/many/agent_tool.ts";
import type { Colleagues } from "../agent/many/colleagues.ts";
import { escalate, exitLoop } from "../agent/many/exit_tools.ts";
import { heedHops } from "../agent/many/heed_hops.ts";
import { createRemote } from "../agent/many/remote.ts";
import { runnerModel } from "../agent/many/runner_model.ts";
import { createWorkflow } from "../agent/many/workflow.ts";
import type { AgentConfig } from "../config/config.ts";
import type { Model } from "../model/model.ts";
import type { Tool } from "../tool/tool.ts";
import { agentsFor, delegates } from "./agent_links.ts";
import { type AgentParts, createAgent } from "./create_agent.ts";
import { createTeamOf, type Teamwork } from "./create_team_of.ts";
import { openRemote } from "./open_remote.ts";
import { pick } from "./pick.ts";
import { sleep } from "./sleep.ts";

/** What the agents of one configuration are made of. */
export interface AnyAgentParts extends Omit<AgentParts, "id" | "model" | "agents" | "own" | "endOfCalls"> {
  readonly models: ReadonlyMap<string, Model>;
  readonly colleagues: Colleagues;
  /** Hears of what has to be let go of with the configuration. */
  readonly onClose: (close: () => void) => void;
}

/** The agent of the configuration with this id, of whatever type it is. */
export function createAnyAgent(id: string, parts: AnyAgentParts): Agent {
  return heedHops(createByType(id, parts), id, parts.colleagues);
}

function createByType(id: string, parts: AnyAgentParts): Agent {
  const { config, colleagues, runtime } = parts;
  const agent = pick(config.agents, id);
  switch (agent.type) {
    case "llm":
      return agent.sub_agents === undefined || agent.sub_agents.length === 0 || delegates(agent, config)
        ? createMember(id, parts)
        : createTeamOf(id, { config, create: (member, team) => createMember(member, parts, team) });
    case "sequential":
    case "parallel":
    case "loop":
      return createWorkflow({
        kind: agent.type,
        id,
        children: agent.sub_agents ?? [],
        maxIterations: agent.max_iterations === 0 ? Infinity : agent.max_iterations,
        maxConcurrency: agent.max_concurrency,
        timeoutSeconds: agent.reasoning.timeout_seconds,
        colleagues,
        now: runtime.now,
      });
    case "runner":
      return createRunner(id, agent, parts);
    case "remote":
      return createRemoteAgent(id, agent, parts);
    default:
      return agent.type satisfies never;
  }
}

/** The agent by itself, whoever it works with. */
function createMember(id: string, parts: AnyAgentParts, team?: Teamwork): Agent {
  const agent = pick(parts.config.agents, id);
  if (agent.type !== "llm" || agent.llm === undefined) return createByType(id, parts);
  return createAgent(agent, {
    ...parts,
    id,
    model: pick(parts.models, agent.llm),
    agents: agentsFor(id, agent, parts),
    own: [...toolsOf(id, agent, parts), ...team?.tools ?? []],
    ...(team === undefined ? {} : { endOfCalls: team.endOfCalls }),
  });
}

function toolsOf(id: string, agent: AgentConfig, { config, colleagues }: AnyAgentParts): Tool[] {
  const { enable_exit_tool, enable_escalate_tool } = agent.reasoning;
  const { ask } = agentsFor(id, agent, { config, colleagues });
  return [
    ...agent.agent_tools.map((other) =>
      agentTool({ id: other, description: pick(config.agents, other).description }, { ask })
    ),
    ...(enable_exit_tool ? [exitLoop] : []),
    ...(enable_escalate_tool ? [escalate] : []),
  ];
}

function createRemoteAgent(
  id: string,
  agent: AgentConfig,
  { config, runtime: { now }, onClose }: AnyAgentParts,
): Agent {
  const peer = openRemote(agent, { id, baseDir: config.base_dir, now });
  onClose(() => peer.close());
  return createRemote({
    id,
    peer,
    timeoutSeconds: agent.reasoning.timeout_seconds,
    retry: STREAM_RETRY,
    random: Math.random,
    now,
    sleep,
  });
}

/** Its tools are what it is made of, so each may be called once in a turn, and the whole conversation is the last message. */
function createRunner(id: string, agent: AgentConfig, parts: AnyAgentParts): Agent {
  const model = runnerModel({ tools: agent.tools, fixed: agent.tool_arguments });
  const max_iterations = agent.tools.length + 1;
  const runner = { ...agent, reasoning: { ...agent.reasoning, max_iterations } };
  return createAgent(runner, { ...parts, id, model, agents: agentsFor(id, agent, parts), own: [] });
}
