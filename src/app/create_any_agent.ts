import type { Agent } from "../agent/agent.ts";
import { lateAgent } from "../agent/late_agent.ts";
import type { Colleagues } from "../agent/many/colleagues.ts";
import type { AgentConfig } from "../config/config.ts";
import type { Model } from "../model/model.ts";
import type { Tool } from "../tool/tool.ts";
import { agentsFor, delegates } from "./agent_links.ts";
import { type AgentParts, createAgent } from "./create_agent.ts";
import type { Teamwork } from "./create_team_of.ts";
import { pick } from "./pick.ts";
import { sleep } from "./sleep.ts";

/** What the agents of one configuration are made of. */
export interface AnyAgentParts extends Omit<AgentParts, "id" | "model" | "agents" | "own" | "endOfCalls"> {
  readonly models: ReadonlyMap<string, Model>;
  readonly colleagues: Colleagues;
  /** Hears of what has to be let go of with the configuration. */
  readonly onClose: (close: () => void) => void;
}

/** The agent of the configuration with this id, of whatever type it is: only the code of that type is loaded. */
export async function createAnyAgent(id: string, parts: AnyAgentParts): Promise<Agent> {
  const agent = await createByType(id, parts);
  return lateAgent(async () => {
    const [{ heedHops }, { leaveNoneWaiting }] = await Promise.all([
      import("../agent/many/heed_hops.ts"),
      import("../agent/many/leave_none_waiting.ts"),
    ]);
    return heedHops(leaveNoneWaiting(agent, parts.colleagues), id, parts.colleagues);
  });
}

async function createByType(id: string, parts: AnyAgentParts): Promise<Agent> {
  const { config, colleagues, runtime } = parts;
  const agent = pick(config.agents, id);
  switch (agent.type) {
    case "llm":
      if (agent.sub_agents === undefined || agent.sub_agents.length === 0 || delegates(agent, config)) {
        return await createMember(id, parts);
      }
      return await createTeam(id, parts);
    case "sequential":
    case "parallel":
    case "loop": {
      const { createWorkflow } = await import("../agent/many/workflow.ts");
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
    }
    case "runner":
      return await createRunner(id, agent, parts);
    case "remote":
      return await createRemoteAgent(id, agent, parts);
    default:
      return agent.type satisfies never;
  }
}

async function createTeam(id: string, parts: AnyAgentParts): Promise<Agent> {
  const { createTeamOf } = await import("./create_team_of.ts");
  const create = (member: string, team: Teamwork) => createMember(member, parts, team);
  return await createTeamOf(id, { config: parts.config, create });
}

/** The agent by itself, whoever it works with. */
async function createMember(id: string, parts: AnyAgentParts, team?: Teamwork): Promise<Agent> {
  const agent = pick(parts.config.agents, id);
  if (agent.type !== "llm" || agent.llm === undefined) return await createByType(id, parts);
  return await createAgent(agent, {
    ...parts,
    id,
    model: pick(parts.models, agent.llm),
    agents: agentsFor(id, agent, parts),
    own: [...await toolsOf(id, agent, parts), ...team?.tools ?? []],
    ...(team === undefined ? {} : { endOfCalls: team.endOfCalls }),
  });
}

async function toolsOf(id: string, agent: AgentConfig, { config, colleagues }: AnyAgentParts): Promise<Tool[]> {
  const { enable_exit_tool, enable_escalate_tool } = agent.reasoning;
  const { ask } = agentsFor(id, agent, { config, colleagues });
  return [
    ...await Promise.all(agent.agent_tools.map(async (other) => {
      const { agentTool } = await import("../agent/many/agent_tool.ts");
      return agentTool({ id: other, description: pick(config.agents, other).description }, { ask });
    })),
    ...(enable_exit_tool ? [(await import("../agent/many/exit_tools.ts")).exitLoop] : []),
    ...(enable_escalate_tool ? [(await import("../agent/many/exit_tools.ts")).escalate] : []),
  ];
}

async function createRemoteAgent(
  id: string,
  agent: AgentConfig,
  { config, runtime: { now }, onClose }: AnyAgentParts,
): Promise<Agent> {
  const [{ createRemote }, { STREAM_RETRY }, { openRemote }] = await Promise.all([
    import("../agent/many/remote.ts"),
    import("../a2a/client/client_options.ts"),
    import("./open_remote.ts"),
  ]);
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
async function createRunner(id: string, agent: AgentConfig, parts: AnyAgentParts): Promise<Agent> {
  const { runnerModel } = await import("../agent/many/runner_model.ts");
  const model = runnerModel({ tools: agent.tools, fixed: agent.tool_arguments });
  const max_iterations = agent.tools.length + 1;
  const runner = { ...agent, reasoning: { ...agent.reasoning, max_iterations } };
  return await createAgent(runner, { ...parts, id, model, agents: agentsFor(id, agent, parts), own: [] });
}
