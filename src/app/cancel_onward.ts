import { hopsOf } from "../agent/many/hops.ts";
import type { A2AService, Call } from "../a2a/service.ts";
import { isInterrupted } from "../a2a/task_state.ts";
import type { Task } from "../a2a/types.ts";
import type { Log } from "../lib/log.ts";
import type { AgentSource } from "../task/agent_source.ts";
import type { TaskRun } from "../task/run.ts";
import type { TaskService } from "../task/service.ts";
import type { AgentLinks } from "./agent_links.ts";

export interface CancelOnward extends Pick<AgentLinks, "services" | "runs"> {
  /** Where the service has its agent from. */
  readonly agents: AgentSource;
  readonly log: Log;
}

/**
 * The service, which with a task also cancels those that wait for its peer because of it: of other agents here, and on
 * other servers. Whom a task at work waits for, its run leaves alone only if that one waits itself.
 */
export function cancelOnward(service: TaskService, parts: CancelOnward): TaskService {
  return {
    ...service,
    cancelTask: async (request, call) => {
      const run = parts.runs.get(request.id);
      const task = await service.cancelTask(request, call);
      try {
        if (run === undefined || await hasEndedWaiting(run)) await callOffElsewhere(task, parts);
        await callOffBelow(task, call, parts);
      } catch (error) {
        parts.log.warn("what waited together with a canceled task could not be canceled", { task: task.id, error });
      }
      return task;
    },
  };
}

/** Its turn had ended with a question before it could be canceled. */
function hasEndedWaiting({ ended }: TaskRun): Promise<boolean> {
  return ended.then(({ task }) => isInterrupted(task.status.state), () => false);
}

async function callOffElsewhere(task: Task, { agents }: CancelOnward): Promise<void> {
  const loan = agents.now();
  try {
    await loan.agent.canceled?.(task);
  } finally {
    loan.giveBack();
  }
}

async function callOffBelow(task: Task, call: Call, { services }: CancelOnward): Promise<void> {
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
