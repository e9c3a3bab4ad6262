import { approvalRequestsOf, decisionPart } from "../a2a/approval.ts";
import type { Call } from "../a2a/service.ts";
import { isInterrupted } from "../a2a/task_state.ts";
import type { Message } from "../a2a/types.ts";
import { type Desk, findTask, requireOpen } from "./desk.ts";
import { proceed } from "./proceed.ts";

/** One tool call of a task. */
export interface ToolCallRef {
  readonly taskId: string;
  readonly callId: string;
}

/**
 * Ends one tool call; its task goes on, and its model reads that the call was canceled. One that waits for a yes is denied.
 * false where there is no such call, or it is over. Throws TASK_NOT_FOUND.
 */
export async function cancelCall(desk: Desk, { taskId, callId }: ToolCallRef, call: Call): Promise<boolean> {
  const { task } = await findTask(desk, call, taskId);
  const run = desk.runs.get(taskId);
  if (run !== undefined) return run.cancelCall(callId);
  const { state, message } = task.status;
  const waiting = message === undefined || !isInterrupted(state) ? [] : approvalRequestsOf(message);
  const request = waiting.find((each) => each.callId === callId || each.id === callId);
  if (request === undefined) return false;
  requireOpen(desk);
  const denial: Message = {
    messageId: desk.newId(),
    role: "ROLE_USER",
    parts: [decisionPart(request, { approved: false, reason: "the user canceled it" })],
  };
  await proceed(desk, { request: { message: denial }, claim: undefined, taskId }, call);
  return true;
}
