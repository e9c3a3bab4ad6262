import { answerOf, isAnswer, toolOutcomesOf } from "../../a2a/parts.ts";
import type { Part, Task } from "../../a2a/types.ts";

/** The files and data of an answer; its text is told by `answerOf`. */
export function answerPartsOf({ artifacts = [] }: Task): Part[] {
  return artifacts.filter(isAnswer).flatMap(({ parts }) => parts).filter(({ text }) => text === undefined);
}

/** What a task that waits for its peer has asked. */
export function questionPartsOf({ status: { message, state } }: Task): readonly Part[] {
  if (message !== undefined && message.parts.length > 0) return message.parts;
  return [{ text: state === "TASK_STATE_AUTH_REQUIRED" ? "It needs to know who asks." : "How shall it go on?" }];
}

/** Why a task has no answer; undefined for one that is completed. */
export function failureOfTask(agent: string, task: Task): string | undefined {
  const said = answerOf(task);
  const words = said === "" ? "" : `: ${said}`;
  switch (task.status.state) {
    case "TASK_STATE_COMPLETED":
      return undefined;
    case "TASK_STATE_REJECTED":
      return `"${agent}" refused the task${words}`;
    case "TASK_STATE_CANCELED":
      return `The task of "${agent}" was canceled${words}`;
    default: {
      // The reason stands in the status, what there is of an answer in the artifacts.
      const reason = answerOf({ ...task, artifacts: [] });
      const partial = reason !== "" && said !== reason ? `\n\nWhat it had so far:\n${said}` : "";
      return `"${agent}" could not finish the task${reason === "" ? words : `: ${reason}`}${partial}`;
    }
  }
}

/** Whether one of these tools was called in a task, and did what it does. */
export function calledTool({ history = [], status: { message } }: Task, names: ReadonlySet<string>): boolean {
  const messages = message === undefined ? history : [...history, message];
  return messages.flatMap(toolOutcomesOf).some(({ name, isError }) => names.has(name) && !isError);
}
