import { answerOf } from "../../a2a/parts.ts";
import type { Task } from "../../a2a/types.ts";

/** Tells piece by piece what a task answers, from its folds. What is rewritten is told anew, behind an empty line. */
export function saidSoFar(say: (delta: string) => Promise<void>): (task: Task) => Promise<void> {
  let said = "";
  return async (task) => {
    const text = (task.artifacts ?? []).length === 0 ? "" : answerOf({ ...task, status: { state: task.status.state } });
    if (text === said) return;
    const delta = text.startsWith(said) ? text.slice(said.length) : `\n\n${text}`;
    said = text;
    await say(delta);
  };
}
