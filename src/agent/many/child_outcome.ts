import { z } from "zod";
import { answerOf } from "../../a2a/parts.ts";
import { Part, type Task } from "../../a2a/types.ts";
import { EXIT_TOOLS } from "./exit_tools.ts";
import { answerPartsOf, calledTool, failureOfTask, questionPartsOf } from "./reply.ts";

/** What came of a child's task, as a workflow keeps it. */
export const ChildOutcome = z.object({
  taskId: z.string(),
  contextId: z.string(),
  kind: z.enum(["answer", "failure", "input", "auth"]),
  /** The answer, or why there is none. */
  text: z.string(),
  /** The answer's files and data, or the question of a child that waits. */
  parts: z.array(Part),
  /** It asked for the loop to end. */
  exits: z.boolean(),
});
export type ChildOutcome = z.output<typeof ChildOutcome>;

export function childOutcome(agent: string, task: Task): ChildOutcome {
  const { id: taskId, contextId = "" } = task;
  const known = { taskId, contextId, exits: calledTool(task, EXIT_TOOLS) };
  switch (task.status.state) {
    case "TASK_STATE_INPUT_REQUIRED":
      return { ...known, kind: "input", text: "", parts: [...questionPartsOf(task)] };
    case "TASK_STATE_AUTH_REQUIRED":
      return { ...known, kind: "auth", text: "", parts: [...questionPartsOf(task)] };
    default: {
      const failure = failureOfTask(agent, task);
      if (failure !== undefined) return { ...known, kind: "failure", text: failure, parts: [] };
      return { ...known, kind: "answer", text: answerOf(task), parts: answerPartsOf(task) };
    }
  }
}
