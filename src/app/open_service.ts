import { PROCESS_TIMERS } from "../server/timers.ts";
import type { StoredTask } from "../store/store.ts";
import type { AgentSource } from "../task/agent_source.ts";
import type { DeskDeps } from "../task/open_desk.ts";
import { createTaskService, type TaskService } from "../task/service.ts";
import type { AgentLinks } from "./agent_links.ts";
import { callOffOnward, cancelOnward } from "./cancel_onward.ts";
import type { Runtime } from "./runtime.ts";

export interface ServiceParts
  extends Pick<Runtime, "store" | "holder" | "now" | "newId" | "log" | "push">, Pick<AgentLinks, "services" | "runs"> {
  readonly agentId: string;
  readonly agents: AgentSource;
  readonly habits: Pick<DeskDeps, "repeatedMessages" | "messagesToWorking">;
}

/** The tasks of an agent, which end what was begun for them with them. */
export async function openService(parts: ServiceParts): Promise<TaskService> {
  const { push, habits, ...deps } = parts;
  const callOff = (stored: StoredTask) => callOffOnward(stored, parts);
  const service = createTaskService({ ...deps, ...habits, push: await push?.(), timers: PROCESS_TIMERS, callOff });
  return cancelOnward(service, parts);
}
