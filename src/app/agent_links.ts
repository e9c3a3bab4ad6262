import { Askers } from "../agent/many/askers.ts";
import type { Colleagues } from "../agent/many/colleagues.ts";
import type { AgentConfig, Config } from "../config/config.ts";
import { AGENT_TOOL, PLUGINS } from "../plugins.ts";
import { Runs } from "../task/runs.ts";
import type { TaskService } from "../task/service.ts";
import type { Measure } from "../telemetry/measurement.ts";
import type { AgentsDeps } from "../tool/tool.ts";
import { measureRun } from "./measured_agent.ts";
import { sleep } from "./sleep.ts";

/** What the agents of a process need to reach each other, whatever configuration they are of. */
export interface AgentLinks {
  /** By agent id; filled by the house. */
  readonly services: Map<string, TaskService>;
  /** Of all services. */
  readonly runs: Runs;
  readonly colleagues: Colleagues;
}

export function createAgentLinks({ server }: Pick<Config, "server">, measure: Measure): AgentLinks {
  const services = new Map<string, TaskService>();
  const runs = new Runs((run) => measureRun(run, measure));
  return {
    services,
    runs,
    colleagues: {
      serviceOf: (id) => services.get(id),
      services: () => services.values(),
      askers: new Askers(),
      isUnderWay: (taskId) => runs.get(taskId) !== undefined,
      maxHops: server.a2a.max_hops,
      sleep,
    },
  };
}

/** Whether an agent gives tasks to its sub-agents; one that does not hands conversations over to them. */
export function delegates({ tools, reasoning }: AgentConfig, config: Config): boolean {
  return PLUGINS.engines.get(reasoning.engine)?.delegates === true ||
    tools.some((name) => config.tools.get(name)?.type === AGENT_TOOL);
}

/** Whom the tools of an agent may ask: its sub-agents, or all others where it names none. */
export function agentsFor(id: string, agent: AgentConfig, { config, colleagues }: {
  readonly config: Config;
  readonly colleagues: Colleagues;
}): AgentsDeps {
  const others = [...config.agents].filter(([other]) => other !== id);
  const mayAsk = agent.sub_agents;
  const chosen = mayAsk === undefined ? others : others.filter(([other]) => mayAsk.includes(other));
  return {
    colleagues: chosen.map(([other, { name, description }]) => ({
      id: other,
      description: description || nameOf(name, other),
    })),
    ask: async (options, context) => {
      const { askColleague } = await import("../agent/many/ask_colleague.ts");
      return await askColleague(id, colleagues)(options, context);
    },
  };
}

function nameOf(name: string, id: string): string {
  return name === id ? "" : name;
}
