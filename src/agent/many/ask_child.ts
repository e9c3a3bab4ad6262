import { A2AError } from "../../a2a/errors.ts";
import { answerOf } from "../../a2a/parts.ts";
import type { A2AService } from "../../a2a/service.ts";
import type { Task } from "../../a2a/types.ts";
import type { TaskOwner } from "../../tool/tool.ts";
import { type ChildOutcome, childOutcome } from "./child_outcome.ts";
import { cancelQuietly, type FollowTask, followTask } from "./follow_task.ts";

export interface AskChild extends Omit<FollowTask, "onEvent"> {
  /** Hears its answer, as it is after each event. */
  readonly tell: (text: string) => Promise<void>;
}

/** Says a message to a child of a workflow. One that cannot be asked is like one that failed. */
export async function askChild(agent: string, { tell, ...ask }: AskChild): Promise<ChildOutcome> {
  try {
    const task = await followTask({
      ...ask,
      onEvent: ({ id, status: { state }, artifacts = [] }) => tell(answerOf({ id, status: { state }, artifacts })),
    });
    return childOutcome(agent, task);
  } catch (thrown) {
    if (!(thrown instanceof A2AError)) throw thrown;
    return { taskId: "", contextId: "", kind: "failure", text: thrown.message, parts: [], exits: false };
  }
}

/** A child whose question nobody will answer has nothing to wait for. */
export async function dropChild(
  service: A2AService | undefined,
  task: Pick<Task, "id">,
  owner: TaskOwner,
): Promise<void> {
  if (service !== undefined) await cancelQuietly(service, task, owner);
}
