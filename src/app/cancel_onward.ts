import { hopsOf } from "../agent/many/hops.ts";
import type { A2AService, Call } from "../a2a/service.ts";
import type { Task } from "../a2a/types.ts";
import type { Log } from "../lib/log.ts";
import type { AgentSource } from "../task/agent_source.ts";
import type { TaskService } from "../task/service.ts";
import type { AgentLinks } from "./agent_links.ts";

export interface CancelOnward extends Pick<AgentLinks, "services" | "runs"> {
  /** Where the service has its agent from. */
  readonly agents: AgentSource;
  readonly log: Log;
}

/**
 * The service, which with a task that waited for its peer also cancels those that wait for the same: of other agents here,
 * and on other servers. A task at work sees to that itself.
 */
export function cancelOnward(service: TaskService, parts: CancelOnward): TaskService {
  return {
    ...service,
    cancelTask: async (request, call) => {
      const isAtWork = parts.runs.get(request.id) !== undefined;
      const task = await service.cancelTask(request, call);
      try {
        if (!isAtWork) await callOff(task, call, parts);
      } catch (error) {
        parts.log.warn("what waited together with a canceled task could not be canceled", { task: task.id, error });
      }
      return task;
    },
  };
}

async function callOff(task: Task, call: Call, { services, agents }: CancelOnward): Promise<void> {
  const loan = agents.now();
  try {
    await loan.agent.canceled?.(task);
  } finally {
    loan.giveBack();
  }
  for (const other of services.values()) {
    const below = await Array.fromAsync(waitingBelow(task, other, call));
    await Promise.all(below.map(({ id }) => other.cancelTask({ id }, call)));
  }
}

/** The agent's tasks that wait, and that this task has begun. */
async function* waitingBelow({ id }: Task, service: A2AService, call: Call): AsyncGenerator<Task> {
  for (const status of ["TASK_STATE_INPUT_REQUIRED", "TASK_STATE_AUTH_REQUIRED"] as const) {
    let pageToken = "";
    do {
      const page = await service.listTasks({ status, pageSize: 100, ...(pageToken === "" ? {} : { pageToken }) }, call);
      yield* page.tasks.filter(({ history }) => hopsOf(history?.[0]?.metadata).at(-1)?.task === id);
      pageToken = page.nextPageToken;
    } while (pageToken !== "");
  }
}
