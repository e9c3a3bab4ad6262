import type { Message, Part, Task } from "../a2a/types.ts";
import { agentMessage, isAnswer } from "../a2a/parts.ts";
import { isSettled } from "../store/fold.ts";
import type { Scope, StoredTask } from "../store/store.ts";
import type { Desk } from "./desk.ts";
import { sizeOf } from "./size_of.ts";

/** What a turn may remember. */
export interface Past {
  readonly scope: Scope;
  readonly taskId: string;
  readonly contextId: string;
  /** When the turn's message came: what was said later is not its past, however late a recovered run asks. */
  readonly at: string;
  /** The task as it was before the turn's message; absent for the message that created it. */
  readonly before?: Task;
}

/**
 * What was said in the context before a turn, oldest first: its other settled tasks in the order of their creation, then
 * the task's own earlier turns. Bounded in tasks and bytes, and the newest stay; a task is never told in part.
 */
export async function contextHistory(desk: Pick<Desk, "store" | "limits">, past: Past): Promise<Message[]> {
  const { maxHistoryTasks, maxHistoryBytes } = desk.limits;
  const own = past.before === undefined ? [] : messagesOf(past.before);
  const told: Message[][] = [own];
  let bytes = sizeOf(own);
  for await (const stored of desk.store.contexts.tasks(past.scope, past.contextId)) {
    if (told.length > maxHistoryTasks) break;
    if (!isPast(stored, past)) continue;
    const messages = messagesOf(stored.task);
    bytes += sizeOf(messages);
    if (bytes > maxHistoryBytes) break;
    told.push(messages);
  }
  return told.reverse().flat();
}

function isPast({ ref, task: { status } }: StoredTask, { taskId, at }: Past): boolean {
  return ref.id !== taskId && isSettled(status.state) && (status.timestamp ?? "") <= at;
}

/** A task as a conversation: its messages (tool calls and outcomes among them), its answer, and what its status says. */
function messagesOf({ id, contextId, history = [], artifacts = [], status }: Task): Message[] {
  const answer = artifacts.filter(isAnswer).flatMap(({ parts }, at): Part[] =>
    at === 0 ? parts : [{ text: "\n\n" }, ...parts]
  );
  const ids = { messageId: `${id}:answer`, contextId, taskId: id };
  return [
    ...history,
    ...(answer.length === 0 ? [] : [agentMessage(answer, ids)]),
    ...(status.message === undefined ? [] : [status.message]),
  ];
}
