import { z } from "zod";
import { answerOf } from "../../a2a/parts.ts";
import { isInterrupted } from "../../a2a/task_state.ts";
import type { Message, Task } from "../../a2a/types.ts";
import { type AskOptions, NeedsInput, type ToolContext, type ToolResult } from "../../tool/tool.ts";
import { childContext } from "./child_context.ts";
import type { Colleagues } from "./colleagues.ts";
import { followTask } from "./follow_task.ts";
import { hopsOf, passedOn, whyNotFurther } from "./hops.ts";
import { answerPartsOf, failureOfTask, questionPartsOf } from "./reply.ts";
import { saidSoFar } from "./said_so_far.ts";

/** What is kept while an agent that was asked waits for an answer itself. */
const Waiting = z.object({ taskId: z.string(), contextId: z.string() });

/** The agent that was asked took longer than it may. */
class TooLate extends Error {
  override readonly name = "TooLate";
}

/**
 * How `from` asks other agents of this process: each call is a task of the agent that is asked, of the same owner, begun
 * with a message whose id follows from the call. So a call that is made again after a crash finds the task that it began.
 */
export function askColleague(
  from: string,
  colleagues: Colleagues,
): (options: AskOptions, context: ToolContext) => Promise<ToolResult> {
  return async (options, context) => {
    const { agent, timeoutSeconds } = options;
    const service = colleagues.serviceOf(agent);
    if (service === undefined) throw new Error(`Cannot ask "${agent}": there is no such agent`);
    const hop = { agent: from, task: context.taskId };
    const refusal = whyNotFurther(agent, [...hopsOf(context.metadata), hop], colleagues);
    if (refusal !== undefined) throw new Error(refusal);
    const late = new AbortController();
    const over = new AbortController();
    if (timeoutSeconds !== undefined) {
      colleagues.sleep(timeoutSeconds * 1000, over.signal).then(
        () => late.abort(new TooLate(`"${agent}" took longer than ${timeoutSeconds} s; its task was canceled`)),
        () => {},
      );
    }
    const tell = saidSoFar(context.say);
    try {
      const task = await followTask({
        service,
        message: messageOf(from, options, context),
        owner: context.owner,
        signal: AbortSignal.any([context.signal, late.signal]),
        onEvent: tell,
      });
      return resultOf(agent, task);
    } finally {
      over.abort();
    }
  };
}

function messageOf(from: string, { agent, parts, conversation }: AskOptions, context: ToolContext): Message {
  const { key, contextId, owner, taskId, resumed } = context;
  const metadata = passedOn(context.metadata, { agent: from, task: taskId });
  if (resumed !== undefined) {
    const { answer, state } = resumed;
    // The answer goes to who asked: the task that waits.
    return {
      messageId: `${key}:${answer.messageId}`,
      role: "ROLE_USER",
      parts: answer.parts,
      metadata: { ...answer.metadata, ...metadata },
      ...Waiting.parse(state),
    };
  }
  const own = conversation === "new" ? { key } : {};
  return {
    messageId: key,
    role: "ROLE_USER",
    contextId: childContext({ owner, contextId, from, to: agent, ...own }),
    parts: [...parts],
    metadata,
  };
}

function resultOf(agent: string, task: Task): ToolResult {
  const { state } = task.status;
  if (isInterrupted(state)) {
    const kept = { taskId: task.id, contextId: task.contextId ?? "" };
    throw new NeedsInput(questionPartsOf(task), kept, state === "TASK_STATE_AUTH_REQUIRED" ? "auth" : "input");
  }
  const failure = failureOfTask(agent, task);
  const parts = answerPartsOf(task);
  if (failure !== undefined) return { content: failure, isError: true, parts };
  const content = answerOf(task);
  return { content: content === "" ? `"${agent}" has done the task and says nothing of it.` : content, parts };
}
