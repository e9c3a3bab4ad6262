import { callOffBelow } from "../agent/many/call_off_below.ts";
import { callOf } from "../agent/many/follow_task.ts";
import { isInterrupted } from "../a2a/task_state.ts";
import type { Task } from "../a2a/types.ts";
import type { Log } from "../lib/log.ts";
import type { StoredTask } from "../store/store.ts";
import { AgentGone, type AgentSource } from "../task/agent_source.ts";
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
        await callOffBelow(task, parts.services.values(), call);
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

/** What waits because of a task that is about to end without its turn: that is called off. Never rejects. */
export async function callOffOnward({ ref, task }: StoredTask, parts: CancelOnward): Promise<void> {
  const call = callOf(ref, new AbortController().signal);
  for (
    const callOff of [() => callOffBelow(task, parts.services.values(), call), () => callOffElsewhere(task, parts)]
  ) {
    try {
      await callOff();
    } catch (error) {
      // An agent that is gone has nobody who knows of other servers.
      if (error instanceof AgentGone) continue;
      parts.log.warn("what waited together with a task that ends could not be canceled", { task: task.id, error });
    }
  }
}

async function callOffElsewhere(task: Task, { agents }: CancelOnward): Promise<void> {
  const loan = agents.now();
  try {
    await loan.agent.canceled?.(task);
  } finally {
    loan.giveBack();
  }
}
